"""What resembles an asset, and why."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from media_library.api.rest.auth import ANYONE
from media_library.api.rest.filters import require_known
from media_library.api.rest.reading import find_asset, readable_assets, represent_assets
from media_library.api.rest.schemas import RelatedAssets
from media_library.related import Audience, related

router = Router(tags=["media"])


class Amount(Schema):
    limit: int = Field(12, ge=1, le=50)


@router.get(
    "/{int:asset_id}/related/",
    response=RelatedAssets,
    auth=ANYONE,
    operation_id="list_related_media",
    summary="List assets that resemble one",
)
def list_related_media(request: HttpRequest, asset_id: int, params: Query[Amount]) -> dict[str, Any]:
    """The same file, what looks alike, is tagged alike or used on the same pages. Each reason adds to the score.

    With a token, also what was taken at the same time or place, and what drafts use: neither is public.
    """
    require_known(request, Amount)
    asset, among = find_asset(request, asset_id), readable_assets(request)
    audience = Audience.EDITORS if request.user.is_authenticated else Audience.VISITORS
    found = {one.asset.pk: one for one in related(asset, among, params.limit, audience=audience)}
    return {
        "items": [
            {
                "asset": shown,
                "score": round(found[shown["id"]].score, 3),
                "reasons": [{"code": one.code, "text": str(one.text)} for one in found[shown["id"]].reasons],
            }
            for shown in represent_assets(request, list(found))
        ]
    }
