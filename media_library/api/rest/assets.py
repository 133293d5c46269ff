"""One asset, and lists of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from media_library.api.rest.auth import ANYONE
from media_library.api.rest.filters import Including, Listing, narrowed, ordered, require_known
from media_library.api.rest.reading import (
    find_asset,
    find_changeable,
    find_trashed,
    page_of_assets,
    readable_assets,
    represent_asset,
)
from media_library.api.rest.schemas import (
    AnyAsset,
    AssetChanges,
    AssetPage,
    Deletion,
    InUse,
    ProblemDetail,
    Trashed,
    Variants,
)
from media_library.api.rest.writing import write
from media_library.deletion import delete_asset, restorable_until, trash_asset
from media_library.models import Asset

router = Router(tags=["media"])

WORKING = (Asset.Status.UPLOADED, Asset.Status.PROCESSING)
RETRY_SECONDS = 2
"""After which it is worth asking again for an asset that is being developed."""


@router.get("/", response=AssetPage, auth=ANYONE, operation_id="list_media", summary="List media")
def list_media(request: HttpRequest, params: Query[Listing]) -> dict[str, Any]:
    """What you may see, newest first; all that match come page by page, with the cursor in `next`."""
    require_known(request, Listing)
    assets, columns = ordered(narrowed(readable_assets(request), params, request), params.order)
    return page_of_assets(request, assets, columns, params, params.include)


@router.get(
    "/{int:asset_id}/",
    response=AnyAsset,
    auth=ANYONE,
    operation_id="get_media",
    summary="Get one asset",
)
def get_media(request: HttpRequest, response: HttpResponse, asset_id: int, params: Query[Including]) -> dict[str, Any]:
    """While it is being developed, `Retry-After` says when to ask again."""
    require_known(request, Including)
    asset = find_asset(request, asset_id)
    if asset.status in WORKING:
        response["Retry-After"] = str(RETRY_SECONDS)
    return represent_asset(request, asset, params.include)


@router.get(
    "/{int:asset_id}/variants/",
    response=Variants,
    auth=ANYONE,
    operation_id="list_media_variants",
    summary="List every file that was made of an asset",
)
def list_media_variants(request: HttpRequest, asset_id: int) -> dict[str, Any]:
    """Renditions of a picture; transcodes, posters and sidecars of a film or a sound; nothing of a document."""
    return {"items": represent_asset(request, find_asset(request, asset_id), ["variants"])["variants"]}


@router.patch(
    "/{int:asset_id}/",
    response=AnyAsset,
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
    response={200: Trashed, 204: None, 409: InUse | ProblemDetail},
    operation_id="delete_media",
    summary="Put an asset in the trash, or delete it for good",
)
def delete_media(request: HttpRequest, asset_id: int, params: Query[Deletion]) -> Any:
    """It can be restored until `trashed_until`. What is used stays: 409 with the places.

    What is in the trash is deleted for good with `permanently=true`, and then there is no answer (204).
    """
    require_known(request, Deletion)
    if params.permanently:
        delete_asset(find_trashed(request, asset_id), request.user, only_trashed=True)
        return Status(204, None)
    asset = find_changeable(request, asset_id, "delete")
    trash_asset(asset, request.user)
    return {"id": asset.pk, "filename": asset.filename, "trashed_until": restorable_until(asset)}
