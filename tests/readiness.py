"""For seeds whose assets real workers develop: go on once they are at it no more."""

import time

from media_library.models import Asset, ProcessingJob

SECONDS = 180


def wait_until_all_is_ready(seconds: float = SECONDS) -> None:
    """Return once every asset is ready. Raises ``TimeoutError`` when one has failed, or when time is up.

    The message names each asset that isn't ready, with its status, its jobs and what they have said.
    """
    until = time.monotonic() + seconds
    while late := list(Asset.objects.exclude(status=Asset.Status.READY).order_by("pk")):
        has_failed = any(asset.status == Asset.Status.FAILED for asset in late)
        if has_failed or time.monotonic() > until:
            reason = "one of them has failed" if has_failed else f"{seconds:g} seconds are over"
            raise TimeoutError("\n".join([f"Not ready, and {reason}:", *map(_describe, late)]))
        time.sleep(0.2)


def _describe(asset: Asset) -> str:
    """A line for the asset, and one for each of its jobs."""
    lines = [f"{asset.kind} {asset.pk} “{asset.title}”, version {asset.version}: {asset.status} {asset.status_reason}"]
    for job in ProcessingJob.objects.filter(asset=asset).order_by("pk"):
        said = f"sent at {job.sent_at}, not before {job.available_at}, attempts {job.attempts}"
        lines.append(
            f"  {job.operation} of version {job.version}: {job.state} ({said}) {job.reason} {job.log[-1000:]}"
        )
    return "\n".join(line.rstrip() for line in lines)
