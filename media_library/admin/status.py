"""How far the work on assets is: what the admin's pages ask for while it goes on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Avg, Case, F, FloatField, Q, QuerySet, When
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from media_library.admin.facts import thumbnail_urls
from media_library.admin.permissions import visible_assets
from media_library.models import Asset, ProcessingJob

MAX_IDS = 100
"""How many assets one request may ask about."""

MAX_DIGITS = 18
"""Longer ids don't fit the database's integers."""


@require_GET
@cache_control(private=True, no_store=True)
def asset_status(request: HttpRequest) -> JsonResponse:
    """Answer ``?ids=1,2,3`` with the state of those assets that the user may see, of any kind::

        {"items": [{"id": 2, "status": "processing", "label": "Processing", "progress": 0.62,
                    "parts": {"480p": 1.0, "1080p": 0.31}, "reason": "", "poster": "/media/2/1/poster.webp"}]}

    ``progress`` is 0 to 1 while there is work, otherwise null, and ``parts`` is the same for the parts of what is
    being worked on; ``poster`` is null where there is none. Ids that don't
    exist or that the user may not see are left out. 400 with a ``message`` for anything but 1 to 100 ids.
    """
    try:
        ids = parse_ids(request.GET.get("ids", ""))
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=400)
    return JsonResponse({"items": describe(visible_assets(request.user).filter(pk__in=ids))})


def parse_ids(value: str) -> set[int]:
    """Read ``1,2,3``. Raises ``ValueError`` with a sentence for whoever wrote the request."""
    parts = value.split(",") if value else []
    if not parts:
        raise ValueError(_("Say which assets: ?ids=1,2,3"))
    if len(parts) > MAX_IDS:
        raise ValueError(_("Ask for at most %(number)s assets at a time.") % {"number": MAX_IDS})
    if not all(part.isascii() and part.isdigit() and len(part) <= MAX_DIGITS for part in parts):
        raise ValueError(_("Ids are whole numbers, separated by commas."))
    return {int(part) for part in parts}


def describe(assets: QuerySet[Asset]) -> list[dict[str, Any]]:
    """What ``asset_status`` answers for these assets. Three queries, whatever their number."""
    this_version = Q(jobs__version=F("version")) & ~Q(jobs__operation__in=ProcessingJob.NOT_WAITED_FOR)
    share = Case(
        When(jobs__state=ProcessingJob.State.DONE, then=1.0),
        default=F("jobs__progress"),
        output_field=FloatField(),
    )
    rows = list(
        assets.annotate(progress=Avg(share, filter=this_version))
        .order_by("pk")
        .values("id", "kind", "status", "status_reason", "progress")
    )
    posters, parts = _posters(rows), _parts(rows)
    return [
        {
            "id": row["id"],
            "status": row["status"],
            "label": str(Asset.Status(row["status"]).label),
            "progress": round(row["progress"], 3) if _is_unfinished(row) else None,
            "parts": parts.get(row["id"], {}),
            "reason": row["status_reason"],
            "poster": posters.get(row["id"]),
        }
        for row in rows
    ]


def _is_unfinished(row: Mapping[str, Any]) -> bool:
    return row["progress"] is not None and row["status"] in (Asset.Status.UPLOADED, Asset.Status.PROCESSING)


def _parts(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, float]]:
    unfinished = [row["id"] for row in rows if _is_unfinished(row)]
    if not unfinished:
        return {}
    running = ProcessingJob.objects.filter(asset__in=unfinished, state=ProcessingJob.State.RUNNING)
    parts: dict[int, dict[str, float]] = {}
    for asset_id, found in running.order_by("pk").values_list("asset", "parts"):
        parts.setdefault(asset_id, {}).update(found)
    return parts


def _posters(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    return thumbnail_urls(row["id"] for row in rows if row["kind"] in (Asset.Kind.VIDEO, Asset.Kind.AUDIO))
