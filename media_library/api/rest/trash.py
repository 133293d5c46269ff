"""Deleting many, and the two ways out of the trash: back, and for good."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from media_library.admin.permissions import may_work, permitted_assets, trashed_assets
from media_library.api.errors import describe_in_use
from media_library.api.rest.cursors import Column, Paging
from media_library.api.rest.errors import forbidden, not_found
from media_library.api.rest.filters import require_known
from media_library.api.rest.ids import MAX_ID
from media_library.api.rest.reading import find_changeable, page_of_assets, readable_assets, represent_asset
from media_library.api.rest.schemas import AnyAsset, AssetPage, BulkDelete, BulkDeletedResults
from media_library.deletion import restorable_until, restore_asset, trash_assets

router = Router(tags=["media"])

LAST_DELETED_FIRST = (Column("trashed_at", datetime, descending=True), Column("id", int, descending=True))


@router.get("/trash/", response=AssetPage, operation_id="list_trash", summary="List the trash")
def list_trash(request: HttpRequest, params: Query[Paging]) -> dict[str, Any]:
    """What you may restore, the last deleted first; `details` say until when."""
    require_known(request, Paging)
    if not may_work(request.user):
        raise forbidden()
    return page_of_assets(request, trashed_assets(request.user), LAST_DELETED_FIRST, params)


@router.post(
    "/{int:asset_id}/restore/",
    response=AnyAsset,
    operation_id="restore_media",
    summary="Take an asset out of the trash",
)
def restore_media(request: HttpRequest, asset_id: int) -> dict[str, Any]:
    """What is out of it already stays as it is."""
    trashed = trashed_assets(request.user).filter(pk=min(asset_id, MAX_ID)).first()
    asset = trashed or find_changeable(request, asset_id, "delete")
    restore_asset(asset, request.user)
    return represent_asset(request, asset)


@router.post(
    "/bulk_delete/",
    response=BulkDeletedResults,
    operation_id="bulk_delete_media",
    summary="Put many assets in the trash",
)
def bulk_delete_media(request: HttpRequest, body: BulkDelete) -> dict[str, Any]:
    """Each by itself, with a result for each: up to 1,000. What only others of them use goes with these."""
    ids = list(dict.fromkeys(body.ids))
    seen = set(readable_assets(request).filter(pk__in=ids).values_list("pk", flat=True))
    mine = permitted_assets(request.user, "delete").in_bulk(ids)
    refused = {one.asset.pk: one for one in trash_assets(mine.values(), request.user)}

    def result(asset_id: int) -> dict[str, Any]:
        if asset_id not in mine:
            problem = forbidden() if asset_id in seen else not_found()
            return {"id": asset_id, "trashed_until": None, "problem": problem.body}
        if asset_id in refused:
            return {"id": asset_id, "trashed_until": None, "problem": describe_in_use(refused[asset_id])}
        return {"id": asset_id, "trashed_until": restorable_until(mine[asset_id]), "problem": None}

    return {"results": [result(asset_id) for asset_id in ids]}
