"""Who owns a job: claiming it, and keeping it."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from media_library.conf import conf
from media_library.exceptions import LeaseLost
from media_library.models import Asset, ProcessingJob

logger = logging.getLogger(__name__)

State = ProcessingJob.State


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
        reason="",
        log="",
    )
    if not taken:
        return None
    job = ProcessingJob.objects.select_related("asset").filter(pk=job_id, lease=lease).first()
    if job is not None and job.operation != ProcessingJob.Operation.POLISH_IMAGE:
        Asset.objects.filter(pk=job.asset_id, version=job.version).update(
            status=Asset.Status.PROCESSING, status_reason=""
        )
    return job


class Lease:
    """The right to work on a job. ``report`` is what work functions call as they get on."""

    def __init__(self, job: ProcessingJob):
        self.job = job
        self.lost = False
        self._progress = 0.0
        self._written = 0.0

    def report(self, progress: float) -> None:
        """Note how far the work is, 0 to 1. Raises ``LeaseLost`` when it is for someone else now."""
        if self.lost:
            raise LeaseLost("The job was taken over, or its file was replaced or deleted.")
        self._progress = min(max(progress, 0.0), 1.0)
        if self._progress - self._written >= 0.05:
            self._renew()

    def _renew(self) -> None:
        """Extend the lease and write down progress; notice when it is gone."""
        self._written = self._progress
        kept = ProcessingJob.objects.filter(
            pk=self.job.pk, lease=self.job.lease, state=State.RUNNING, asset__version=self.job.version
        ).update(
            lease_expires_at=timezone.now() + timedelta(seconds=conf.JOB_LEASE_SECONDS),
            progress=self._progress,
        )
        if not kept:
            self.lost = True

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
        thread = threading.Thread(target=self._beat, args=(stop,), name=f"lease-{self.job.pk}", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()
