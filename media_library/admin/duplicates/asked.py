"""What other pages ask: of which assets is this one a duplicate?"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from media_library import duplicates
from media_library.admin.duplicates.report import edit_url, merge_url
from media_library.admin.facts import thumbnail_urls_of
from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.admin.status import parse_ids

SHOWN = 5
"""Duplicates that are named of one asset."""


@require_GET
@cache_control(private=True, no_store=True)
def duplicates_of(request: HttpRequest) -> JsonResponse:
    """Answer ``?ids=7,8`` with the duplicates of those assets that the user may see, nearest first::

        {"items": [{"id": 7, "duplicates": [{"id": 2, "title": "Harbour", "is_exact": false, "distance": 3,
          "thumbnail": "/media/2/1/….jpg", "edit_url": "/admin/images/2/", "merge_url": "/admin/media/…"}]}]}

    Assets without any are left out, as are those that the user may not see, on either side. ``thumbnail`` may be
    empty; ``edit_url`` and ``merge_url`` are null where the user may not. 400 with a ``message`` for anything but 1 to
    100 ids.
    """
    try:
        ids = parse_ids(request.GET.get("ids", ""))
    except ValueError as error:
        return JsonResponse({"message": str(error)}, status=400)
    found = look_up(ids, request.user)
    return JsonResponse({"items": [{"id": pk, "duplicates": found[pk]} for pk in sorted(found) if found[pk]]})


def look_up(ids: Iterable[int], user: Any) -> dict[int, list[dict[str, Any]]]:
    """The same by id, in as many queries for many as for one."""
    wanted = set(ids)
    pairs = duplicates.pairs_among(visible_assets(user)).filter(Q(first__in=wanted) | Q(second__in=wanted))
    rows = list(pairs.order_by("-is_exact", "distance", "pk").values_list("first", "second", "is_exact", "distance"))
    of: dict[int, list[tuple[int, bool, int]]] = {pk: [] for pk in wanted}
    for first, second, is_exact, distance in rows:
        for one, other in ((first, second), (second, first)):
            if one in of and len(of[one]) < SHOWN:
                of[one].append((other, is_exact, distance))
    involved = {pk for one, several in of.items() if several for pk in (one, *(other for other, *_ in several))}
    assets = visible_assets(user).in_bulk(involved)
    changeable = set(changeable_assets(user).filter(pk__in=involved).values_list("pk", flat=True))
    thumbnails = thumbnail_urls_of(assets.values())
    return {
        one: [
            {
                "id": other,
                "title": assets[other].title,
                "is_exact": is_exact,
                "distance": distance,
                "thumbnail": thumbnails.get(other, ""),
                "edit_url": edit_url(assets[other]) if other in changeable else None,
                "merge_url": merge_url(assets[other], assets[one]) if {one, other} <= changeable else None,
            }
            for other, is_exact, distance in several
            if other in assets and one in assets
        ]
        for one, several in of.items()
    }
