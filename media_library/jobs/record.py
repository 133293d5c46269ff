"""How a job ends, and what that means for its asset."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.conf import conf
from media_library.exceptions import Cancelled, LeaseLost, ServerAway
from media_library.jobs import divided
from media_library.jobs.steps import Parts, Result
from media_library.models import Asset, ProcessingJob
from media_library.models.files import developed_folder, public_storage
from media_library.signals import asset_failed, asset_ready, tell_changed
from media_library.storage import remove_unreferenced
from media_library.superseding import named_files

logger = logging.getLogger(__name__)

State = ProcessingJob.State
EVENTS = {Asset.Status.READY: "ready", Asset.Status.FAILED: "failed"}
LOG_CHARACTERS = 8000
CANCELLED = gettext_lazy("Processing was cancelled. Press “Try again” to start it once more.")
AWAY = gettext_lazy("The storage doesn't answer just now, or is full. This is tried again by itself.")
LONGEST_WAIT_SECONDS = 300


def made(job: ProcessingJob, result: Result, rows: Any) -> None:
    """Commit a result under the lease, while the job goes on.

    Raises ``LeaseLost`` and commits nothing when the job is another's by now or the asset has a new version.
    """
    with _recording(job):
        # Touched, not only looked at: whoever takes the job over waits for us, or we for them.
        if not _mine(job).update(version=job.version):
            raise LeaseLost("Another worker has taken the job over.")
        facts = ({"updated_at": timezone.now()} if result.is_shown else {"version": job.version}) | result.facts
        if not Asset.objects.filter(pk=job.asset_id, version=job.version).update(**facts):
            raise LeaseLost("The file was replaced or deleted in the meantime.")
        result.record(rows)
        if result.is_shown:
            tell_changed(job.asset.kind, [job.asset_id])
        if job.operation not in ProcessingJob.NOT_WAITED_FOR:
            # A film plays before it is ready.
            _tell_after_commit(asset_ready, job)


def left_to_others(job: ProcessingJob, parts: Parts) -> None:
    """Give the job up until its parts, which are queued by this, are done. Raises ``LeaseLost`` and ``Cancelled``."""
    with _recording(job):
        columns = {"lease": None, "lease_expires_at": None, "sent_at": None}
        mine = _mine(job).filter(asset__version=job.version)
        waits = mine.filter(cancel_requested_at=None).update(progress=parts.progress, parts=parts.named, **columns)
        if not waits:
            raise Cancelled("Cancelled by an editor.") if mine.exists() else LeaseLost("Another worker has it.")
        divided.forget(job.pk)
        ProcessingJob.objects.bulk_create(
            ProcessingJob(
                asset_id=job.asset_id,
                version=job.version,
                operation=parts.operation,
                parent_id=job.pk,
                number=number,
                arguments=arguments,
            )
            for number, arguments in enumerate(parts.arguments, start=1)
        )


def undivided(job: ProcessingJob, error: BaseException) -> None:
    """Have the whole made in one go, since this part of it can't be made by itself."""
    logger.warning("%s: part %s can't be made by itself, so all is made in one go: %s", job, job.number, error)
    with _recording(job):
        if job.parent_id and _mine(job).exists():
            divided.end_whole(
                job.parent_id,
                state=State.QUEUED,
                available_at=timezone.now(),
                finished_at=None,
                progress=0.0,
                parts={},
                arguments={"in_one_go": True},
            )


def done(job: ProcessingJob) -> None:
    """End a job all of whose results are committed, and settle the asset. Raises ``LeaseLost``."""
    with _recording(job):
        _end(job, state=State.DONE, progress=1.0)
        settle(job)
        job.state = State.DONE
    # Younger files may be renditions on demand, whose rows a request is about to save.
    sweep(job, before=job.started_at)


def failed(job: ProcessingJob, reason: str, error: BaseException, *, may_retry: bool = False) -> None:
    """Put down why a job went wrong, and queue it again if that may help. Does nothing without the lease."""
    if _mine(job).exclude(cancel_requested_at=None).exists():
        cancelled(job)
        return
    log = getattr(error, "log", "") or "".join(traceback.format_exception(error))
    again = may_retry and job.attempts < conf.JOB_MAX_ATTEMPTS
    logger.warning("%s: %s%s", job, reason, " (will be tried again)" if again else "")
    try:
        with _recording(job):
            if again:
                wait = conf.JOB_BACKOFF_SECONDS * 2 ** (job.attempts - 1)
                _end(
                    job,
                    state=State.QUEUED,
                    available_at=timezone.now() + timedelta(seconds=wait),
                    finished_at=None,
                    reason=reason,
                    log=log[-LOG_CHARACTERS:],
                )
            else:
                _end(job, state=State.FAILED, reason=reason, log=log[-LOG_CHARACTERS:])
                divided.forget(job.pk)
                if job.parent_id:
                    divided.end_whole(job.parent_id, state=State.FAILED, reason=reason, log=log[-LOG_CHARACTERS:])
            settle(job)
    except LeaseLost:
        abandoned(job)


