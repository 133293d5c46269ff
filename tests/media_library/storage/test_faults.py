"""A storage that is away, or answers nonsense, at each step: nothing half, nothing left, and it catches up."""

import logging
import threading
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from media_library import jobs
from media_library.deletion import delete_asset, remove_due_files
from media_library.models import Asset, CustomImage, FileRemoval, ProcessingJob
from media_library.storage import walk
from tests.cloudinary_server import answers
from tests.media import photo_bytes, photo_file

pytestmark = pytest.mark.django_db

AWAY = answers(503, {"error": {"message": "Service Unavailable"}})


@pytest.fixture
def later():
    """What was put off is due."""

    def set_due() -> None:
        FileRemoval.objects.update(not_before=timezone.now())
        ProcessingJob.objects.update(available_at=timezone.now())

    return set_due


def everything(server: Any) -> set[str]:
    return {key[2] for key in server.resources}


def upload(client: Any) -> Any:
    return client.post("/api/media/", {"file": ContentFile(photo_bytes(80, 60), name="harbour.jpg")})


def test_editor_reads_that_the_storage_is_away_and_nothing_is_left(admin_client, cloudinary_library):
    cloudinary_library.faults.extend([AWAY] * 50)

    response = upload(admin_client)

    assert response.status_code == 503
    assert "can't store this file just now" in response.json()["detail"]
    assert not Asset.objects.exists()
    assert cloudinary_library.resources == {}


def test_what_a_failed_upload_left_is_removed_later(admin_client, cloudinary_library, later):
    # The original is there; then nothing works any more, not even cleaning up.
    cloudinary_library.faults.extend([None] + [AWAY] * 50)
    assert upload(admin_client).status_code == 503
    assert everything(cloudinary_library)
    cloudinary_library.faults.clear()

    later()
    remove_due_files()

    assert cloudinary_library.resources == {}
    assert not FileRemoval.objects.exists()


def test_upload_that_is_tried_again_keeps_its_files(admin_client, cloudinary_library, later, develop):
    cloudinary_library.faults.extend([None, AWAY, AWAY, AWAY])
    assert upload(admin_client).status_code == 503
    cloudinary_library.faults.clear()
    assert upload(admin_client).status_code == 201
    image = CustomImage.objects.get()
    develop(image)

    later()
    remove_due_files()

    names = {image.file.name, *image.renditions.values_list("file", flat=True)}
    assert {one.name for alias in ("default", "originals") for one in walk(storages[alias])} == names


def test_work_is_tried_again_once_the_storage_answers(cloudinary_library, photo, later, develop):
    job = ProcessingJob.objects.get()
    cloudinary_library.faults.extend([AWAY] * 50)
    jobs.run(job.pk)
    cloudinary_library.faults.clear()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (ProcessingJob.State.QUEUED, 0)

    later()
    develop(photo)

    assert photo.status == "ready"


def test_failed_deletion_is_told_and_done_later(
    cloudinary_library, photo, later, caplog, django_capture_on_commit_callbacks
):
    cloudinary_library.faults.extend([AWAY] * 50)
    with caplog.at_level(logging.INFO, "media_library.deletion"), django_capture_on_commit_callbacks(execute=True):
        delete_asset(photo)
    cloudinary_library.faults.clear()

    assert FileRemoval.objects.filter(attempts=1).exists()
    assert "failed in attempt 1" in caplog.text
    assert "Traceback" in caplog.text
    assert f"cloudinary=True public_id='site/originals/{photo.file.name}'" in caplog.text
    later()
    remove_due_files()
    assert cloudinary_library.resources == {}


@pytest.mark.parametrize("alias", ["default", "originals"])
def test_slow_storage_is_given_up(cloudinary_library, monkeypatch, alias):
    monkeypatch.setattr("media_library.storage.cloudinary.SECONDS", 0.2)
    given_up, waited_for = threading.Event(), []

    def hang():
        waited_for.append(not given_up.wait(60))
        # Nothing that comes too late may be kept, for the tests after this.
        return AWAY()

    cloudinary_library.faults.extend([hang] * 9)
    try:
        with pytest.raises(OSError, match="Cloudinary"):
            storages[alias].save("document/9/1/0123456789ab-menu.pdf", ContentFile(b"menu"))
        assert waited_for == []
    finally:
        given_up.set()


def test_s3_that_is_away_is_told_to_the_editor(admin_client, s3_environment, monkeypatch, settings):
    from cms.media_storages import s3
    from tests.processes import free_port
    from tests.storages import Environment, use_storages

    nobody = {"S3_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    monkeypatch.setattr("media_library.storage.s3.ATTEMPTS", 1)
    use_storages(monkeypatch, settings, s3(Environment(s3_environment | nobody)))

    response = upload(admin_client)

    assert response.status_code == 503
    assert not Asset.objects.exists()


def test_library_in_s3_loses_nothing_when_an_asset_is_deleted(
    s3_library, s3_server, develop, django_capture_on_commit_callbacks
):
    image = CustomImage(title="Pier", file=photo_file())
    image.save()
    develop(image)

    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(image)

    assert "Contents" not in s3_server.client().list_objects_v2(Bucket=s3_library)
