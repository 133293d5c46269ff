"""What may be seen of the library, and how it is shown: in a fixed number of queries for any number of assets."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.api.utils import get_base_url

from media_library.admin.permissions import KINDS, permitted_assets, trashed_assets, visible_assets
from media_library.api.library import serving
from media_library.api.rest.cursors import Column, Paging, page
from media_library.api.rest.errors import Problem, forbidden, not_found
from media_library.api.rest.ids import MAX_ID
from media_library.api.serializers import represent
from media_library.cache_tags import LISTS, record, valid_today
from media_library.deletion import restorable_until
from media_library.models import Asset
from media_library.rights import expired

Include = Sequence[str]
"""What is shown of assets besides: ``variants``."""

MODEL_NAMES = {kind.KIND: str(kind._meta.model_name) for kind in KINDS}


def readable_assets(request: HttpRequest) -> QuerySet[Asset]:
    """What the library shows to this user; to anybody, what is public: in open folders, with rights to it.

    Without the trash.
    """
    if request.user.is_authenticated:
        return visible_assets(request.user)
    # Rights end with a day.
    valid_today()
    with serving(request) as shown:
        closed = shown.closed_collections
    return Asset.objects.filter(trashed_at__isnull=True).exclude(collection__in=closed).exclude(expired())


def find_asset(request: HttpRequest, asset_id: int) -> Asset:
    """An asset that may be read, or 404: that there is another one is nobody's business."""
    return _found(readable_assets(request), asset_id)


def find_changeable(request: HttpRequest, asset_id: int, permission: str = "change") -> Asset:
    """An asset to which this user may do that; 403 for one that they may only read."""
    asset = find_asset(request, asset_id)
    if not permitted_assets(request.user, permission).filter(pk=asset.pk).exists():
        raise forbidden()
    return asset


def find_trashed(request: HttpRequest, asset_id: int) -> Asset:
    """An asset in the trash that this user may restore or delete for good; 409 for one that is not in the trash."""
    trashed = trashed_assets(request.user).filter(pk=min(asset_id, MAX_ID)).first()
    if trashed is None:
        find_changeable(request, asset_id, "delete")
        raise Problem(409, "not_in_trash", _("Only what is in the trash can be deleted for good. Delete it first."))
    return trashed


def _found(assets: QuerySet[Asset], asset_id: int) -> Asset:
    asset = assets.filter(pk=asset_id).first() if 0 < asset_id <= MAX_ID else None
    record(*(f"{kind}-{asset_id}" for kind in ([asset.kind] if asset else LISTS)))
    if asset is None:
        raise not_found()
    return asset


def page_of_assets(
    request: HttpRequest, assets: QuerySet[Asset], columns: Sequence[Column], paging: Paging, include: Include = ()
) -> dict[str, Any]:
    """One page of these assets in the order of these columns, as ``AssetPage``."""
    # Ids alone are sorted; the rows of the page are read afterwards.
    rows = assets.values_list("pk", *(column.name for column in columns), named=True)
    found, following = page(rows, columns, paging.cursor, paging.limit)
    return {"items": represent_assets(request, [row.pk for row in found], include), "next": following}


def represent_asset(request: HttpRequest, asset: Asset, include: Include = ()) -> dict[str, Any]:
    """One asset as ``AnyAsset``, as it is now."""
    found = represent_assets(request, [asset.pk], include)
    if not found:
        # Deleted in this moment.
        raise not_found()
    return found[0]


def represent_assets(request: HttpRequest, ids: Sequence[int], include: Include = ()) -> list[dict[str, Any]]:
    """Assets by id as ``AnyAsset``, in this order; those that are gone meanwhile are left out.

    Whether they may be seen, the caller has asked.
    """
    assets = load(ids)
    whole = "variants" in include
    with serving(request, base_url=get_base_url(request) or "", whole=whole) as shown:
        if request.user.is_authenticated:
            # Folders that are closed to visitors are open to those who work in them.
            shown.closed_collections = set()
        shown.expect(assets)
        # Serializers are kept in it: to make one costs more than to fill it.
        context: dict[str, Any] = {}
        found = [_object(asset, request, context) for asset in assets]
        if whole:
            for one, asset in zip(found, assets, strict=True):
                one["variants"] = [vars(variant) for variant in shown.variants(asset)]
        return found


def load(ids: Sequence[int]) -> list[Any]:
    """Assets as their concrete kinds with folder and uploader, in the order of the ids. One query."""
    rows = (
        Asset.objects.filter(pk__in=list(ids))
        .select_related(*MODEL_NAMES.values(), "collection", "uploaded_by_user", "trashed_by")
        .in_bulk()
    )
    return [_specific(rows[asset_id]) for asset_id in ids if asset_id in rows]


def _specific(row: Asset) -> Asset:
    asset = getattr(row, MODEL_NAMES[row.kind])
    asset.collection, asset.uploaded_by_user, asset.trashed_by = row.collection, row.uploaded_by_user, row.trashed_by
    return asset


def _object(asset: Asset, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    found = (represent(asset, context) or {}) | {"kind": asset.kind, "status": asset.status, "details": None}
    if request.user.is_authenticated:
        found["details"] = _details(asset)
    return found


def _details(asset: Asset) -> dict[str, Any]:
    return {
        "filename": asset.filename,
        "file_size": asset.file_size,
        "mime_type": asset.mime_type,
        "sha256": asset.file_hash,
        "metadata": asset.metadata,
        "taken_at": asset.taken_at,
        "description": asset.description,
        "alt_text": asset.alt_text,
        "source": asset.source,
        "expires_on": asset.expires_on,
        "legal_basis": asset.legal_basis,
        "model_release": asset.model_release,
        "collection": {"id": asset.collection_id, "name": asset.collection.name},
        "uploaded_by": _named(asset.uploaded_by_user),
        "status_reason": asset.status_reason,
        "view_count": asset.view_count,
        "created_at": asset.created_at,
        "updated_at": asset.updated_at,
        "trashed_at": asset.trashed_at,
        "trashed_by": _named(asset.trashed_by),
        "trashed_until": restorable_until(asset) if asset.trashed_at else None,
    }


def _named(user: Any) -> dict[str, Any] | None:
    return {"id": user.pk, "name": get_user_display_name(user)} if user else None
