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
from django.db.models import BigIntegerField, F, IntegerField, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from wagtail.search.models import IndexEntry

from media_library.models import Asset

POSTGRESQL = "postgresql"


def newest_with(words: Sequence[str], limit: int) -> Mapping[str, set[int]]:
    """Ids of the ``limit`` newest assets that have a word, or what begins with it; words that none has are left out.

    Words are of letters, and small. One query.
    """
    kinds, parts = _kinds(), []
    for number, word in enumerate(words):
        newest = _newest([word], kinds, limit, as_beginnings=True)
        parts.append(newest.annotate(word=Value(number, IntegerField())).values_list("word", "object_id"))
    found: dict[str, set[int]] = defaultdict(set)
    if parts:
        first, *others = parts
        for number, asset_id in first.union(*others, all=True) if others else first:
            found[words[number]].add(int(asset_id))
    return found


def newest_with_all(text: str, limit: int) -> QuerySet[IndexEntry]:
    """Ids of the ``limit`` newest assets that have every word of a text: a part of a query."""
    words = re.findall(r"\w+", text)
    newest = _newest(words, _kinds(), limit) if words else IndexEntry.objects.none()
    return newest.values_list(Cast("object_id", BigIntegerField()), flat=True)


def said_by(ids: Iterable[int], words: Collection[str]) -> Iterator[tuple[int, set[str]]]:
    """Which of the words each of these assets has, found in the text that was indexed. One query."""
    # The longest first: what begins with "lighthouse" begins with "light", too.
    either = re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(words, key=len, reverse=True))})")
    implied = {word: {one for one in words if word.startswith(one)} for word in words}
    text: Any = (
        Concat("title_text", Value(" ", TextField()), "body_text") if _vendor() == POSTGRESQL else F("autocomplete")
    )
    entries = IndexEntry.objects.filter(content_type__in=_kinds(), object_id__in=[str(one) for one in ids])
    for asset_id, says in entries.values_list("object_id", text):
        yield int(asset_id), set().union(*(implied[word] for word in set(either.findall(says.lower()))))


def _newest(words: Sequence[str], kinds: list[int], limit: int, as_beginnings: bool = False) -> QuerySet[IndexEntry]:
    """The newest entries of assets. Wagtail's modules can be imported for their own database only."""
    if _vendor() == POSTGRESQL:
        from django.contrib.postgres.search import SearchQuery
        from wagtail.search.backends.database.postgres.query import Lexeme

        all_of_them = reduce(and_, (Lexeme(word, prefix=as_beginnings) for word in words))
        query = SearchQuery(all_of_them, search_type="raw", config="simple")
        return IndexEntry.objects.filter(autocomplete=query, content_type__in=kinds).order_by("-pk")[:limit]
    from wagtail.search.backends.database.sqlite.query import Lexeme, MatchExpression, SearchQueryExpression
    from wagtail.search.models import SQLiteFTSIndexEntry

    all_of_them = reduce(and_, (Lexeme(word, prefix=as_beginnings) for word in words))
    match = MatchExpression(["autocomplete"], SearchQueryExpression(all_of_them))
    having = SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=kinds)
    # SQLite takes no LIMIT in a part of a UNION, but for one further within.
    return IndexEntry.objects.filter(pk__in=Subquery(having.order_by("-pk").values("pk")[:limit]))


def _kinds() -> list[int]:
    """Assets are filed under their kinds."""
    return [one.pk for one in ContentType.objects.get_for_models(*Asset.__subclasses__()).values()]


def _vendor() -> str:
    return connections[router.db_for_read(IndexEntry)].vendor
