"""Letting pictures and posters follow the manifest in force: what they lack is made, and what nobody relies on any
more goes."""

from django.db import transaction
from django.utils import timezone

from media_library import manifests, posters
from media_library.jobs.queue import enqueue_all, enqueue_posters
from media_library.models import Asset, CustomImage, PresetManifest, ProcessingJob, Video
from media_library.renditions import has_dropped, missing_orders

LOOKED_AT = 200
"""Pictures and films that are looked at together."""

MOST_WAITING = 50
"""Pictures and posters that are in line at the same time, so that what somebody uploads meanwhile is soon ready."""


def enqueue_for_presets() -> list[ProcessingJob]:
    """Write down what to develop next, where the manifest in force is newer than the pictures; oldest first.

    What was looked at is not looked at again, whichever process it was, until another manifest comes.
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
    after = Asset.objects.filter(pk__gt=manifest.followed_to, kind__in=(Asset.Kind.IMAGE, Asset.Kind.VIDEO))
    ids = list(after.order_by("pk").values_list("pk", flat=True)[:LOOKED_AT])
    shown: list[CustomImage | Video] = [
        *CustomImage.objects.filter(pk__in=ids).prefetch_related("renditions"),
        *Video.objects.filter(pk__in=ids).select_related("poster_image").prefetch_related("poster_renditions"),
    ]
    stale, seen = [], manifest.followed_to
    for asset in sorted(shown, key=lambda asset: asset.pk):
        seen = asset.pk
        # What is not ready is developed by its own job, or waits for somebody to replace its file.
        if asset.status == Asset.Status.READY and _is_behind(asset):
            stale.append(asset)
            if len(stale) == room:
                break
    is_over = seen == manifest.followed_to
    with transaction.atomic():
        mine = PresetManifest.objects.filter(pk=manifest.pk, followed_to=manifest.followed_to)
        moved = mine.update(followed_to=0, followed_at=timezone.now()) if is_over else mine.update(followed_to=seen)
        # Another process may have looked at the same pictures.
        return _enqueue(stale) if moved else []


def _is_behind(asset: CustomImage | Video) -> bool:
    if isinstance(asset, Video):
        return posters.is_behind(asset)
    return bool(missing_orders(asset)) or has_dropped(asset)


def _enqueue(stale: list[CustomImage | Video]) -> list[ProcessingJob]:
    images = [one for one in stale if isinstance(one, CustomImage)]
    return enqueue_all(images) + enqueue_posters([one for one in stale if isinstance(one, Video)])


def _in_line() -> int:
    operations = (ProcessingJob.Operation.DEVELOP_IMAGE, ProcessingJob.Operation.MAKE_POSTER)
    developing = ProcessingJob.objects.filter(operation__in=operations)
    return developing.filter(state__in=(ProcessingJob.State.QUEUED, ProcessingJob.State.RUNNING)).count()
