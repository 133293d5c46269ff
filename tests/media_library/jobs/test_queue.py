from collections.abc import Callable

from media_library import jobs
from media_library.jobs.lease import claim
from media_library.models import Asset, ProcessingJob, Video

State = ProcessingJob.State


def test_one_operation_is_queued_afresh_and_the_asset_waits_for_it(film: Video, develop: Callable[..., None]):
    develop(film)

    (job,) = jobs.enqueue_operation(film, ProcessingJob.Operation.MAKE_POSTER)

    film.refresh_from_db()
    assert (job.state, job.attempts, job.version) == (State.QUEUED, 0, film.version)
    assert film.status == Asset.Status.PROCESSING
    assert film.jobs.exclude(pk=job.pk).filter(state=State.DONE).exists()


def test_worker_that_is_still_at_it_loses_its_lease(film: Video):
    running = claim(film.jobs.get(operation=ProcessingJob.Operation.MAKE_POSTER).pk)

    (job,) = jobs.enqueue_operation(film, ProcessingJob.Operation.MAKE_POSTER)

    assert not ProcessingJob.objects.filter(lease=running.lease).exists()
    assert claim(job.pk) is not None
