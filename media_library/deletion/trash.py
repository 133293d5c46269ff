"""The trash: out of every listing for a set time, still there for what refers to it, and restorable. See 0017."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.search import index

from media_library.conf import conf
from media_library.deletion.ending import delete_asset
from media_library.deletion.guard import each_that_may_go, lock, require_unused
from media_library.exceptions import AssetInUse
from media_library.models import Asset
from media_library.usage import used
from media_library.usage.places import User

logger = logging.getLogger(__name__)

LOG_TRASH = "media_library.trash"
LOG_RESTORE = "media_library.restore"

AT_A_TIME = 500
"""How many one run of beat deletes for good."""


def trash_asset(asset: Asset, user: User | None = None) -> None:
    """Put an asset in the trash, and note who did it. Whether they may, the door has asked before.

    Raises ``AssetInUse``. What is there already, or gone, is left alone.
    """
    with transaction.atomic():
        found = lock(asset)
        if found is None or found.trashed_at:
            return
        require_unused(found, user, for_good=False)
        specific = found.specific
        _move(specific, timezone.now(), user)
        index.remove_object(specific)
        log(instance=specific, action=LOG_TRASH, user=user)


def trash_assets(assets: Iterable[Asset], user: User | None = None) -> list[AssetInUse]:
    """Put those of the assets in the trash that may go, each by itself; return why the others stay.

    What only others of them use goes with these.
    """
    return each_that_may_go(partial(trash_asset, user=user), assets)


def restore_asset(asset: Asset, user: User | None = None) -> bool:
    """Take an asset out of the trash; False if it wasn't there, or is gone."""
    with transaction.atomic():
        found = lock(asset)
        if found is None or not found.trashed_at:
            return False
        specific = found.specific
        _move(specific, None, None)
        index.insert_or_update_object(specific)
        log(instance=specific, action=LOG_RESTORE, user=user)
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


def _move(asset: Asset, trashed_at: datetime | None, user: User | None) -> None:
    asset.trashed_at, asset.trashed_by_id = trashed_at, user.pk if user else None
    Asset.objects.filter(pk=asset.pk).update(trashed_at=trashed_at, trashed_by=asset.trashed_by_id)
