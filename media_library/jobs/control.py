"""What editors can do about jobs: stop them, and start them again."""

from django.db import transaction
from django.utils import timezone

from media_library.jobs import divided, record
from media_library.models import Asset, ProcessingJob

State = ProcessingJob.State

WORTH_RETRYING = (State.FAILED, State.CANCELLED)


def cancel(asset: Asset) -> int:
    """Stop the work on this version of an asset; return how many jobs that concerns.

    What is queued is cancelled at once. What is running hears of it at its next report, a second or so later; what it
    had recorded by then stays.
    """
    jobs = ProcessingJob.objects.filter(asset=asset.pk, version=asset.version)
    with transaction.atomic():
        Asset.lock(asset.pk)
        now = timezone.now()
        in_parts = list(jobs.filter(divided.WAITING))
        columns = {"state": State.CANCELLED, "reason": str(record.CANCELLED)}
        ended = [job for job in in_parts if divided.end_whole(job.pk, **columns)]
        running = jobs.filter(state=State.RUNNING, cancel_requested_at=None).update(cancel_requested_at=now)
        waiting = jobs.filter(state=State.QUEUED).update(
            state=State.CANCELLED, finished_at=now, reason=str(record.CANCELLED)
        )
        if (waiting or ended) and (job := jobs.filter(state=State.CANCELLED).first()):
            record.settle(job)
    return running + waiting + len(ended)


def retry(asset: Asset) -> list[ProcessingJob]:
    """Queue again what failed or was cancelled for this version of an asset, with all its attempts.

    The rows belong to the caller's transaction; send them after its commit.
    """
    jobs = ProcessingJob.objects.filter(asset=asset.pk, version=asset.version)
    with transaction.atomic():
        Asset.lock(asset.pk)
        again = list(jobs.filter(state__in=WORTH_RETRYING).order_by("pk"))
        for job in again:
            jobs.filter(pk=job.pk, state__in=WORTH_RETRYING).update(
                state=State.QUEUED,
                attempts=0,
                progress=0.0,
                parts={},
                cancel_requested_at=None,
                available_at=timezone.now(),
                sent_at=None,
                finished_at=None,
                reason="",
                log="",
            )
        if again:
            record.settle(again[0])
    return again
