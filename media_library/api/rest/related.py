"""What resembles an asset, and why."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from media_library.admin.choosing.suggestions import similar
from media_library.api.rest.filters import require_known
from media_library.api.rest.reading import find_asset, readable_assets, represent_assets
from media_library.api.rest.schemas import RelatedAssets

router = Router(tags=["media"])


class Amount(Schema):
    limit: int = Field(12, ge=1, le=50)


@router.get(
    "/{int:asset_id}/related/",
    response=RelatedAssets,
    # When a picture was taken, and what drafts use, isn't public.
    operation_id="list_related_media",
    summary="List assets that resemble one",
)
def list_related_media(request: HttpRequest, asset_id: int, params: Query[Amount]) -> dict[str, Any]:
    """The same file, a picture that looks alike, taken at the same time or place, tagged alike, used together."""
    require_known(request, Amount)
    found = similar(readable_assets(request), find_asset(request, asset_id), params.limit)
    reasons = {asset.pk: several for asset, several in found.items()}
    return {
        "items": [
            {
                "asset": asset,
                "reasons": [{"code": one.code, "text": str(one.text)} for one in reasons[asset["id"]]],
            }
            for asset in represent_assets(request, list(reasons))
        ]
    }
