"""Who owns a job: claiming it, and keeping it."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from media_library import stopping
from media_library.conf import conf
from media_library.exceptions import Cancelled, LeaseLost
from media_library.jobs import divided
from media_library.models import Asset, ProcessingJob
from media_library.signals import tell_changed

logger = logging.getLogger(__name__)

State = ProcessingJob.State

REPORT_STEP, REPORT_SECONDS = 0.05, 1.0
"""Progress is written down when it has grown so much, or after so long; so soon cancelling is noticed, too."""


def claim(job_id: int) -> ProcessingJob | None:
    """Take a queued job, by one conditional UPDATE; None when there is nothing to take."""
    now = timezone.now()
    lease = uuid.uuid4()
    taken = ProcessingJob.objects.filter(pk=job_id, state=State.QUEUED, available_at__lte=now).update(
        state=State.RUNNING,
        lease=lease,
        lease_expires_at=now + timedelta(seconds=conf.JOB_LEASE_SECONDS),
        attempts=F("attempts") + 1,
        started_at=now,
        finished_at=None,
        progress=0.0,
        parts={},
        cancel_requested_at=None,
        reason="",
        log="",
    )
    if not taken and not _take_over(job_id, lease):
        return None
    job = ProcessingJob.objects.select_related("asset").filter(pk=job_id, lease=lease).first()
    if job is not None and job.operation not in ProcessingJob.NOT_WAITED_FOR:
        waiting = Asset.objects.filter(pk=job.asset_id, version=job.version).exclude(status=Asset.Status.PROCESSING)
        with transaction.atomic():
            if waiting.update(status=Asset.Status.PROCESSING, status_reason=""):
                tell_changed(job.asset.kind, [job.asset_id])
    return job


def _take_over(job_id: int, lease: uuid.UUID) -> bool:
    """Go on with a job whose parts are done; of two that see the last one done, one gets it."""
    expires = timezone.now() + timedelta(seconds=conf.JOB_LEASE_SECONDS)
    return bool(divided.joinable().filter(pk=job_id).update(lease=lease, lease_expires_at=expires))


class Lease:
    """The right to work on a job. ``report`` is what work functions call as they get on."""

    def __init__(self, job: ProcessingJob):
        self.job = job
        self.lost = False
        self.cancelled = False
        self._progress = self._written = job.progress
        self._parts: dict[str, float] = dict(job.parts)
        self._written_at = time.monotonic()

    def report(self, progress: float, parts: Mapping[str, float] | None = None) -> None:
        """Note how far the work is, 0 to 1, and its parts by their names.

        Raises ``LeaseLost`` when it is for someone else now, ``Cancelled`` when an editor asked for that, and
        ``HandedBack`` when this process is about to end.
        """
        if progress < 1.0:
            stopping.check()
        self._progress = min(max(progress, 0.0), 1.0)
        self._parts |= {name: round(done, 3) for name, done in (parts or {}).items()}
        if self._progress - self._written >= REPORT_STEP or time.monotonic() - self._written_at >= REPORT_SECONDS:
            self._renew()
        if self.cancelled:
            raise Cancelled("Cancelled by an editor.")
        if self.lost:
            raise LeaseLost("The job was taken over, or its file was replaced or deleted.")

    def _renew(self) -> None:
        """Extend the lease and write down progress; notice when it is gone."""
        self._written, self._written_at = self._progress, time.monotonic()
        mine = ProcessingJob.objects.filter(
            pk=self.job.pk, lease=self.job.lease, state=State.RUNNING, asset__version=self.job.version
        )
        kept = mine.filter(cancel_requested_at=None).update(
            lease_expires_at=timezone.now() + timedelta(seconds=conf.JOB_LEASE_SECONDS),
            progress=self._progress,
            parts=self._parts,
        )
        if not kept:
            self.lost = True
            self.cancelled = mine.exists()
        elif self.job.parent_id:
            divided.tell_progress(self.job)

    def _beat(self, stop: threading.Event) -> None:
        try:
            while not stop.wait(conf.JOB_LEASE_SECONDS / 3):
                try:
                    self._renew()
                except DatabaseError:
                    # Locked or restarting: two more beats come before the lease runs out.
                    logger.warning("%s: the lease could not be renewed, trying again", self.job, exc_info=True)
                    connection.close()
        finally:
            connection.close()

    @contextmanager
    def kept(self) -> Iterator["Lease"]:
        """Renew the lease from a thread for as long as the block runs."""
        stop = threading.Event()
        beat = partial(copy_context().run, self._beat, stop)
        thread = threading.Thread(target=beat, name=f"lease-{self.job.pk}", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()
