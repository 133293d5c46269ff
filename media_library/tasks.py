"""Celery's side of the jobs: ids in, one function called. Rows are the truth; what is sent here is a hint."""

import logging
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from billiard import current_process
from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from celery.worker.state import active_requests

from media_library import bulk, jobs, stopping
from media_library.conf import conf
from media_library.deletion import empty_trash, remove_due_files, remove_superseded_files
from media_library.housekeeping.ended_rights import tell_of_ended_rights
from media_library.housekeeping.older_files import look_at_older_files
from media_library.housekeeping.orphans import Sweep
from media_library.housekeeping.publications import tell_of_publications
from media_library.housekeeping.unused import clean_up_unused
from media_library.insight import embedding
from media_library.models import ProcessingJob, UploadSession
from media_library.publishing.waiting import awaited, publish_awaited
from media_library.statistics.storage import measure_storage
from media_library.tokens import revoke_old_tokens
from media_library.uploads import fetching, remove_stale

logger = logging.getLogger(__name__)


def run_job(job_id: int) -> None:
    """Do a job. What this worker leaves because it is about to end is sent to the others at once."""
    with _ending_gently():
        jobs.run(job_id)
    if stopping.is_asked():
        send(jobs.unsent(job_id))


def run_film_job(job_id: int) -> None:
    """The same for what may be in parts: they are sent, and what they are parts of once the last of them is done."""
    run_job(job_id)
    send(jobs.following(job_id))


@contextmanager
def _ending_gently() -> Iterator[None]:
    """Let SIGTERM ask the work to end. In processes of a pool only, which have no other use for it while they work."""
    if current_process().name == "MainProcess" or threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, lambda number, frame: stopping.ask())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def run_image_job_task(job_id: int) -> None:
    """Short work: pictures and posters."""
    run_job(job_id)


@shared_task(soft_time_limit=conf.VIDEO_SOFT_TIME_LIMIT, time_limit=conf.VIDEO_TIME_LIMIT)
def run_video_job_task(job_id: int) -> None:
    """Long work: films."""
    run_film_job(job_id)


@shared_task(soft_time_limit=conf.VIDEO_SOFT_TIME_LIMIT, time_limit=conf.VIDEO_TIME_LIMIT)
def run_film_part_task(job_id: int) -> None:
    """A part of a film, unless another film has nobody at all."""
    if not jobs.give_way_to_films(job_id):
        run_film_job(job_id)


@shared_task(soft_time_limit=conf.VIDEO_SOFT_TIME_LIMIT, time_limit=conf.VIDEO_TIME_LIMIT)
def run_spare_video_job_task(job_id: int) -> None:
    """Long work that films which somebody waits for go before."""
    if not jobs.give_way(job_id, to=jobs.FILMS):
        run_job(job_id)


@shared_task(soft_time_limit=conf.AUDIO_SOFT_TIME_LIMIT, time_limit=conf.AUDIO_TIME_LIMIT)
def run_audio_job_task(job_id: int) -> None:
    """Sounds: two minutes for an hour of them, so they go with the short work and don't wait behind films."""
    run_job(job_id)


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def run_polish_job_task(job_id: int) -> None:
    """Work that nobody waits for."""
    run_job(job_id)


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def run_suggest_job_task(job_id: int) -> None:
    """Looking for what to suggest, when nothing is to be done that somebody waits for."""
    if not jobs.give_way(job_id, to=jobs.WAITED_FOR):
        run_job(job_id)


@shared_task
def look_for_suggestions_task() -> None:
    """From beat: when nothing else is to be done but polishing, look at the files that nobody has looked at."""
    send(jobs.enqueue_suggesting())


@shared_task
def run_ask_job_task(job_id: int) -> None:
    """Asking a server of others, in a thread that only waits; then whatever is to be asked next."""
    run_job(job_id)
    send(jobs.enqueue_asking())


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def catch_up_with_model_task() -> None:
    """From beat: when nothing else is to be done, have the operator's model look at what it hasn't seen."""
    if embedding.is_on() and jobs.is_idle():
        embedding.catch_up(lambda: jobs.is_idle() and not stopping.is_asked())


@shared_task(soft_time_limit=conf.IMAGE_SOFT_TIME_LIMIT, time_limit=conf.IMAGE_TIME_LIMIT)
def look_at_older_files_task() -> None:
    """From beat: when nothing else is to be done, find out what files are that came before anybody asked."""
    if jobs.is_idle():
        look_at_older_files(lambda: jobs.is_idle() and not stopping.is_asked())


@shared_task
def ask_endpoint_task() -> None:
    """From beat: ask about files that nobody has asked about, if an operator has switched that on."""
    send(jobs.enqueue_asking())


@shared_task
def polish_images_task() -> None:
    """From beat: when nothing else is to be done, make the renditions on live pages smaller."""
    if conf.IMAGE_POLISHING:
        send(jobs.enqueue_polishing())


@shared_task
def follow_presets_task() -> None:
    """From beat: let pictures follow the manifest in force, some at a time."""
    send(jobs.enqueue_for_presets())


@shared_task
def remove_superseded_files_task() -> None:
    """From beat: delete files that other ones replaced weeks ago."""
    remove_superseded_files()


