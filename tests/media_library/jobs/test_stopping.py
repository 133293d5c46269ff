"""What a process does with its work when it is asked to end. The processes themselves: tests/cms/operations."""

from collections.abc import Iterator

import pytest

from media_library import jobs, stopping, tasks
from media_library.jobs.work import WORK
from media_library.models import ProcessingJob
from media_library.signals import job_ended

pytestmark = pytest.mark.django_db

State = ProcessingJob.State


@pytest.fixture(autouse=True)
def _go_on() -> Iterator[None]:
    yield
    stopping.forget()


@pytest.fixture
def job(photo) -> ProcessingJob:
    return photo.jobs.get()


@pytest.fixture
def asked_in_mid_work(monkeypatch):
    def work(asset, report):
        report(0.3)
        stopping.ask()
        report(0.4)
        yield from ()

    monkeypatch.setitem(WORK, "develop_image", work)


def test_job_is_handed_back_at_once_and_costs_no_attempt(job, photo, asked_in_mid_work):
    assert jobs.run(job.pk)

    job.refresh_from_db()
    photo.refresh_from_db()
    assert (job.state, job.attempts, job.lease, job.sent_at, job.reason) == (State.QUEUED, 0, None, None, "")
    assert (photo.status, photo.status_reason) == ("processing", "")


def test_next_worker_takes_it_without_waiting_for_the_lease(job, asked_in_mid_work, monkeypatch):
    jobs.run(job.pk)
    stopping.forget()
    monkeypatch.undo()

    assert jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 1)


def test_finished_work_is_recorded_all_the_same(job, monkeypatch):
    def work(asset, report):
        yield from ()
        stopping.ask()

    monkeypatch.setitem(WORK, "develop_image", work)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == State.DONE


def test_process_that_is_about_to_end_takes_nothing(job):
    stopping.ask()

    assert not jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)


@pytest.mark.parametrize("asked_before", [False, True])
def test_what_is_left_is_sent_to_other_workers(job, asked_in_mid_work, asked_before, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_image_job_task, "delay", sent.append)
    if asked_before:
        stopping.ask()

    tasks.run_image_job_task(job.pk)

    assert sent == [job.pk]


def test_editor_who_cancels_meanwhile_is_obeyed(job, asked_in_mid_work, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_image_job_task, "delay", sent.append)
    jobs.run(job.pk)

    jobs.cancel(job.asset)

    job.refresh_from_db()
    assert job.state == State.CANCELLED
    tasks.send(jobs.unsent(job.pk))
    assert sent == []


def test_how_it_ended_is_told(job, asked_in_mid_work):
    told = []

    def listen(operation, outcome, seconds, **kwargs):
        told.append((operation, outcome, seconds >= 0))

    job_ended.connect(listen)
    try:
        jobs.run(job.pk)
    finally:
        job_ended.disconnect(listen)

    assert told == [("develop_image", "handed_back", True)]
