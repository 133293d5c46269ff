import errno
import threading
import time
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone

from media_library import jobs
from media_library.exceptions import ProcessingError, UnacceptableFile
from media_library.jobs import record
from media_library.jobs.lease import Lease, claim
from media_library.jobs.work import WORK
from media_library.models import Asset, CustomImage, CustomRendition, ProcessingJob, SupersededFile
from media_library.models.files import public_storage
from tests.media import photo_file

pytestmark = pytest.mark.django_db

State = ProcessingJob.State


@pytest.fixture
def job(photo) -> ProcessingJob:
    return photo.jobs.get()


def _work_that(error: BaseException):
    def work(asset, report):
        raise error

    return work


def _expire(job: ProcessingJob) -> None:
    ProcessingJob.objects.filter(pk=job.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def _is_owned_again(job: ProcessingJob, since: datetime) -> bool:
    """Say whether the lease comes to end after this moment, before which it had ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job.refresh_from_db()
        if job.lease_expires_at > since:
            return True
        time.sleep(0.05)
    return False


def test_new_image_has_one_queued_job(photo):
    assert list(photo.jobs.values_list("operation", "version", "state")) == [("develop_image", 1, "queued")]


def test_new_film_has_a_job_for_its_poster_and_two_for_itself(film):
    assert set(film.jobs.values_list("operation", flat=True)) == {"make_poster", "transcode_video", "make_webm"}


def test_done_job_makes_the_asset_ready(photo, job):
    assert jobs.run(job.pk)

    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.progress, job.attempts) == (State.DONE, 1.0, 1)
    assert job.finished_at is not None
    assert photo.status == "ready"


def test_film_is_ready_only_when_all_its_jobs_are_done(film):
    poster, _webm, transcode = film.jobs.order_by("operation")

    jobs.run(poster.pk)
    film.refresh_from_db()
    assert film.status == "processing"

    jobs.run(transcode.pk)
    film.refresh_from_db()
    assert film.status == "ready"


def test_message_that_comes_twice_does_the_work_once(job):
    assert jobs.run(job.pk)
    assert not jobs.run(job.pk)


def test_job_can_be_claimed_once(job):
    assert claim(job.pk) is not None
    assert claim(job.pk) is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_with_the_same_message_one_gets_the_job(job):
    claims = []

    def worker() -> None:
        try:
            claims.append(claim(job.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(one is not None for one in claims) == 1


def test_claimed_asset_is_processing(photo, job):
    claim(job.pk)

    photo.refresh_from_db()
    assert photo.status == "processing"


def test_damaged_file_fails_at_once_with_its_reason(photo, job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(UnacceptableFile("This picture is damaged.")))

    jobs.run(job.pk)

    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 1)
    assert (photo.status, photo.status_reason) == ("failed", "This picture is damaged.")


@override_settings(MEDIA_LIBRARY={"JOB_BACKOFF_SECONDS": 10})
def test_passing_trouble_is_tried_again_after_a_wait_that_doubles(job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(ProcessingError("Try later.")))
    waits = []
    for _ in range(3):
        ProcessingJob.objects.update(available_at=timezone.now())
        jobs.run(job.pk)
        job.refresh_from_db()
        waits.append(round((job.available_at - timezone.now()).total_seconds()))

    assert job.state == State.QUEUED
    assert waits == [pytest.approx(10, abs=1), pytest.approx(20, abs=1), pytest.approx(40, abs=1)]


@override_settings(MEDIA_LIBRARY={"JOB_MAX_ATTEMPTS": 2})
def test_last_attempt_that_goes_wrong_fails_the_asset(photo, job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(ProcessingError("The disk is full.")))
    for _ in range(2):
        ProcessingJob.objects.update(available_at=timezone.now())
        jobs.run(job.pk)

    photo.refresh_from_db()
    assert (photo.status, photo.status_reason) == ("failed", "The disk is full.")


@override_settings(MEDIA_LIBRARY={"JOB_MAX_ATTEMPTS": 2})
@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://bucket.example.org"),
        ClientError({"ResponseMetadata": {"HTTPStatusCode": 503}}, "PutObject"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=["unreachable", "overloaded", "full"],
)
def test_storage_that_is_away_costs_no_attempt_however_long_it_takes(photo, job, monkeypatch, error):
    with monkeypatch.context() as patched:
        patched.setitem(WORK, "develop_image", _work_that(error))
        for _ in range(4):
            ProcessingJob.objects.update(available_at=timezone.now())
            assert jobs.run(job.pk)
    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.attempts, photo.status) == (State.QUEUED, 0, "processing")
    assert "tried again by itself" in job.reason
    assert not jobs.reap()

    ProcessingJob.objects.update(available_at=timezone.now())
    assert [one.pk for one in jobs.reap()] == [job.pk]
    jobs.run(job.pk)

    photo.refresh_from_db()
    assert photo.status == "ready"


@override_settings(MEDIA_LIBRARY={"JOB_MAX_ATTEMPTS": 1, "JOB_AWAY_HOURS": 1})
def test_storage_that_stays_away_for_days_fails_the_asset_with_a_sentence(photo, job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(OSError(errno.EROFS, "Read-only file system")))
    ProcessingJob.objects.update(created_at=timezone.now() - timedelta(hours=2))

    jobs.run(job.pk)

    photo.refresh_from_db()
    assert photo.status == "failed"
    assert "not the fault of this file" in photo.status_reason


def test_job_that_waits_for_its_next_try_cannot_be_claimed_before(job):
    ProcessingJob.objects.update(available_at=timezone.now() + timedelta(minutes=1))

    assert not jobs.run(job.pk)


def test_unforeseen_error_is_recorded_with_its_traceback_and_raised(photo, job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(ZeroDivisionError("a bug")))

    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk)

    job.refresh_from_db()
    assert "not the fault of this file" in job.reason
    assert "ZeroDivisionError: a bug" in job.log


def test_time_limit_is_told_in_words(job, monkeypatch):
    monkeypatch.setitem(WORK, "develop_image", _work_that(SoftTimeLimitExceeded()))

    with pytest.raises(SoftTimeLimitExceeded):
        jobs.run(job.pk)

    job.refresh_from_db()
    assert "too long" in job.reason


def test_worker_without_its_lease_stores_nothing(photo, job):
    mine = claim(job.pk)
    ProcessingJob.objects.update(lease="00000000-0000-0000-0000-000000000001")
    result = record.Result(store=list, record=lambda rows: CustomRendition.objects.all().delete())

    with pytest.raises(record.LeaseLost):
        record.made(mine, result, [])

    assert photo.renditions.exists()


def test_crops_stand_before_the_ladder_is_made(photo, job, monkeypatch):
    stored = []
    made = record.made

    def noted(job, result, rows):
        made(job, result, rows)
        stored.append(list(photo.renditions.values_list("preset", flat=True)))

    monkeypatch.setattr(record, "made", noted)

    jobs.run(job.pk)

    before, after = stored
    assert {"thumbnail", "medium", "large", "hero", "og", "admin"} <= set(before)
    assert after.count("ladder") > before.count("ladder")


def test_second_attempt_makes_only_what_the_first_did_not_record(photo, job, monkeypatch):
    made, presets = record.made, []

    def dies_after_the_crops(job, result, rows):
        made(job, result, rows)
        presets.append({row.preset for row in rows})
        if len(presets) == 1:
            raise ProcessingError("The machine went down.")

    monkeypatch.setattr(record, "made", dies_after_the_crops)
    jobs.run(job.pk)
    ProcessingJob.objects.update(available_at=timezone.now())

    jobs.run(job.pk)

    photo.refresh_from_db()
    assert photo.status == "ready"
    assert "large" in presets[0]
    assert presets[1:] == [{"ladder"}]


def test_result_for_a_replaced_file_is_dropped(photo, job, monkeypatch, public_files):
    develop_image = WORK["develop_image"]

    def replaced_meanwhile(image, report):
        photo.file = photo_file("other.jpg", width=300, height=300)
        photo.save()
        return develop_image(image, report)

    monkeypatch.setitem(WORK, "develop_image", replaced_meanwhile)

    jobs.run(job.pk)

    photo.refresh_from_db()
    assert (photo.version, photo.status) == (2, "uploaded")
    superseded = set(SupersededFile.objects.values_list("name", flat=True))
    assert all(name.startswith(f"{photo.pk}/2/") for name in public_files() - superseded)


def test_asset_deleted_in_mid_work_leaves_no_file(photo, job, monkeypatch, public_files):
    develop_image = WORK["develop_image"]

    def deleted_meanwhile(image, report):
        CustomImage.objects.get(pk=image.pk).delete()
        return develop_image(image, report)

    monkeypatch.setitem(WORK, "develop_image", deleted_meanwhile)

    jobs.run(job.pk)

    assert not Asset.objects.exists()
    assert not {name for name in public_files() if name.startswith(f"{photo.pk}/")}


def test_what_a_dead_attempt_left_is_removed_by_the_next(photo, job, public_files):
    from django.core.files.base import ContentFile

    public_storage().save(f"{photo.pk}/1/width-9999.format-avif-0123456789ab.avif", ContentFile(b"half a file"))

    jobs.run(job.pk)

    assert public_files() == set(photo.renditions.values_list("file", flat=True))


def test_file_that_a_request_has_just_written_is_left_for_its_row(photo, job, monkeypatch, public_files):
    from django.core.files.base import ContentFile

    name = f"{photo.pk}/1/fill-100x100-0123456789ab.jpg"
    develop_image = WORK["develop_image"]

    def with_a_request_meanwhile(image, report):
        public_storage().save(name, ContentFile(b"a rendition on demand"))
        return develop_image(image, report)

    monkeypatch.setitem(WORK, "develop_image", with_a_request_meanwhile)

    jobs.run(job.pk)

    assert name in public_files()


def test_reaper_queues_a_job_whose_lease_ran_out(job):
    claim(job.pk)
    _expire(job)

    assert [one.pk for one in jobs.reap()] == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.lease) == (State.QUEUED, 1, None)


def test_reaper_leaves_a_job_under_lease_alone(job):
    claim(job.pk)

    assert jobs.reap() == []


@override_settings(MEDIA_LIBRARY={"JOB_MAX_ATTEMPTS": 1})
def test_file_over_which_workers_die_again_and_again_fails(photo, job):
    claim(job.pk)
    _expire(job)

    jobs.reap()

    photo.refresh_from_db()
    assert photo.status == "failed"
    assert "stopped unexpectedly" in photo.status_reason


def test_job_that_was_never_sent_is_sent(job):
    assert [one.pk for one in jobs.reap()] == [job.pk]


def test_job_that_was_just_sent_is_not_sent_again(job):
    jobs.mark_sent([job.pk])

    assert jobs.reap() == []


def test_job_whose_message_is_probably_lost_is_sent_again(job):
    ProcessingJob.objects.update(sent_at=timezone.now() - timedelta(minutes=10))

    assert [one.pk for one in jobs.reap()] == [job.pk]


def test_worker_that_starts_has_all_queued_jobs_sent(job):
    jobs.mark_sent([job.pk])

    assert [one.pk for one in jobs.reap(resend_all=True)] == [job.pk]


def test_report_renews_the_lease_and_writes_progress(job):
    mine = claim(job.pk)
    _expire(job)

    Lease(mine).report(0.5)

    job.refresh_from_db()
    assert job.progress == 0.5
    assert job.lease_expires_at > timezone.now()


def test_worker_is_told_when_its_job_is_anothers(job):
    lease = Lease(claim(job.pk))
    ProcessingJob.objects.update(lease="00000000-0000-0000-0000-000000000001")

    with pytest.raises(record.LeaseLost):
        lease.report(0.5)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@override_settings(MEDIA_LIBRARY={"JOB_LEASE_SECONDS": 1})
def test_lease_is_renewed_while_the_work_says_nothing(job):
    lease = Lease(claim(job.pk))
    _expire(job)
    begun = timezone.now()

    with lease.kept():
        assert _is_owned_again(job, begun)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@override_settings(MEDIA_LIBRARY={"JOB_LEASE_SECONDS": 1})
def test_database_that_is_away_for_a_moment_does_not_cost_the_lease(job, monkeypatch):
    lease = Lease(claim(job.pk))
    renew, failures = lease._renew, [OperationalError("database is locked")]

    def renew_at_the_second_try() -> None:
        if failures:
            raise failures.pop()
        renew()

    monkeypatch.setattr(lease, "_renew", renew_at_the_second_try)
    _expire(job)
    begun = timezone.now()

    with lease.kept():
        assert _is_owned_again(job, begun)
    assert not failures
