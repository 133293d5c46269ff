"""Which assets the search index has words of, read only as far as is needed.

A search of Wagtail's reads all that has a word before it gives the first. Here each word is a part of one query, which
walks the entries that have it from the newest one until there are enough.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from wagtail.search.models import IndexEntry

from media_library.models import Asset
from media_library.related.each import of_each

POSTGRESQL = "postgresql"

ANY_WORD = "\N{REPLACEMENT CHARACTER}"
"""For a word, in what is asked of each."""


def newest_with(words: Sequence[str], limit: int) -> Mapping[str, set[int]]:
    """Ids of the ``limit`` newest assets that have a word, or what begins with it; words that none has are left out.

    Words are of letters, and small. One query.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for number, asset_id in of_each(_newest([ANY_WORD], limit, as_beginnings=True), ANY_WORD, words):
        found[words[number]].add(asset_id)
    return found


def newest_with_all(text: str, limit: int) -> QuerySet:
    """Ids of the ``limit`` newest assets that have every word of a text: a part of a query."""
    words = re.findall(r"\w+", text)
    return _newest(words, limit) if words else IndexEntry.objects.none().values_list("pk", flat=True)


def said_by(ids: Iterable[int], words: Collection[str]) -> Iterator[tuple[int, set[str]]]:
    """Which of the words each of these assets has, found in the text that was indexed. One query."""
    begins = {word: re.compile(rf"(?<![^\W_]){word}") for word in words}
    text: Any = (
        Concat("title_text", Value(" ", TextField()), "body_text") if _vendor() == POSTGRESQL else F("autocomplete")
    )
    entries = IndexEntry.objects.filter(content_type__in=_kinds(), object_id__in=[str(one) for one in ids])
    for asset_id, says in entries.values_list("object_id", text):
        says = says.lower()
        # Most words follow a space, or aren't there: a pattern looks for those alone that are somewhere else.
        there = (word for word in words if word in says)
        yield int(asset_id), {word for word in there if f" {word}" in says or begins[word].search(says)}


def _newest(words: Sequence[str], limit: int, as_beginnings: bool = False) -> QuerySet:
    """Ids of the newest assets. Wagtail's modules can be imported for their own database only."""
    if _vendor() == POSTGRESQL:
        from django.contrib.postgres.search import SearchQuery
        from wagtail.search.backends.database.postgres.query import Lexeme

        all_of_them = reduce(and_, (Lexeme(word, prefix=as_beginnings) for word in words))
        query = SearchQuery(all_of_them, search_type="raw", config="simple")
        found = IndexEntry.objects.filter(autocomplete=query, content_type__in=_kinds())
        object_id = "object_id"
    else:
        from wagtail.search.backends.database.sqlite.query import Lexeme, MatchExpression, SearchQueryExpression
        from wagtail.search.models import SQLiteFTSIndexEntry

        all_of_them = reduce(and_, (Lexeme(word, prefix=as_beginnings) for word in words))
        match = MatchExpression(["autocomplete"], SearchQueryExpression(all_of_them))
        found = SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=_kinds())
        object_id = "index_entry__object_id"
    return found.order_by("-pk").values_list(Cast(object_id, BigIntegerField()), flat=True)[:limit]


def _kinds() -> list[int]:
    """Assets are filed under their kinds."""
    return [one.pk for one in ContentType.objects.get_for_models(*Asset.__subclasses__()).values()]


def _vendor() -> str:
    return connections[router.db_for_read(IndexEntry)].vendor
