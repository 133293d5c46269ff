"""Words in the library: what Wagtail's search index finds, as a condition that goes with any filter and any order."""

import re

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from media_library.models import Asset

NOT_SEARCHED_FOR = re.compile(r'["\\\x00-\x1f]+')
"""Quotes end a term of SQLite's full-text search, and control characters are nobody's search."""

IN_DATES = re.compile(r"(?<=\d)-(?=\d)")
"""A day is filed as its three numbers, too (``Asset.metadata_text``), so that its beginning finds it."""

MAX_TERMS = 12


def terms(query: str) -> list[str]:
    """The words that somebody has typed; the last one may be the beginning of one."""
    words = IN_DATES.sub(" ", NOT_SEARCHED_FOR.sub(" ", query)).split()
    return [word for word in words if any(letter.isalnum() for letter in word)][:MAX_TERMS]


def matching(assets: QuerySet[Asset], query: str) -> QuerySet[Asset]:
    """Those of the assets in which all words are found: title, alt text, caption, tags, file name, metadata."""
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
    """How near the query is to the title: it begins with it (0), has it (1), or it is found elsewhere (2)."""
    words = " ".join(terms(query))
    return Case(
        When(Q(title__istartswith=words), then=Value(0)),
        When(Q(title__icontains=words), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
