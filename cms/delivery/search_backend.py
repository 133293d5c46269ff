"""Wagtail's search in the database, which tells caches of every change of its index.

Databases reckon relevance from all that is in the index (SQLite's bm25 from how often a word occurs in anything, and
how long anything is), so that the order of one search depends on objects which it does not find.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from wagtail.search.backends import database
from wagtail.search.backends.base import BaseSearchBackend

from cms.delivery.changes import announce
from media_library.cache_tags import RELEVANCE
from media_library.models import Asset


class ToldIndex:
    """Mixed into the index of a backend."""

    entries: QuerySet[Any]

    def add_items(self, model: type[Model], objs: Iterable[Any]) -> None:
        objs = list(objs)
        before = self._entries(model, objs)
        super().add_items(model, objs)  # type: ignore[misc]
        if self._entries(model, objs) != before:
            announce([RELEVANCE])

    def delete_item(self, item: Any) -> None:
        super().delete_item(item)  # type: ignore[misc]
        # Of assets that go, many at once, asset_changes.py tells.
        if not isinstance(item, Asset):
            announce([RELEVANCE])

    def _entries(self, model: type[Model], objs: Iterable[Any]) -> list[tuple[Any, ...]]:
        of_type = self.entries.filter(content_type=ContentType.objects.get_for_model(model))
        found = of_type.filter(object_id__in=[str(one.pk) for one in objs]).order_by("object_id")
        return list(found.values_list("object_id", "title", "autocomplete", "body"))


class ToldRebuilder:
    """Mixed into what ``update_index`` uses: it weighs all entries anew."""

    def finish(self) -> None:
        super().finish()  # type: ignore[misc]
        announce([RELEVANCE])


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:
    """The backend of the database at hand, under the name that Wagtail looks for.

    ``params`` are those of ``WAGTAILSEARCH_BACKENDS``.
    """
    backend = database.SearchBackend(params)
    backend.index_class = type("Index", (ToldIndex, backend.index_class), {})
    backend.rebuilder_class = type("Rebuilder", (ToldRebuilder, backend.rebuilder_class), {})
    return backend
