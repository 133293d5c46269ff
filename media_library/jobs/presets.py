"""Letting pictures follow the manifest in force: what they lack is made, and what nobody relies on any more goes."""

from django.db import transaction
from django.utils import timezone

from media_library import manifests
from media_library.jobs.queue import enqueue_all
from media_library.models import Asset, CustomImage, PresetManifest, ProcessingJob
from media_library.renditions import has_dropped, missing_orders

LOOKED_AT = 200
"""Pictures that are looked at together."""

MOST_WAITING = 50
"""Pictures that are in line at the same time, so that what somebody uploads meanwhile is soon ready."""


def enqueue_for_presets() -> list[ProcessingJob]:
    """Write down what to develop next, where the manifest in force is newer than the pictures; oldest first.

    A picture that was looked at is not looked at again, whichever process it was, until another manifest comes.
    """
    manifest = manifests.to_follow()
    room = MOST_WAITING - _in_line() if manifest else 0
    if manifest is None or room <= 0:
        return []
    if manifest.followed_to == 0:
        # Here begins what the process that has taken the manifest in may not have lived to do.
        if not manifests.refresh():
            return []
        with transaction.atomic():
            manifests.tell_changed()
    return _look_at_next(manifest, room)


def _look_at_next(manifest: PresetManifest, room: int) -> list[ProcessingJob]:
    after = CustomImage.objects.filter(pk__gt=manifest.followed_to).order_by("pk")
    stale, seen = [], manifest.followed_to
    for image in after.prefetch_related("renditions")[:LOOKED_AT]:
        seen = image.pk
        # What is not ready is developed by its own job, or waits for somebody to replace its file.
        if image.status == Asset.Status.READY and (missing_orders(image) or has_dropped(image)):
            stale.append(image)
            if len(stale) == room:
                break
    is_over = seen == manifest.followed_to
    with transaction.atomic():
        mine = PresetManifest.objects.filter(pk=manifest.pk, followed_to=manifest.followed_to)
        moved = mine.update(followed_to=0, followed_at=timezone.now()) if is_over else mine.update(followed_to=seen)
        # Another process may have looked at the same pictures.
        return enqueue_all(stale) if moved and stale else []


def _in_line() -> int:
    developing = ProcessingJob.objects.filter(operation=ProcessingJob.Operation.DEVELOP_IMAGE)
    return developing.filter(state__in=(ProcessingJob.State.QUEUED, ProcessingJob.State.RUNNING)).count()