@shared_task
def import_upload_task(upload_id: str) -> None:
    """Get a file from an address. One that was given up meanwhile is none any more.

    It runs in a thread, which Celery can't break off: fetching has a clock of its own.
    """
    if session := UploadSession.objects.filter(pk=upload_id).first():
        fetching.bring(session)


def send_import(upload_id: UUID) -> None:
    """Tell the workers of a file to get. A broker that is away loses nothing: ``tend_uploads_task`` sends again."""
    try:
        import_upload_task.delay(str(upload_id))
    except Exception:
        logger.exception("The broker is away; the import %s waits", upload_id)


@shared_task
def tend_uploads_task() -> None:
    """From beat: send imports again that nothing was heard of, and remove uploads that nobody goes on with."""
    for session in fetching.waiting()[:100]:
        send_import(session.pk)
    remove_stale()


@shared_task
def measure_storage_task() -> None:
    """From beat: sum up what the files of assets take, for the dashboard and the health board."""
    measure_storage()


@shared_task
def empty_trash_task() -> None:
    """From beat: delete for good what has been in the trash for its time."""
    empty_trash()


@shared_task
def remove_files_task() -> None:
    """From beat: try again to remove files of what was deleted, where the storage was away."""
    remove_due_files()


@shared_task
def revoke_old_tokens_task() -> None:
    """From beat: revoke API tokens whose days are over."""
    revoke_old_tokens()


@shared_task
def clean_up_unused_task() -> None:
    """From beat: note what nothing uses, and, where that is wanted, announce it and put it in the trash."""
    clean_up_unused()


@shared_task
def tell_of_ended_rights_task() -> None:
    """From beat: write to whoever may change what is live although the right to it has ended."""
    tell_of_ended_rights()


@shared_task(soft_time_limit=conf.VIDEO_SOFT_TIME_LIMIT, time_limit=conf.VIDEO_TIME_LIMIT)
def look_for_orphans_task() -> None:
    """From beat: look for files without rows and rows without files, for the health board, and touch nothing."""
    Sweep().run()


@shared_task
def reap_jobs_task() -> None:
    """From beat: give jobs whose worker died to another, and send again what was lost."""
    send(jobs.reap())
    send_operations(bulk.reap())


@shared_task
def run_bulk_operation_task(operation_id: str) -> None:
    """Some seconds of a bulk operation, then behind what waits: the reaper, and other operations."""
    if bulk.run(UUID(operation_id)):
        send_operations([UUID(operation_id)])


@shared_task
def forget_bulk_operations_task() -> None:
    """From beat: delete results that nobody looks for any more."""
    bulk.forget_old()


@shared_task
def publish_awaited_task(asset_id: int | None = None) -> None:
    """Publish what waits for an asset that is ready; from beat, whatever waits, and write to who asked for it."""
    publish_awaited(awaited(asset_id))
    tell_of_publications()


def send_awaited(asset_id: int | None = None) -> None:
    """Tell the workers that somebody's media may be ready. A broker that is away loses nothing: beat looks again."""
    try:
        publish_awaited_task.delay(asset_id)
    except Exception:
        logger.exception("The broker is away; what waits for media waits for beat")


TASKS: dict[str, Any] = {
    ProcessingJob.Operation.TRANSCODE_VIDEO: run_video_job_task,
    ProcessingJob.Operation.TRANSCODE_PART: run_film_part_task,
    ProcessingJob.Operation.MAKE_WEBM: run_spare_video_job_task,
    ProcessingJob.Operation.DEVELOP_AUDIO: run_audio_job_task,
    ProcessingJob.Operation.POLISH_IMAGE: run_polish_job_task,
    ProcessingJob.Operation.SUGGEST: run_suggest_job_task,
    ProcessingJob.Operation.ASK_ENDPOINT: run_ask_job_task,
}


def send(queued: Iterable[ProcessingJob]) -> None:
    """Tell the workers of these jobs. A broker that is away loses nothing: the reaper sends again."""
    sent = []
    for job in queued:
        task = TASKS.get(job.operation, run_image_job_task)
        try:
            task.delay(job.pk)
        except Exception:
            # Transports raise whatever their drivers do, and an upload must not fail over it.
            logger.exception("The broker is away; %s stays queued", job)
            break
        sent.append(job.pk)
    jobs.mark_sent(sent)


def send_operations(operation_ids: Iterable[UUID]) -> None:
    """The same for bulk operations."""
    sent = []
    for operation_id in operation_ids:
        try:
            run_bulk_operation_task.delay(str(operation_id))
        except Exception:
            logger.exception("The broker is away; bulk operation %s stays queued", operation_id)
            break
        sent.append(operation_id)
    bulk.mark_sent(sent)


@worker_ready.connect
def send_all_when_a_worker_starts(**kwargs: object) -> None:
    """Whatever the broker forgot while no worker ran (a deleted file, a flushed Redis) is sent again at once."""
    send(jobs.reap(resend_all=True))
    send_operations(bulk.reap(resend_all=True))


@worker_shutting_down.connect
def hand_back_jobs(**kwargs: object) -> None:
    """Celery waits for what runs, and a film takes hours: let it be handed back instead."""
    stopping.ask()
    for pid in {request.worker_pid for request in active_requests} - {None, os.getpid()}:
        os.kill(pid, signal.SIGTERM)
