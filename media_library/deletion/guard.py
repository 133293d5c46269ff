"""What is used stays: live, in latest drafts, and in scheduled revisions."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_library.exceptions import AssetInUse
from media_library.models import Asset
from media_library.usage import places_in_bulk, usage_counts
from media_library.usage.places import User

SHOWN = 50
"""Places that a refusal names at most; a logo may be on every page."""


def refusals(
    assets: Iterable[Asset], user: User | None = None, limit: int = SHOWN, *, for_good: bool = False
) -> dict[int, AssetInUse]:
    """Why these assets can't be deleted, by id, without those that can.

    With a ``user``, places that they may not see are counted, but not named. What is in the trash keeps what it uses
    only from being deleted ``for_good``, since it may be restored. A fixed number of queries.
    """
    by_id = {asset.pk: asset for asset in assets}
    counts = usage_counts(by_id, with_trash=for_good)
    used = [asset_id for asset_id, number in counts.items() if number]
    found = places_in_bulk(used, user, limit, with_trash=for_good) if used else {}
    return {
        asset_id: AssetInUse(
            describe_use(by_id[asset_id], counts[asset_id]), by_id[asset_id], found[asset_id], counts[asset_id]
        )
        for asset_id in used
    }


def require_unused(asset: Asset, user: User | None = None, *, for_good: bool = True) -> None:
    """Raise ``AssetInUse`` if anything uses the asset: live, in a latest draft, or scheduled.

    Inside a transaction that then deletes it: a draft that takes it up meanwhile waits for the end (usage.record), and
    one that did so just before is seen.
    """
    with transaction.atomic():
        lock(asset)
        for refusal in refusals([asset], user, for_good=for_good).values():
            raise refusal


def lock(asset: Asset) -> Asset | None:
    """Keep others from using or deleting the asset until the transaction ends; its row as it is now, None if gone."""
    # SQLite has one writer at a time, and no need of it.
    return Asset.objects.select_for_update(of=("self",)).filter(pk=asset.pk).first()


def each_that_may_go(act: Callable[[Asset], object], assets: Iterable[Asset]) -> list[AssetInUse]:
    """Do it to each of the assets by itself; return why the others stay.

    What only others of them use goes with these.
    """
    waiting = sorted(assets, key=lambda asset: asset.pk)
    while True:
        refused = [refusal for asset in waiting if (refusal := _refusal(act, asset)) is not None]
        if not refused or len(refused) == len(waiting):
            return refused
        waiting = [refusal.asset for refusal in refused]


def _refusal(act: Callable[[Asset], object], asset: Asset) -> AssetInUse | None:
    try:
        act(asset)
    except AssetInUse as refusal:
        return refusal
    return None


def describe_use(asset: Asset, number: int) -> str:
    """The sentence of a refusal."""
    used = ngettext(
        "“%(title)s” is used in %(number)s place, so it can't be deleted.",
        "“%(title)s” is used in %(number)s places, so it can't be deleted.",
        number,
    ) % {"title": asset.title, "number": number}
    return used + " " + _("Replace it or take it out there, then delete it.")
