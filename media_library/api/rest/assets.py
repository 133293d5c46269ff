"""One asset, and lists of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from media_library.api.rest.auth import ANYONE
from media_library.api.rest.cursors import page
from media_library.api.rest.filters import Listing, narrowed, ordered, require_known
from media_library.api.rest.reading import (
    find_asset,
    find_changeable,
    readable_assets,
    represent_asset,
    represent_assets,
)
from media_library.api.rest.schemas import AnyAsset, AssetChanges, AssetPage, InUse, ProblemDetail, Trashed
from media_library.api.rest.writing import write
from media_library.deletion import restorable_until, trash_asset
from media_library.models import Asset

router = Router(tags=["media"])

WORKING = (Asset.Status.UPLOADED, Asset.Status.PROCESSING)
RETRY_SECONDS = 2
"""After which it is worth asking again for an asset that is being developed."""


@router.get(
    "/", response={200: AssetPage, 422: ProblemDetail}, auth=ANYONE, operation_id="list_media", summary="List media"
)
def list_media(request: HttpRequest, params: Query[Listing]) -> dict[str, Any]:
    """What you may see, newest first; all that match come page by page, with the cursor in `next`."""
    require_known(request, Listing)
    return listing(request, narrowed(readable_assets(request), params, request), params)


def listing(request: HttpRequest, assets: Any, params: Listing) -> dict[str, Any]:
    """One page of these assets as ``AssetPage``."""
    assets, columns = ordered(assets, params.order)
    # Ids alone are sorted; the rows of the page are read afterwards.
    rows = assets.values_list("pk", *(column.name for column in columns), named=True)
    found, following = page(rows, columns, params.cursor, params.limit)
    return {"items": represent_assets(request, [asset.pk for asset in found]), "next": following}


@router.get(
    "/{int:asset_id}/",
    response={200: AnyAsset, 404: ProblemDetail},
    auth=ANYONE,
    operation_id="get_media",
    summary="Get one asset",
)
def get_media(request: HttpRequest, response: HttpResponse, asset_id: int) -> dict[str, Any]:
    """While it is being developed, `Retry-After` says when to ask again."""
    asset = find_asset(request, asset_id)
    if asset.status in WORKING:
        response["Retry-After"] = str(RETRY_SECONDS)
    return represent_asset(request, asset)


@router.patch(
    "/{int:asset_id}/",
    response={200: AnyAsset, 403: ProblemDetail, 404: ProblemDetail, 422: ProblemDetail},
    operation_id="update_media",
    summary="Change what is said of an asset",
)
def update_media(request: HttpRequest, asset_id: int, changes: AssetChanges) -> dict[str, Any]:
    """Writes the fields that are sent, all or none of them."""
    asset = find_changeable(request, asset_id)
    write(asset, changes.model_dump(exclude_unset=True), request)
    return represent_asset(request, asset)


@router.delete(
    "/{int:asset_id}/",
    response={200: Trashed, 403: ProblemDetail, 404: ProblemDetail, 409: InUse},
    operation_id="delete_media",
    summary="Put an asset in the trash",
)
def delete_media(request: HttpRequest, asset_id: int) -> dict[str, Any]:
    """It can be restored until `trashed_until`. What is used stays: 409 with the places."""
    asset = find_changeable(request, asset_id, "delete")
    trash_asset(asset, request.user)
    return {"id": asset.pk, "filename": asset.filename, "trashed_until": restorable_until(asset)}
