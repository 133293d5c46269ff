"""From what front ends tell to rows, and back to what is read most."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from blog.models.statistics import DailyPageViews, PageStatistics
from media_library.exceptions import InvalidBeacon
from media_library.statistics.adding import add_up
from media_library.statistics.buffer import Buffer, Key
from media_library.statistics.events import MAX_BYTES, MAX_DIGITS

BATCH = 500

RECENT_DAYS = 30
"""Today and the days before it in which pages are "most read"."""


def read_view(body: bytes) -> int:
    """The id in ``{"page": 12}``. Raises ``InvalidBeacon`` with a sentence for whoever writes a front end."""
    if len(body) > MAX_BYTES:
        raise InvalidBeacon(_("A beacon may have %(bytes)s bytes at most.") % {"bytes": MAX_BYTES})
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidBeacon(_("The body is no JSON.")) from None
    page = data.get("page") if isinstance(data, dict) else None
    if type(page) is not int or not 0 < page < 10**MAX_DIGITS:
        raise InvalidBeacon(_('Send {"page": 12}, with the id of the page that was seen.'))
    return page


def count(page_id: int) -> None:
    """Count one view soon. No query: whether there is such a page is looked up when it is written."""
    buffer.add([(page_id, 1)])


def record(views: Mapping[Key, int]) -> None:
    """Add to what the database has, three statements for each 500 pages. What visitors can't see is left out."""
    # In one order, so that processes that count the same pages wait for each other instead of blocking each other.
    rows = sorted(views.items())
    for start in range(0, len(rows), BATCH):
        _record(rows[start : start + BATCH])


@transaction.atomic
def _record(rows: list[tuple[Key, int]]) -> None:
    shown = Page.objects.live().public().filter(pk__in={page for (page, _day), _number in rows})
    # Locked, so that none is deleted meanwhile.
    pages = set(shown.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    daily = [(page, day, number) for (page, day), number in rows if page in pages]
    if not daily:
        return
    totals: dict[int, int] = {}
    for page, _day, number in daily:
        # Around midnight a page has two days.
        totals[page] = totals.get(page, 0) + number
    add_up(DailyPageViews, ["page_id", "day"], ["views"], daily)
    add_up(PageStatistics, ["page_id"], ["view_count"], totals.items())


def with_views(pages: QuerySet[Any], days: int | None = None, name: str = "seen") -> QuerySet[Any]:
    """The pages with how often each was seen in these last days, today among them, or ever, under this name."""
    seen: Any
    if days is None:
        seen = PageStatistics.objects.filter(page=OuterRef("pk")).values("view_count")
    else:
        since = timezone.localdate() - timedelta(days=days - 1)
        recent = DailyPageViews.objects.filter(page=OuterRef("pk"), day__gte=since).order_by().values("page")
        seen = recent.annotate(sum=Sum("views", output_field=BigIntegerField())).values("sum")
    return pages.annotate(**{name: Coalesce(Subquery(seen, output_field=BigIntegerField()), 0)})


buffer: Buffer[int] = Buffer(record)
"""Of this process."""
