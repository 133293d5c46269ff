"""Folders and buckets into the library: resumable, and a broken file harms no other."""

import os
from io import StringIO
from pathlib import Path

import boto3
import pytest
from django.core.management import CommandError, call_command
from moto import mock_aws
from wagtail.models import Collection

from media_library.importing.sources import Folder
from media_library.models import Asset, Audio, CustomDocument, CustomImage, ImportedFile, ProcessingJob
from tests.media import photo_bytes, sound_bytes

pytestmark = pytest.mark.django_db

State = ImportedFile.State


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five files in three folders, two of them broken, and what systems leave lying around."""
    root = tmp_path / "import"
    files = {
        "harbour.jpg": photo_bytes(320, 240),
        "2024/Rügen/boats 🚤.jpg": photo_bytes(330, 240),
        "2024/bells.wav": sound_bytes(),
        "2024/leaflet.pdf": b"%PDF-1.7 a leaflet",
        "2024/broken.jpg": photo_bytes(340, 240)[:500],
        "empty.png": b"",
        ".DS_Store": b"\0",
        ".git/config": b"[core]",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def run(source, *options: str) -> str:
    out = StringIO()
    call_command("import_media", str(source), *options, stdout=out, verbosity=0)
    return out.getvalue()


def test_each_file_goes_through_intake_and_a_broken_one_fails_alone(folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        told = run(folder)

    assert "4 imported, 0 in the library before, 0 done by an earlier run, 2 failed." in told, told
    assert "empty.png: This file is empty. Choose the file again, or export it anew." in told
    assert "broken.jpg: " in told
    assert {one.filename for one in CustomImage.objects.all()} == {"harbour.jpg", "boats 🚤.jpg"}
    assert Audio.objects.get().title == "bells"
    assert CustomDocument.objects.get().mime_type == "application/pdf"
    assert ProcessingJob.objects.filter(asset__kind="image").count() == 2
    assert ImportedFile.objects.filter(state=State.FAILED, asset=None).count() == 2


def test_second_run_does_what_failed_and_what_has_changed_and_nothing_else(folder):
    run(folder)
    (folder / "2024/broken.jpg").write_bytes(photo_bytes(340, 240))
    changed = folder / "harbour.jpg"
    changed.write_bytes(photo_bytes(350, 240))
    os.utime(changed, (1, 1))

    assert "2 imported, 0 in the library before, 3 done by an earlier run, 1 failed." in run(folder)
    assert CustomImage.objects.count() == 4


def test_run_that_was_stopped_goes_on_where_it_stopped(folder, monkeypatch):
    seen = []
    save = CustomImage.save

    def stop_at_the_second(self, *args, **kwargs):
        seen.append(self)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return save(self, *args, **kwargs)

    monkeypatch.setattr(CustomImage, "save", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    assert CustomImage.objects.count() == 1
    monkeypatch.undo()

    assert "1 imported, 0 in the library before, 3 done" in run(folder)
    assert CustomImage.objects.count() == 2


def test_folders_become_collections_once(folder, root_collection):
    base = root_collection.add_child(instance=Collection(name="Archive"))
    run(folder, "--collection=Archive", "--folders")

    year = Collection.objects.get(name="2024")
    assert year.get_parent() == base
    assert CustomImage.objects.get(filename="boats 🚤.jpg").collection.get_parent() == year
    assert CustomImage.objects.get(filename="harbour.jpg").collection == base

    (folder / "2024" / "Rügen" / "more.jpg").write_bytes(photo_bytes(360, 240))
    run(folder, "--collection=Archive", "--folders")
    assert Collection.objects.filter(name="Rügen").count() == 1


def test_tags_and_uploader_are_noted(folder, admin_user):
    run(folder, "--tag=Archive", "--tag=2024", "--user=ada")
    image = CustomImage.objects.get(filename="harbour.jpg")
    assert set(image.tags.names()) == {"Archive", "2024"}
    assert image.uploaded_by_user == admin_user
    assert CustomImage.objects.search("Archive").count() == 2


@pytest.mark.parametrize(("duplicates", "tags"), [("skip", set()), ("link", {"Archive"})])
def test_what_the_library_has_is_not_taken_twice(folder, tmp_path, duplicates, tags):
    run(folder)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "same.jpg").write_bytes((folder / "harbour.jpg").read_bytes())

    assert "0 imported, 1 in the library before" in run(copy, f"--duplicates={duplicates}", "--tag=Archive")
    existing = CustomImage.objects.get(filename="harbour.jpg")
    assert ImportedFile.objects.get(location__endswith="same.jpg").asset_id == existing.pk
    assert set(existing.tags.names()) == tags


def test_duplicates_are_taken_when_that_is_wanted(folder, tmp_path):
    (folder / "again.jpg").write_bytes((folder / "harbour.jpg").read_bytes())
    assert "5 imported" in run(folder, "--duplicates=import")


def test_file_that_is_too_large_is_not_even_fetched(folder, settings, monkeypatch):
    for name in ("MAX_VIDEO_BYTES", "MAX_AUDIO_BYTES", "MAX_DOCUMENT_BYTES"):
        settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {name: 10}
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10
    (folder / "empty.png").unlink()
    monkeypatch.setattr(Folder, "open", None)
    assert "This file is too large" in run(folder)


def test_full_disk_leaves_nothing_behind(folder, monkeypatch, public_files):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("media_library.storage.PrivateFileSystemStorage._save", full)
    assert "harbour.jpg: The file can't be read or stored: No space left on device." in run(folder)
    assert not Asset.objects.exists()
    assert public_files() == set()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["/nowhere/at/all"], "There is no folder"),
        (["tests", "--collection=Nothing"], "0 collections are called 'Nothing'"),
        (["tests", "--user=nobody"], "There is no user 'nobody'"),
        (["tests", f"--tag={'a' * 101}"], "100 characters"),
    ],
)
def test_mistakes_in_the_command_are_told_before_anything_happens(options, reason):
    with pytest.raises(CommandError, match=reason):
        run(*options)


def test_bucket_is_imported_and_not_fetched_twice(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="archive")
        for key, data in {
            "photos/2024/harbour.jpg": photo_bytes(320, 240),
            "photos/broken.jpg": b"\xff\xd8\xff\xe0",
            "elsewhere/other.jpg": photo_bytes(330, 240),
        }.items():
            client.put_object(Bucket="archive", Key=key, Body=data)

        assert "1 imported, 0 in the library before, 0 done by an earlier run, 1 failed" in run(
            "s3://archive/photos", "--folders"
        )
        assert CustomImage.objects.get().collection.name == "2024"
        assert ImportedFile.objects.filter(location="s3://archive/photos/2024/harbour.jpg").exists()
        assert "0 imported, 0 in the library before, 1 done by an earlier run, 1 failed" in run("s3://archive/photos")
        with pytest.raises(CommandError, match="The bucket does not answer"):
            run("s3://no-such-bucket")
