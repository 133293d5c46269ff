"""``total_count`` of lists: the one thing whose cost grows with a site, so it is kept where somebody can keep it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from rest_framework.request import Request
from wagtail.api.v2.pagination import WagtailPagination

from media_library.cache_tags import noted

Keeper = Callable[[str, Iterable[str], Callable[[], int]], int]
"""Gives a number for a key: one that it has kept since none of the cache tags went stale, or what is counted now."""

_keepers: list[Keeper] = []


def keep_counts_with(keeper: Keeper) -> None:
    """Let this one keep counts from now on; without any, everything is counted each time."""
    _keepers[:] = [keeper]


class KeptCountPagination(WagtailPagination):
    """Wagtail's, with a count that is kept under the tags that the list has noted, by the query behind it.

    Whatever a list depends on besides its tags, as the day or who asks, is a part of its query.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        page = self._page(queryset, request, view)
        if not isinstance(page, QuerySet) or page.query.combinator:
            return page
        # Ids alone are sorted: whole rows, with all that is joined to them, are read of the page.
        return queryset.filter(pk__in=page.values("pk"))

    def paginate_ids(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        """The ids of the objects on the page, in a query of their own, for what has many joins.

        PostgreSQL moves no subquery before more than eight of them (``join_collapse_limit``), and would read all rows.
        """
        return list(self._page(queryset.prefetch_related(None).values_list("pk", flat=True), request, view))

    def _page(self, found: Any, request: Request, view: Any) -> Any:
        if isinstance(found, QuerySet) and _keepers and (tags := noted()):
            found = found.all()
            found.count = lambda: _count(found.all(), tags)
        return super().paginate_queryset(found, request, view)


def _count(queryset: QuerySet, tags: Iterable[str]) -> int:
    try:
        sql, params = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    return _keepers[0](f"{sql} {params}", tags, queryset.count)
