"""May this be deleted? Every door asks here: the admin's pages, bulk actions, APIs, and Python's ``delete()``."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.delete import DeleteAction

from media_library.exceptions import AssetInUse
from media_library.models import Asset
from media_library.usage import places_in_bulk, usage_counts
from media_library.usage.places import User

SHOWN = 50
"""Places that a refusal names at most; a logo may be on every page."""


def refusals(assets: Iterable[Asset], user: User | None = None, limit: int = SHOWN) -> dict[int, AssetInUse]:
    """Why these assets can't be deleted, by id, without those that can.

    With a ``user``, places that they may not see are counted, but not named. A fixed number of queries.
    """
    by_id = {asset.pk: asset for asset in assets}
    counts = {asset_id: number for asset_id, number in usage_counts(by_id).items() if number}
    found = places_in_bulk(counts, user, limit) if counts else {}
    return {
        asset_id: AssetInUse(_sentence(by_id[asset_id], number), by_id[asset_id], found[asset_id], number)
        for asset_id, number in counts.items()
    }


def require_unused(asset: Asset, user: User | None = None) -> None:
    """Raise ``AssetInUse`` if anything uses the asset: live, in a latest draft, or scheduled.

    Inside a transaction that then deletes it: a draft that takes it up meanwhile waits for the end (usage.record), and
    one that did so just before is seen.
    """
    with transaction.atomic():
        _lock(asset)
        for refusal in refusals([asset], user).values():
            raise refusal


def delete_asset(asset: Asset, user: User | None = None) -> None:
    """Delete an asset with all that was made of it, and note who did it. Whether they may, the door has asked before.

    Raises ``AssetInUse``. Deleting what somebody else has just deleted is no error.
    """
    try:
        with transaction.atomic():
            if _lock(asset):
                require_unused(asset, user)
                DeleteAction(asset.specific, user=user).execute(skip_permission_checks=True)
    except (ProtectedError, RestrictedError) as error:
        # By a model that the reference index doesn't know.
        _message, referrers = error.args
        raise AssetInUse(_sentence(asset, len(referrers)), asset, (), len(referrers)) from error


def delete_assets(assets: Iterable[Asset], user: User | None = None) -> list[AssetInUse]:
    """Delete those of the assets that may go, each by itself; return why the others stay.

    What only others of them use goes with these.
    """
    waiting = sorted(assets, key=lambda asset: asset.pk)
    while True:
        refused = [refusal for asset in waiting if (refusal := _try(asset, user)) is not None]
        if not refused or len(refused) == len(waiting):
            return refused
        waiting = [refusal.asset for refusal in refused]


def _try(asset: Asset, user: User | None) -> AssetInUse | None:
    try:
        delete_asset(asset, user)
    except AssetInUse as refusal:
        return refusal
    return None


def _lock(asset: Asset) -> bool:
    """Keep others from using or deleting the asset until the transaction ends; False if it is gone."""
    # SQLite has one writer at a time, and no need of it.
    return Asset.objects.select_for_update().filter(pk=asset.pk).values_list("pk", flat=True).first() is not None


def _sentence(asset: Asset, number: int) -> str:
    used = ngettext(
        "“%(title)s” is used in %(number)s place, so it can't be deleted.",
        "“%(title)s” is used in %(number)s places, so it can't be deleted.",
        number,
    ) % {"title": asset.title, "number": number}
    return used + " " + _("Replace it or take it out there, then delete it.")
