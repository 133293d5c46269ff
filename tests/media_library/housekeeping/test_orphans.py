"""Files without rows and rows without files: found, told, and on demand put right."""

import os
import time
from io import StringIO
from pathlib import Path

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.core.management import call_command
from moto import mock_aws

from media_library.conf import conf
from media_library.housekeeping.orphans import Sweep, last_sweep
from media_library.models import Asset, OrphanSweep, PosterRendition, ProcessingJob, Sidecar
from media_library.models.files import originals_storage, public_storage
from media_library.storage import walk
from media_library.storage.s3 import S3Renditions
from media_library.superseding import supersede
from media_library.video.tracks import save_track
from tests.tracks import make_track

pytestmark = pytest.mark.django_db

State = ProcessingJob.State


def store(storage: FileSystemStorage, name: str, hours: float = 48) -> str:
    """A file that was written so many hours ago."""
    path = Path(storage.path(storage.save(name, ContentFile(b"12345"))))
    os.utime(path, (time.time() - hours * 3600,) * 2)
    return name


def age(hours: float = 48) -> None:
    """Everything there is was written long ago."""
    for storage in (public_storage(), originals_storage()):
        for file in walk(storage):
            os.utime(storage.path(file.name), (time.time() - hours * 3600,) * 2)


def sweep(*options: str) -> str:
    out = StringIO()
    call_command("sweep_orphans", *options, stdout=out, verbosity=0)
    return out.getvalue()


def findings() -> dict:
    return OrphanSweep.objects.latest("pk").findings


def test_library_in_order_has_no_orphans(photo, develop):
    develop(photo)
    age()

    assert "0 public files without a row" in sweep("--delete")
    found = findings()
    assert [found[one]["count"] for one in ("public", "originals", "missing", "lost")] == [0, 0, 0, 0]
    assert found["files"] > 20
    assert Asset.objects.get().specific.renditions.count() == found["rows"] - 1


def test_file_without_a_row_is_told_and_stays_until_somebody_says_delete(photo):
    age()
    orphan = store(public_storage(), "999/1/w320-0123456789ab.avif")
    upload = store(originals_storage(), "image/999/1/0123456789ab-gone.jpg")

    assert orphan in sweep()
    assert public_storage().exists(orphan)
    assert findings()["public"] == {"count": 1, "bytes": 5, "examples": [orphan]}

    sweep("--delete")
    assert not public_storage().exists(orphan)
    assert not originals_storage().exists(upload)
    assert originals_storage().exists(photo.file.name)
    assert last_sweep().deleted


def test_young_files_are_never_touched(photo):
    orphan = store(public_storage(), f"{photo.pk}/1/w320-0123456789ab.avif", hours=20)
    sweep("--delete")
    assert public_storage().exists(orphan)

    sweep("--delete", "--hours=10")
    assert not public_storage().exists(orphan)


def test_superseded_files_stay_for_their_time(photo):
    name = store(public_storage(), f"{photo.pk}/1/w320-0123456789ab.avif")
    supersede(photo, [name])
    sweep("--delete")
    assert public_storage().exists(name)


def test_files_of_an_asset_that_a_worker_is_at_stay(photo):
    name = store(public_storage(), f"{photo.pk}/1/w320-0123456789ab.avif")
    photo.jobs.update(state=State.RUNNING)
    sweep("--delete")
    assert public_storage().exists(name)


@pytest.mark.parametrize(
    "name", ["robots.txt", "avatar_images/ada.jpg", "wagtail_uploaded_files/a.jpg", "1" * 30 + "/a"]
)
def test_files_that_are_not_the_librarys_are_none_of_its_business(photo, name):
    store(public_storage(), name)
    sweep("--delete")
    assert public_storage().exists(name)


def test_original_that_wagtail_stored_before_its_row_is_known_by_its_name(photo):
    name = store(originals_storage(), "image/new/0/0123456789ab-harbour.jpg")
    lost = store(originals_storage(), "image/new/0/ba9876543210-lost.jpg")
    type(photo).objects.filter(pk=photo.pk).update(file=name)
    sweep("--delete")
    assert originals_storage().exists(name)
    assert not originals_storage().exists(lost)


def test_leftovers_of_unfinished_work_go_and_uploads_in_progress_stay(settings, tmp_path: Path):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"WORK_DIR": tmp_path}

    def leave(name: str, hours: float) -> Path:
        path = conf.work_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
        for one in (path, path.parent):
            os.utime(one, (time.time() - hours * 3600,) * 2)
        return path

    upload, work = leave("tmp1.upload", 48), leave("transcode-7/360p.mp4", 48)
    young, resumable = leave("webm-8/film.webm", 1), leave("uploads/part", 48)
    sweep("--delete", "--hours=24")

    # The folder itself was touched when the file was aged.
    assert not work.exists()
    assert young.exists()
    assert resumable.exists()
    assert not upload.exists()
    assert findings()["temporary"]["count"] >= 2


