"""No file is left when an asset goes, none is lost when it stays, and a storage that fails is asked again."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.utils import timezone

from media_library.deletion import delete_asset, remove_due_files
from media_library.deletion.removal import file_fields, models_with_files
from media_library.models import (
    Asset,
    Audio,
    CustomDocument,
    CustomImage,
    CustomRendition,
    FileRemoval,
    SupersededFile,
    Track,
    Transcode,
    Video,
)
from media_library.models.files import public_storage
from media_library.superseding import supersede
from media_library.video.tracks import save_track


def originals() -> set[str]:
    root = settings.DATA_DIR / "originals"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def deletions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of which storages were told to delete, in that order."""
    names = []
    delete = FileSystemStorage.delete

    def note(self: FileSystemStorage, name: str) -> None:
        names.append(name)
        delete(self, name)

    monkeypatch.setattr(FileSystemStorage, "delete", note)
    return names


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Let storages answer 500, or not any more."""
    delete = FileSystemStorage.delete

    def fail(self: FileSystemStorage, name: str) -> None:
        raise OSError("500 Internal Server Error")

    def set_broken(is_broken: bool) -> None:
        monkeypatch.setattr(FileSystemStorage, "delete", fail if is_broken else delete)

    return set_broken


def test_every_model_with_files_but_captions_is_selected():
    with_files = {model for model in apps.get_app_config("media_library").get_models() if file_fields(model)}

    assert {CustomImage, CustomDocument, Video, Audio, CustomRendition, Transcode} < with_files
    assert set(models_with_files()) == with_files - {Track}


def test_film_leaves_no_file_and_each_is_deleted_once(
    film: Video, develop: Callable, public_files: Callable, deletions: list[str], django_capture_on_commit_callbacks
):
    develop(film)
    save_track(Track(asset=film.asset_ptr, language="en", text="WEBVTT\n\n00:01.000 --> 00:02.000\nTide\n"))
    public_storage().save(f"{film.pk}/1/stray-from-a-dead-attempt.mp4", ContentFile(b"stray"))
    supersede(film, [public_storage().save(f"{film.pk}/0/old.mp4", ContentFile(b"old"))])
    before = public_files() | originals()
    assert len(before) > 10
    deletions.clear()

    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(film)

    assert not public_files() | originals()
    assert sorted(deletions) == sorted(before)
    assert not FileRemoval.objects.exists()
    assert not SupersededFile.objects.exists()


@pytest.mark.parametrize("kind", ["image", "audio", "document"])
def test_every_kind_goes_with_its_files(
    kind: str,
    request: pytest.FixtureRequest,
    db: None,
    public_files: Callable,
    deletions: list[str],
    django_capture_on_commit_callbacks,
):
    if kind == "document":
        asset = CustomDocument(title="Prices", file=ContentFile(b"Prices", name="prices.txt"))
        asset.save()
    else:
        asset = request.getfixturevalue({"image": "photo", "audio": "sound"}[kind])
    before = public_files() | originals()
    deletions.clear()

    with django_capture_on_commit_callbacks(execute=True):
        asset.delete()

    assert not public_files() | originals()
    assert sorted(deletions) == sorted(before)


def test_each_step_is_logged(photo: CustomImage, caplog, django_capture_on_commit_callbacks):
    name, asset_id = photo.file.name, photo.pk
    with caplog.at_level(logging.INFO, "media_library.deletion"), django_capture_on_commit_callbacks(execute=True):
        delete_asset(photo)

    told = (
        f"asset={asset_id} storage=originals backend=PrivateFileSystemStorage cloudinary=False public_id=''"
        f" what='image' file='{name}' result="
    )
    steps = [line.removeprefix(told) for line in caplog.messages if line.startswith(told)]
    assert steps == ["'to be removed once this is committed'", "'attempt 1'", "'removed'"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_is_lost_when_the_deletion_is_rolled_back(photo: CustomImage, public_files: Callable):
    before = public_files() | originals()

    with pytest.raises(OSError, match="full"), transaction.atomic():
        delete_asset(photo)
        raise OSError("The disk is full.")

    assert public_files() | originals() == before
    assert CustomImage.objects.get().file.name == photo.file.name
    assert not FileRemoval.objects.exists()


def test_storage_that_fails_is_asked_again(
    photo: CustomImage, public_files: Callable, broken: Callable, caplog, django_capture_on_commit_callbacks
):
    broken(True)
    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(photo)

    assert not Asset.objects.exists()
    assert public_files() | originals()
    # One of each storage was tried, and the others wait.
    tried = FileRemoval.objects.filter(attempts=1).values_list("storage", "last_error").order_by("storage")
    error = "OSError: 500 Internal Server Error"
    assert list(tried) == [("default", error), ("originals", error)]
    assert "Traceback" in caplog.text

    assert remove_due_files() == 0, "too early"
    first = FileRemoval.objects.get(attempts=1, storage="default")
    FileRemoval.objects.filter(pk=first.pk).update(not_before=timezone.now())
    assert remove_due_files() == 0
    first.refresh_from_db()
    assert first.attempts == 2
    assert first.not_before > timezone.now() + timedelta(seconds=100)

    broken(False)
    FileRemoval.objects.update(not_before=timezone.now())
    assert remove_due_files() > 0
    assert not public_files() | originals()
    assert not FileRemoval.objects.exists()


def test_file_that_is_gone_already_is_no_failure(photo: CustomImage, django_capture_on_commit_callbacks):
    Path(photo.file.path).unlink()

    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(photo)

    assert not FileRemoval.objects.exists()


def test_file_that_is_named_again_stays(
    photo: CustomImage, public_files: Callable, broken: Callable, django_capture_on_commit_callbacks
):
    rendition = photo.renditions.first()
    broken(True)
    with django_capture_on_commit_callbacks(execute=True):
        rendition.delete()
    rendition.pk = None
    rendition.save()
    broken(False)
    FileRemoval.objects.update(not_before=timezone.now())

    assert remove_due_files() == 1
    assert rendition.file.name in public_files()


def test_original_that_no_version_keeps_goes_after_commit(film: Video, settings, django_capture_on_commit_callbacks):
    settings.MEDIA_LIBRARY = {"KEEP_VERSIONS": 0}
    document = CustomDocument(title="Prices", file=ContentFile(b"Old prices", name="prices.txt"))
    document.save()
    kept = film.file.name

    with django_capture_on_commit_callbacks(execute=True):
        document.file = ContentFile(b"New prices", name="prices.txt")
        document.save()

    assert originals() == {kept, document.file.name}
