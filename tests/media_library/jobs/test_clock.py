"""What becomes of jobs after the clock was ahead, and was put right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from media_library import jobs
from media_library.jobs.lease import claim
from media_library.models import CustomImage, ProcessingJob

AHEAD = timedelta(hours=5)

State = ProcessingJob.State


@pytest.fixture
def job(photo: CustomImage) -> ProcessingJob:
    return photo.jobs.get()


def write(**columns: object) -> None:
    """As a process would have written these."""
    ProcessingJob.objects.update(**columns)


def test_job_that_was_queued_while_the_clock_was_ahead_waits_no_longer(job: ProcessingJob):
    later = timezone.now() + AHEAD
    write(created_at=later, available_at=later, sent_at=later)
    assert claim(job.pk) is None

    assert [one.pk for one in jobs.reap()] == [job.pk]
    assert claim(job.pk) is not None
    assert claim(job.pk) is None


def test_job_that_failed_while_the_clock_was_ahead_is_tried_again_now(job: ProcessingJob):
    later = timezone.now() + AHEAD
    write(started_at=later, available_at=later + timedelta(seconds=10), attempts=1)

    assert [one.pk for one in jobs.reap()] == [job.pk]


def test_job_whose_worker_died_while_the_clock_was_ahead_is_taken_up_after_one_lease(job: ProcessingJob):
    claim(job.pk)
    write(lease_expires_at=timezone.now() + AHEAD)
    assert jobs.reap() == []

    job.refresh_from_db()
    assert job.lease_expires_at is not None
    assert job.lease_expires_at < timezone.now() + timedelta(minutes=1)
    write(lease_expires_at=job.lease_expires_at - timedelta(minutes=1))
    assert [one.pk for one in jobs.reap()] == [job.pk]


def test_job_that_is_put_off_for_hours_stays_so(job: ProcessingJob):
    write(available_at=timezone.now() + AHEAD)

    assert jobs.reap() == []