def test_lost_rendition_is_told_and_made_again_on_demand(photo, develop):
    develop(photo)
    lost = photo.renditions.filter(preset="ladder").first()
    Path(lost.file.path).unlink()
    assert "1 rows whose file is gone" in sweep()
    assert photo.renditions.filter(pk=lost.pk).exists()

    assert "1 assets and captions are made again" in sweep("--repair")
    develop(photo)
    again = photo.renditions.get(filter_spec=lost.filter_spec, focal_point_key=lost.focal_point_key)
    assert Path(again.file.path).exists()


def test_dead_row_is_dropped_and_nothing_queued_without_repair(photo, develop):
    develop(photo)
    lost = photo.renditions.filter(preset="ladder").first()
    Path(lost.file.path).unlink()
    sweep("--delete")
    assert not photo.renditions.filter(pk=lost.pk).exists()
    assert not ProcessingJob.objects.filter(state=State.QUEUED).exists()


def test_lost_original_is_reported_and_its_row_never_dropped(photo, film):
    Path(photo.file.path).unlink()
    assert f"{photo.pk}: Harbour" in sweep("--delete", "--repair")
    assert findings()["lost"]["count"] == 1
    assert Asset.objects.filter(pk=photo.pk).exists()


def test_lost_poster_and_waveform_are_rows_without_files_too(film):
    store(public_storage(), f"{film.pk}/1/there-0123456789ab.webp")
    poster = {"filter_spec": "width-320|format-webp", "width": 320, "height": 180}
    PosterRendition.objects.create(asset=film, version=1, file_size=5, file=f"{film.pk}/1/poster-0.webp", **poster)
    Sidecar.objects.create(asset=film, version=1, file_size=5, kind="waveform", file=f"{film.pk}/1/waveform-0.json")
    sweep("--repair")

    assert findings()["missing"]["count"] == 2
    assert not PosterRendition.objects.exists()
    assert film.jobs.filter(state=State.QUEUED).exists()


def test_captions_are_written_again_from_their_text(film):
    track = make_track(film)
    save_track(track)
    store(public_storage(), f"{film.pk}/1/there-0123456789ab.webp")
    public_storage().delete(track.file.name)
    sweep("--repair")
    assert public_storage().open(track.file.name).read().decode() == track.text


def test_storage_that_is_not_there_drops_no_row(photo, develop, settings):
    develop(photo)
    before = photo.renditions.count()
    Path(settings.MEDIA_ROOT).rename(f"{settings.MEDIA_ROOT}-away")
    try:
        sweep("--delete", "--repair")
    finally:
        Path(f"{settings.MEDIA_ROOT}-away").rename(settings.MEDIA_ROOT)
    assert photo.renditions.count() == before
    assert findings()["missing"]["count"] == before


def test_queries_dont_grow_with_the_number_of_files(photo, django_assert_max_num_queries):
    age()
    for number in range(100):
        store(public_storage(), f"{1000 + number}/1/w320-0123456789ab.avif")
    with django_assert_max_num_queries(45):
        Sweep().run()


def test_bucket_is_listed_a_thousand_at_a_time_with_sizes_and_times(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="library")
        storage = S3Renditions(bucket_name="library", location="media", region_name="us-east-1")
        for number in range(3):
            storage.save(f"{number}/1/w320.avif", ContentFile(b"12345"))
        found = {file.name: file for file in walk(storage)}
        assert sorted(found) == ["0/1/w320.avif", "1/1/w320.avif", "2/1/w320.avif"]
        assert found["0/1/w320.avif"].size == 5
        assert found["0/1/w320.avif"].modified == storage.get_modified_time("0/1/w320.avif")
        assert [file.name for file in walk(storage, "1")] == ["1/1/w320.avif"]


class RemoteStorage(Storage):
    """A storage of some other kind: it does what Django asks of one, and has no paths."""

    def __init__(self, inner: Storage):
        self.listdir, self.size, self.get_modified_time = inner.listdir, inner.size, inner.get_modified_time


def test_any_other_storage_is_walked_folder_by_folder(tmp_path):
    local = FileSystemStorage(tmp_path)
    for name in ("7/1/a.avif", "7/1/b.avif", "top.txt"):
        local.save(name, ContentFile(b"12345"))
    found = {(file.name, file.size) for file in walk(RemoteStorage(local))}
    assert found == {("7/1/a.avif", 5), ("7/1/b.avif", 5), ("top.txt", 5)}
