"""How the library is doing, and what nothing uses."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from wagtail.models import Collection

from media_library.admin.board.pages import remembered
from media_library.admin.permissions import may_work, visible_assets
from media_library.api.rest.errors import forbidden
from media_library.api.rest.filters import Listing, narrowed, ordered, require_known
from media_library.api.rest.reading import find_asset, page_of_assets, readable_assets, represent_assets
from media_library.api.rest.schemas import Analytics, AssetPage, Engagement, Period
from media_library.models import Asset
from media_library.statistics import figures
from media_library.statistics.engagement import WIDTHS, engagement, retention
from media_library.statistics.events import GRID
from media_library.statistics.figures import Stored, total
from media_library.usage import unused

router = Router(tags=["media"])

Kind = Asset.Kind


@router.get(
    "/analytics/", response=Analytics, operation_id="get_media_analytics", summary="Get figures of the library"
)
def get_media_analytics(request: HttpRequest, params: Query[Period]) -> dict[str, Any]:
    """Totals, storage by kind and folder, savings, what was seen over time, and what was seen most."""
    require_known(request, Period)
    if not may_work(request.user):
        raise forbidden()
    assets, period = readable_assets(request), figures.Period(params.days)
    stored = figures.storage(assets)
    seen = remembered(figures.seen, request.user, period)
    uploads = remembered(figures.uploads, request.user, period)
    everything = total(stored)
    sums = {f"sum_{name}": sum(row[f"sum_{name}"] for row in seen.values()) for name in figures.NUMBERS}
    return {
        "days": params.days,
        "totals": _stored(everything) | _seen(sums) | {"unused": unused(assets).count()},
        "by_kind": [{"kind": kind.value} | _stored(total(stored, kind=kind.value)) for kind in Kind],
        "by_collection": _by_collection(stored),
        "savings": [
            {"kind": kind.value, "originals": one.originals, "shown": one.shown}
            for kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO)
            for one in [total(stored, kind=kind.value)]
        ],
        "polished": everything.polished,
        "steps": [
            {"day": step, "uploads": {kind: uploads.get((step, kind), 0) for kind in Kind.values}}
            | _seen(seen.get(step, {}))
            for step in period.steps()
        ],
        "top": _top(request, period),
    }


@router.get(
    "/{int:asset_id}/engagement/",
    response=Engagement,
    operation_id="get_media_engagement",
    summary="Get what visitors did with one",
)
def get_media_engagement(request: HttpRequest, asset_id: int, params: Query[Period]) -> dict[str, Any]:
    """What of it is watched, how wide it is shown, where it is clicked: counts, and nothing of who it was."""
    require_known(request, Period)
    asset = find_asset(request, asset_id)
    # Anybody may read what is public, and figures are for who works with it.
    if not visible_assets(request.user).filter(pk=asset.pk).exists():
        raise forbidden()
    counts = engagement(asset.pk, figures.Period(params.days).first)
    viewings = counts["viewings"][0]
    return {
        "days": params.days,
        "viewings": viewings,
        "retention": [
            {"share": one.value, "lower": one.lower, "upper": one.upper}
            for one in (retention(counts) if viewings else [])
        ],
        "seconds": [number / 1000 for number in counts["milliseconds"]],
        "widths": [
            {"up_to": width, "views": number} for width, number in zip((*WIDTHS, None), counts["widths"], strict=True)
        ],
        "clicks": [counts["clicks"][row * GRID : (row + 1) * GRID] for row in range(GRID)],
    }


@router.get("/unused/", response=AssetPage, operation_id="list_unused_media", summary="List what nothing uses")
def list_unused_media(request: HttpRequest, params: Query[Listing]) -> dict[str, Any]:
    """Neither live, nor in a latest draft, nor scheduled."""
    require_known(request, Listing)
    assets = narrowed(readable_assets(request), params.model_copy(update={"unused": True}), request)
    found, columns = ordered(assets, params.order)
    return page_of_assets(request, found, columns, params, params.include)


def _stored(one: Stored) -> dict[str, int]:
    names = ("number", "bytes", "originals", "renditions", "transcodes", "versions")
    return {name: getattr(one, name) for name in names}


def _seen(row: Any) -> dict[str, int]:
    found = {name: row.get(f"sum_{name}", 0) for name in figures.NUMBERS}
    return {"bytes_sent" if name == "bytes" else name: value for name, value in found.items()}


def _by_collection(stored: dict[tuple[int, str], Stored]) -> list[dict[str, Any]]:
    sums: dict[int, Stored] = defaultdict(Stored)
    for (collection, _kind), one in stored.items():
        sums[collection] += one
    names = dict(Collection.objects.filter(pk__in=sums).values_list("pk", "name"))
    largest = sorted((pk for pk in sums if pk in names), key=lambda pk: -sums[pk].bytes)
    return [{"collection": {"id": pk, "name": names[pk]}} | _stored(sums[pk]) for pk in largest]


def _top(request: HttpRequest, period: figures.Period) -> list[dict[str, Any]]:
    numbers = remembered(figures.most_seen, request.user, period)
    # Asked anew whether they may be seen.
    visible = set(readable_assets(request).filter(pk__in=numbers).values_list("pk", flat=True))
    shown = represent_assets(request, [pk for pk in numbers if pk in visible])
    return [{"asset": one} | _seen(numbers[one["id"]]) for one in shown]
