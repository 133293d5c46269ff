"""What the search field offers while somebody types: their tags and titles that go on like this."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from taggit.models import Tag, TaggedItem

from media_library.admin.library.searching import matching, terms
from media_library.admin.permissions import KINDS, visible_assets

MAX_TAGS = 4
MAX_TITLES = 6
MAX_LENGTH = 200


@require_GET
@cache_control(private=True, no_store=True)
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer ``?q=har`` with tags that begin like this, and titles of what is found, as far as the user sees them::

    {"suggestions": [{"kind": "tag", "text": "harbour"}, {"kind": "title", "text": "Harbour at dawn"}]}
    """
    return JsonResponse({"suggestions": suggested(request.user, request.GET.get("q", "")[:MAX_LENGTH])})


def suggested(user: Any, query: str) -> list[dict[str, str]]:
    """What goes on like this query, of what the user may see: ``[{"kind": "tag", "text": "harbour"}, …]``."""
    return _tags(user, query) + _titles(user, query)


def _tags(user: Any, query: str) -> list[dict[str, str]]:
    words = " ".join(terms(query))
    if not words:
        return []
    kinds = [content_type.pk for content_type in ContentType.objects.get_for_models(*KINDS).values()]
    theirs = TaggedItem.objects.filter(
        tag=OuterRef("pk"), content_type__in=kinds, object_id__in=visible_assets(user).values("pk")
    )
    found = Tag.objects.filter(Exists(theirs), name__istartswith=words).order_by("name")
    return [{"kind": "tag", "text": name} for name in found.values_list("name", flat=True)[:MAX_TAGS]]


def _titles(user: Any, query: str) -> list[dict[str, str]]:
    # By the index, not by the whole table; a title is listed once, however many there are.
    found = matching(visible_assets(user), query).order_by("-created_at", "-pk").values_list("title", flat=True)
    titles = list(dict.fromkeys(found[: MAX_TITLES * 4]))
    return [{"kind": "title", "text": title} for title in titles[:MAX_TITLES]]
