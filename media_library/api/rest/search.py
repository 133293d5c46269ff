"""Words in the library."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from media_library.admin.library.searching import MOST_ALIKE, matching, nearness, rank, terms
from media_library.admin.library.suggestions import suggested
from media_library.api.public_text import in_public_text
from media_library.api.rest.auth import ANYONE
from media_library.api.rest.cursors import Column
from media_library.api.rest.errors import invalid
from media_library.api.rest.filters import Search, Suggesting, narrowed, ordered, require_known
from media_library.api.rest.reading import page_of_assets, readable_assets
from media_library.api.rest.schemas import AssetPage, Suggestions
from media_library.cache_tags import valid_for
from media_library.conf import conf
from media_library.insight import embedding
from media_library.models import Asset

router = Router(tags=["media"])

CANDIDATES = 2_000
"""How many of those that look like it are looked through for what may be seen."""

LIKEST_FIRST = (Column("nearness"), Column("id", descending=True))
BEST_FIRST = (Column("nearness"), Column("created_at", datetime, descending=True), Column("id", descending=True))


@router.get("/search/", response=AssetPage, auth=ANYONE, operation_id="search_media", summary="Search media")
def search_media(request: HttpRequest, params: Query[Search]) -> dict[str, Any]:
    """Where all words are found: title, alt text, caption, tags, credit, and for editors file name and metadata."""
    require_known(request, Search)
    if params.by == "appearance":
        return _by_appearance(request, params)
    found = narrowed(_found(request, params.q), params, request)
    if params.order == "best":
        return page_of_assets(request, found.annotate(nearness=nearness(params.q)), BEST_FIRST, params, params.include)
    assets, columns = ordered(found, params.order)
    return page_of_assets(request, assets, columns, params, params.include)


def _by_appearance(request: HttpRequest, params: Search) -> dict[str, Any]:
    # The index looks at the table at intervals, whatever is told of it.
    valid_for(conf.INSIGHT_INDEX_SECONDS)
    alike = embedding.looking_like(params.q, CANDIDATES)
    if alike is None:
        raise invalid("query.by", _("This library has no model that knows what pictures look like."))
    found = narrowed(readable_assets(request).filter(pk__in=alike), params, request)
    # What may not be seen, or is filtered out, must not crowd out what may.
    left = set(found.values_list("pk", flat=True))
    best = [pk for pk in alike if pk in left][:MOST_ALIKE]
    found = Asset.objects.filter(pk__in=best)
    if params.order == "best":
        return page_of_assets(request, found.annotate(nearness=rank(best)), LIKEST_FIRST, params, params.include)
    assets, columns = ordered(found, params.order)
    return page_of_assets(request, assets, columns, params, params.include)


def _found(request: HttpRequest, query: str) -> QuerySet[Asset]:
    found = matching(readable_assets(request), query)
    if request.user.is_authenticated:
        return found
    # The index also knows cameras, photographers and places, for editors.
    for word in terms(query):
        found = found.filter(pk__in=Asset.objects.filter(in_public_text(word)).values("pk"))
    return found


@router.get(
    "/suggestions/", response=Suggestions, operation_id="suggest_media", summary="Suggest how a search may go on"
)
def suggest_media(request: HttpRequest, params: Query[Suggesting]) -> dict[str, Any]:
    """Tags that begin like this, and titles of what is found."""
    require_known(request, Suggesting)
    return {"suggestions": suggested(request.user, params.q)}
