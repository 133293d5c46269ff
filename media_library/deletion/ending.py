"""Deleting for good: the asset, and all that was made of it."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from wagtail.actions.delete import DeleteAction

from media_library.deletion.guard import describe_use, each_that_may_go, lock, require_unused
from media_library.exceptions import AssetInUse
from media_library.models import Asset
from media_library.usage.places import User


def delete_asset(asset: Asset, user: User | None = None, *, only_trashed: bool = False) -> None:
    """Delete an asset with all that was made of it, and note who did it. Whether they may, the door has asked before.

    Raises ``AssetInUse``. Deleting what somebody else has just deleted is no error. With ``only_trashed``, what
    somebody has just restored is left alone.
    """
    try:
        with transaction.atomic():
            found = lock(asset)
            if found and (found.trashed_at or not only_trashed):
                require_unused(asset, user)
                DeleteAction(asset.specific, user=user).execute(skip_permission_checks=True)
    except (ProtectedError, RestrictedError) as error:
        # By a model that the reference index doesn't know.
        _message, referrers = error.args
        raise AssetInUse(describe_use(asset, len(referrers)), asset, (), len(referrers)) from error


def delete_assets(
    assets: Iterable[Asset], user: User | None = None, *, only_trashed: bool = False
) -> list[AssetInUse]:
    """Delete those of the assets that may go, each by itself; return why the others stay.

    What only others of them use goes with these.
    """
    return each_that_may_go(partial(delete_asset, user=user, only_trashed=only_trashed), assets)
