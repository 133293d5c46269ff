"""Words in the library: what Wagtail's search index finds, as a condition that goes with any filter and any order."""

import re
from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from media_library.insight import embedding
from media_library.models import Asset

NOT_SEARCHED_FOR = re.compile(r'["\\\x00-\x1f]+')
"""Quotes end a term of SQLite's full-text search, and control characters are nobody's search."""

IN_DATES = re.compile(r"(?<=\d)-(?=\d)")
"""A day is filed as its three numbers, too (``Asset.metadata_text``), so that its beginning finds it."""

MAX_TERMS = 12

LOOKS_LIKE = "looks like:"
"""Before words that say what a picture shows, where a model of the operator's knows what that looks like."""

MOST_ALIKE = 200
"""How many are found by their looks: they all look like it, more or less."""


def by_looks(query: str) -> list[int] | None:
    """Ids of what looks most like the query, the best first, if it asks for that and a model can tell."""
    if not query.strip().lower().startswith(LOOKS_LIKE):
        return None
    wanted = query.strip()[len(LOOKS_LIKE) :].strip()
    return embedding.looking_like(wanted, MOST_ALIKE) if wanted else []


def rank(ids: Sequence[int]) -> Case:
    """The place of each in the order of these ids."""
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ids)]
    return Case(*places, default=Value(len(ids)), output_field=IntegerField())


def terms(query: str) -> list[str]:
    """The words that somebody has typed; the last one may be the beginning of one."""
    words = IN_DATES.sub(" ", NOT_SEARCHED_FOR.sub(" ", query)).split()
    return [word for word in words if any(letter.isalnum() for letter in word)][:MAX_TERMS]


def matching(assets: QuerySet[Asset], query: str) -> QuerySet[Asset]:
    """Those of the assets in which all words are found: title, alt text, caption, tags, file name, metadata."""
    alike = by_looks(query)
    if alike is not None:
        return assets.filter(pk__in=alike)
    words = terms(query)
    if not words:
        return assets.none()
    # All of them, by id: the search index filters and orders only by what is filed in it.
    found = Asset.objects.order_by().autocomplete(" ".join(words), order_by_relevance=False).get_queryset()
    return assets.filter(pk__in=found.order_by().values("pk"))


def best_first(assets: QuerySet[Asset], query: str) -> QuerySet[Asset]:
    """Order by how near the query is to the title; newest first."""
    return assets.order_by(nearness(query), "-created_at", "-pk")


def nearness(query: str) -> Case:
    """How near the query is to the title: it begins with it (0), has it (1), or it is found elsewhere (2).

    Of a query for looks, how much it looks like that: 0 is the best.
    """
    if alike := by_looks(query):
        return rank(alike)
    words = " ".join(terms(query))
    return Case(
        When(Q(title__istartswith=words), then=Value(0)),
        When(Q(title__icontains=words), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