def put_off(job: ProcessingJob, error: BaseException) -> str:
    """Queue a job again for when the storage, or the server, may be back: that costs no attempt, and nobody is told.

    Once it is ``JOB_AWAY_HOURS`` old, this is a failure like others. Returns how it ended: ``put_off`` or ``failed``.
    """
    is_server = isinstance(error, ServerAway)
    age = (timezone.now() - job.created_at).total_seconds()
    if age > conf.JOB_AWAY_HOURS * 3600 or _mine(job).exclude(cancel_requested_at=None).exists():
        failed(job, str(error) if is_server else unforeseen(error), error, may_retry=True)
        return "failed"
    # Soon at first, and within minutes after a night.
    wait = min(max(conf.JOB_BACKOFF_SECONDS, age / 10), LONGEST_WAIT_SECONDS)
    if isinstance(error, ServerAway):
        wait = max(wait, error.seconds or 0)
    what = "server" if is_server else "storage"
    logger.warning("%s: the %s is away, tried again in %.0f s: %s", job, what, wait, error)
    available_at = timezone.now() + timedelta(seconds=wait)
    return "put_off" if _requeue(job, available_at, str(error) if is_server else str(AWAY)) else "lost"


def cancelled(job: ProcessingJob) -> None:
    """End a job that an editor stopped. What it had recorded stays."""
    try:
        with _recording(job):
            _end(job, state=State.CANCELLED, reason=str(CANCELLED))
            divided.forget(job.pk)
            settle(job)
    except LeaseLost:
        abandoned(job)
    else:
        sweep(job, before=job.started_at)


def handed_back(job: ProcessingJob) -> None:
    """Queue a job again at once, since its worker is about to end: it has cost no attempt, and nobody is told."""
    if _requeue(job, timezone.now()):
        logger.info("%s: handed back", job)


def _requeue(job: ProcessingJob, available_at: datetime, reason: str = "") -> bool:
    """Queue a job as if it had not been begun; whether it was still ours to do so."""
    try:
        _end(
            job,
            state=State.QUEUED,
            attempts=F("attempts") - 1,
            available_at=available_at,
            sent_at=None,
            finished_at=None,
            progress=0.0,
            parts={},
            reason=reason,
        )
    except LeaseLost:
        abandoned(job)
        return False
    return True


def abandoned(job: ProcessingJob) -> None:
    """Leave a job whose lease is gone; if the asset or this version of it is gone too, nothing of it may stay."""
    if not Asset.objects.filter(pk=job.asset_id, version=job.version).exists():
        sweep(job)


def unforeseen(error: BaseException) -> str:
    """A sentence for the editor about an error that has none of its own."""
    if type(error).__name__ == "SoftTimeLimitExceeded":
        return _("This file took too long to process. Try a shorter or smaller one.")
    if isinstance(error, MemoryError):
        return _("This file needs more memory than there is. Try a smaller one.")
    return _("Something went wrong that is not the fault of this file. It was noted for the operator.")


@contextmanager
def _recording(job: ProcessingJob) -> Iterator[None]:
    """One transaction, in which the asset comes before its jobs, as for those who give it new ones."""
    with transaction.atomic():
        Asset.lock(job.asset_id)
        yield


def _end(job: ProcessingJob, **columns: Any) -> None:
    """Give the job up with these columns. Raises ``LeaseLost`` when it isn't ours to give up."""
    columns = {"lease": None, "lease_expires_at": None, "finished_at": timezone.now()} | columns
    if not _mine(job).update(**columns):
        raise LeaseLost("Another worker has taken the job over.")


def _mine(job: ProcessingJob) -> QuerySet[ProcessingJob]:
    return ProcessingJob.objects.filter(pk=job.pk, lease=job.lease, state=State.RUNNING)


def settle(job: ProcessingJob) -> None:
    """Derive the asset's status from the jobs of its version: one failed, all done, or still at it.

    Those that nobody waits for leave it alone, but for a part, with which its whole has failed.
    """
    if job.operation in ProcessingJob.NOT_WAITED_FOR and job.parent_id is None:
        return
    jobs = list(
        ProcessingJob.objects.filter(asset=job.asset_id, version=job.version).exclude(
            operation__in=ProcessingJob.NOT_WAITED_FOR
        )
    )
    reason = ""
    if wrong := [one for one in jobs if one.state in (State.FAILED, State.CANCELLED)]:
        status, reason = Asset.Status.FAILED, wrong[0].reason
    elif all(one.state == State.DONE for one in jobs):
        status = Asset.Status.READY
    else:
        status = Asset.Status.PROCESSING
    mine = Asset.objects.filter(pk=job.asset_id, version=job.version)
    columns = {"status": status, "status_reason": reason, "updated_at": timezone.now()}
    if mine.exclude(status=status).update(**columns):
        tell_changed(job.asset.kind, [job.asset_id], event=EVENTS.get(status, ""))
    else:
        mine.update(**columns)
    if status == Asset.Status.READY:
        _tell_after_commit(asset_ready, job)
    elif status == Asset.Status.FAILED:
        _tell_after_commit(asset_failed, job)


def _tell_after_commit(signal: Signal, job: ProcessingJob) -> None:
    transaction.on_commit(partial(signal.send_robust, Asset, asset_id=job.asset_id))


def sweep(job: ProcessingJob, before: datetime | None = None) -> None:
    """Remove files of this version that no row knows: what dead attempts left behind.

    Left alone while another job of the version is running, whose files may be stored and not recorded yet.
    """
    others = ProcessingJob.objects.filter(asset=job.asset_id, version=job.version, state=State.RUNNING)
    if others.exclude(pk=job.pk).exists():
        return
    folder = developed_folder(job.asset_id, job.version)
    removed = remove_unreferenced(public_storage(), folder, named_files(job.asset_id), before)
    if removed:
        logger.info("%s: removed what earlier attempts left: %s", job, ", ".join(removed))
