"""The trash: out of every listing for a set time, still there for what refers to it, and restorable. See 0017."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.search import index

from media_library.conf import conf
from media_library.deletion.ending import delete_asset
from media_library.deletion.guard import lock, refusals
from media_library.exceptions import AssetInUse
from media_library.models import Asset
from media_library.motion import films_beside
from media_library.signals import tell_changed, together
from media_library.usage import used
from media_library.usage.places import User

logger = logging.getLogger(__name__)

LOG_TRASH = "media_library.trash"
LOG_RESTORE = "media_library.restore"

AT_ONCE = 100
"""How many go to the trash in one transaction; whoever wants to use one of them waits for it."""

AT_A_TIME = 500
"""How many one run of beat deletes for good."""


def trash_asset(asset: Asset, user: User | None = None) -> None:
    """Put an asset in the trash, and note who did it. Whether they may, the door has asked before.

    Raises ``AssetInUse``. What is there already, or gone, is left alone.
    """
    for refusal in _trash([asset.pk], user):
        raise refusal


def trash_assets(assets: Iterable[Asset], user: User | None = None) -> list[AssetInUse]:
    """Put those of the assets in the trash that may go; return why the others stay.

    What only others of them use goes with these.
    """
    waiting = sorted(asset.pk for asset in assets)
    while True:
        parts = [waiting[first : first + AT_ONCE] for first in range(0, len(waiting), AT_ONCE)]
        refused = [refusal for part in parts for refusal in _trash(part, user)]
        if not refused or len(refused) == len(waiting):
            return refused
        waiting = [refusal.asset.pk for refusal in refused]


@transaction.atomic
def _trash(ids: list[int], user: User | None, at: datetime | None = None) -> list[AssetInUse]:
    """Those that may go, go together. A few queries for each of them, and a fixed number for all.

    The films of motion photos go along, unless something else uses them.
    """
    at = at or timezone.now()
    kinds = [str(kind._meta.model_name) for kind in Asset.__subclasses__()]
    # Ordered, so that two who delete the same ones don't wait for each other.
    rows = Asset.objects.select_for_update(of=("self",)).filter(pk__in=ids, trashed_at=None).order_by("pk")
    found = list(rows.select_related(*kinds))
    refused = refusals(found, user)
    going = [asset.specific for asset in found if asset.pk not in refused]
    _move(going, at, user)
    for asset in going:
        index.remove_object(asset)
        log(instance=asset, action=LOG_TRASH, user=user)
    if films := films_beside(going):
        _trash(films, user, at)
    return list(refused.values())


def restore_asset(asset: Asset, user: User | None = None) -> bool:
    """Take an asset out of the trash; False if it wasn't there, or is gone.

    A film that went there with its motion photo comes back with it.
    """
    with transaction.atomic():
        found = lock(asset)
        if found is None or not found.trashed_at:
            return False
        specific, since = found.specific, found.trashed_at
        _move([specific], None, None)
        index.insert_or_update_object(specific)
        log(instance=specific, action=LOG_RESTORE, user=user)
        for film in Asset.objects.filter(pk__in=films_beside([specific]), trashed_at=since):
            restore_asset(film, user)
        return True


def restore_assets(asset_ids: Iterable[int], user: User | None = None) -> list[Asset]:
    """Take those of the assets out of the trash that are there; return these."""
    trashed = Asset.objects.filter(pk__in=list(asset_ids), trashed_at__isnull=False).order_by("pk")
    return [asset for asset in trashed if restore_asset(asset, user)]


def empty_trash() -> int:
    """Delete for good what has been in the trash for its time, each by itself; return how many.

    What has come into use again without being saved anew (by Python, or a form that was open meanwhile) is restored.
    """
    in_trash = Asset.objects.filter(trashed_at__isnull=False)
    for asset in restore_assets(used(in_trash).values_list("pk", flat=True)):
        logger.warning("Asset %s was used again, and is out of the trash", asset.pk)
    due = in_trash.filter(trashed_at__lt=timezone.now() - timedelta(days=conf.TRASH_DAYS))
    # Films before the pictures that are their posters.
    ids = list(due.order_by("-kind", "pk").values_list("pk", flat=True)[:AT_A_TIME])
    return sum(_end(asset) for asset in map(Asset.objects.filter(pk__in=ids).in_bulk().get, ids) if asset)


def _end(asset: Asset) -> bool:
    try:
        delete_asset(asset, only_trashed=True)
    except AssetInUse as refusal:
        logger.warning("Asset %s stays in the trash: %s", asset.pk, refusal)
        return False
    except Exception:
        # A broken one must not keep all others.
        logger.exception("Asset %s stays in the trash", asset.pk)
        return False
    logger.info("Asset %s was in the trash for its time, and is deleted for good", asset.pk)
    return True


def restorable_until(asset: Asset) -> datetime:
    """When an asset that is in the trash, or goes there now, will be deleted for good."""
    return (asset.trashed_at or timezone.now()) + timedelta(days=conf.TRASH_DAYS)


def _move(assets: Iterable[Asset], trashed_at: datetime | None, user: User | None) -> None:
    user_id = user.pk if user else None
    for asset in assets:
        asset.trashed_at, asset.trashed_by_id = trashed_at, user_id
    Asset.objects.filter(pk__in=[asset.pk for asset in assets]).update(trashed_at=trashed_at, trashed_by=user_id)
    with together():
        for asset in assets:
            is_ready = asset.status == Asset.Status.READY
            event = "deleted" if trashed_at else "ready" if is_ready else ""
            tell_changed(asset.kind, [asset.pk], is_listed=True, event=event)
