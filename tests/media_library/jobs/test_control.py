"""Stopping work, and starting it again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from media_library import jobs
from media_library.exceptions import ProcessingError
from media_library.jobs.lease import claim
from media_library.jobs.work import WORK
from media_library.models import ProcessingJob

pytestmark = pytest.mark.django_db
State = ProcessingJob.State


@pytest.fixture
def job(photo) -> ProcessingJob:
    return photo.jobs.get()


def test_queued_work_is_cancelled_at_once(photo, job):
    assert jobs.cancel(photo) == 1

    job.refresh_from_db()
    photo.refresh_from_db()
    assert job.state == State.CANCELLED
    assert photo.status == "failed"
    assert "was cancelled" in photo.status_reason
    assert not jobs.run(job.pk)


def test_running_work_stops_at_its_next_report(photo, job, monkeypatch):
    went_on = []

    def cancelled_meanwhile(image, report):
        jobs.cancel(photo)
        report(0.5)
        went_on.append(True)
        yield

    monkeypatch.setitem(WORK, "develop_image", cancelled_meanwhile)

    jobs.run(job.pk)

    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.lease) == (State.CANCELLED, None)
    assert photo.status == "failed"
    assert not went_on


def test_work_that_goes_wrong_after_it_was_cancelled_is_not_tried_again(photo, job, monkeypatch):
    def fails(image, report):
        jobs.cancel(photo)
        raise ProcessingError("Try later.")
        yield

    monkeypatch.setitem(WORK, "develop_image", fails)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_cancelled_work_whose_worker_died_is_not_taken_up_again(photo, job):
    claim(job.pk)
    jobs.cancel(photo)
    ProcessingJob.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    assert jobs.reap() == []
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_finished_work_cannot_be_cancelled(photo, job):
    jobs.run(job.pk)

    assert jobs.cancel(photo) == 0
    photo.refresh_from_db()
    assert photo.status == "ready"


def test_cancelled_work_can_be_started_again(photo, job):
    jobs.cancel(photo)

    again = jobs.retry(photo)
    jobs.run(again[0].pk)

    photo.refresh_from_db()
    assert (photo.status, photo.status_reason) == ("ready", "")


def test_failed_work_starts_again_with_all_its_attempts(photo, job):
    ProcessingJob.objects.update(state=State.FAILED, attempts=4, reason="The disk was full.")

    assert [one.pk for one in jobs.retry(photo)] == [job.pk]

    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (State.QUEUED, 0, "")
    assert photo.status == "processing"


def test_work_that_is_going_on_is_not_started_again(photo, job):
    claim(job.pk)

    assert jobs.retry(photo) == []
