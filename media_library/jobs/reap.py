import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.jobs import divided
from media_library.jobs.clock import bring_back
from media_library.jobs.record import CANCELLED, settle
from media_library.models import Asset, ProcessingJob

logger = logging.getLogger(__name__)

State = ProcessingJob.State


def reap(*, resend_all: bool = False) -> list[ProcessingJob]:
    """Queue the jobs that have lost their worker, and return all that should be sent to the broker now.

    These are queued rows whose time has come and that were never sent since, or so long ago that the message is
    probably lost; with ``resend_all``, every queued row whose time has come (a worker has just started, and nobody
    knows what became of the broker).
    """
    bring_back(ProcessingJob)
    for job in ProcessingJob.objects.filter(state=State.RUNNING, lease_expires_at__lt=timezone.now()):
        with transaction.atomic():
            Asset.lock(job.asset_id)
            _take_back(job)
    now = timezone.now()
    due, joinable = ProcessingJob.objects.filter(state=State.QUEUED, available_at__lte=now), divided.joinable()
    if not resend_all:
        lost_before = now - timedelta(seconds=conf.JOB_RESEND_SECONDS)
        due = due.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=F("available_at")) | Q(sent_at__lt=lost_before))
        joinable = joinable.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=lost_before))
    return [*joinable, *due.order_by("available_at", "pk")]


def _take_back(job: ProcessingJob) -> None:
    """Queue a job again whose lease ran out, unless its workers have died too often over it."""
    mine = ProcessingJob.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)
    columns = {"lease": None, "lease_expires_at": None}
    if job.cancel_requested_at is not None:
        if mine.update(state=State.CANCELLED, finished_at=timezone.now(), reason=str(CANCELLED), **columns):
            divided.forget(job.pk)
            settle(job)
        return
    if job.attempts < conf.JOB_MAX_ATTEMPTS:
        if mine.update(state=State.QUEUED, available_at=timezone.now(), sent_at=None, **columns):
            logger.warning("%s: its worker is gone, queued again", job)
        return
    reason = _("Processing stopped unexpectedly %(times)s times. Try a smaller or re-exported file.") % {
        "times": job.attempts
    }
    if mine.update(state=State.FAILED, finished_at=timezone.now(), reason=reason, **columns):
        logger.error("%s: its workers have died %s times, given up", job, job.attempts)
        divided.forget(job.pk)
        if job.parent_id:
            divided.end_whole(job.parent_id, state=State.FAILED, reason=reason)
        settle(job)
