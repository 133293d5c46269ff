import pytest
from kombu.exceptions import OperationalError

from cms.celery import app
from media_library import tasks
from media_library.models import ProcessingJob
from tests.media import photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, int]]:
    """What was given to the broker: task name and job id."""
    messages: list[tuple[str, int]] = []
    for task in (
        tasks.run_image_job_task,
        tasks.run_video_job_task,
        tasks.run_spare_video_job_task,
        tasks.run_audio_job_task,
    ):
        monkeypatch.setattr(task, "delay", lambda job_id, name=task.__name__: messages.append((name, job_id)))
    return messages


def test_upload_is_sent_only_after_commit(sent, photo, django_capture_on_commit_callbacks):
    from media_library.models import CustomImage

    with django_capture_on_commit_callbacks(execute=True):
        image = CustomImage(title="Second", file=photo_file())
        image.save()
        assert sent == []

    assert sent == [("run_image_job_task", image.jobs.get().pk)]


def test_poster_goes_to_the_short_queue_and_the_film_to_the_long_one(sent, film):
    tasks.send(film.jobs.all())

    kinds = {film.jobs.get(pk=job_id).operation: name for name, job_id in sent}
    assert kinds == {
        "make_poster": "run_image_job_task",
        "transcode_video": "run_video_job_task",
        "make_webm": "run_spare_video_job_task",
    }


def test_sound_has_time_limits_of_its_own_and_goes_with_the_short_work(sent, sound):
    tasks.send(sound.jobs.all())

    assert sent == [("run_audio_job_task", sound.jobs.get().pk)]
    assert tasks.run_audio_job_task.time_limit > tasks.run_image_job_task.time_limit
    assert app.amqp.router.route({}, tasks.run_audio_job_task.name)["queue"].name == "images"


def test_sent_jobs_are_marked(sent, photo):
    tasks.send(photo.jobs.all())

    assert photo.jobs.get().sent_at is not None


@pytest.mark.parametrize("error", [OperationalError("no broker"), AttributeError("a dead channel")])
def test_upload_succeeds_while_the_broker_is_away(photo, monkeypatch, error):
    def refuse(job_id: int) -> None:
        raise error

    monkeypatch.setattr(tasks.run_image_job_task, "delay", refuse)

    tasks.send(photo.jobs.all())

    job = photo.jobs.get()
    assert (job.state, job.sent_at) == (ProcessingJob.State.QUEUED, None)


def test_reaper_sends_what_was_never_sent(sent, photo):
    tasks.reap_jobs_task()

    assert sent == [("run_image_job_task", photo.jobs.get().pk)]


def test_task_does_the_job(photo):
    tasks.run_image_job_task(photo.jobs.get().pk)

    photo.refresh_from_db()
    assert photo.status == "ready"
