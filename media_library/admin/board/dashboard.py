from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Collection

from media_library.admin.board.charts import LINE, Cell, Chart, by_step, plain, size
from media_library.admin.board.pages import BoardView
from media_library.admin.trash.listing import with_thumbnail_urls
from media_library.models import Asset
from media_library.statistics import figures
from media_library.statistics.figures import Period, Stored, total
from media_library.usage import unused

LARGEST_FOLDERS = 8
"""Folders with a bar of their own; the rest are one more."""

UNUSED_SHOWN = 5

Kind = Asset.Kind


class DashboardView(BoardView):
    """What came in, what it takes, what it saves, and what visitors saw. A fixed number of queries."""

    template_name = "media_library/board/dashboard.html"
    page_title = gettext_lazy("Media dashboard")
    header_icon = "history"
    url_name = "media_library_dashboard"

    @cached_property
    def stored(self) -> dict[tuple[int, str], Stored]:
        return figures.storage(self.assets)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = self.remembered(figures.seen)
        idle = unused(self.assets)
        number = idle.count()
        everything = total(self.stored)
        return super().get_context_data(**kwargs) | {
            "tiles": [
                (_("Assets"), plain(everything.number)),
                (_("Storage"), size(everything.bytes)),
                (_("Views"), plain(sum(row["sum_views"] + row["sum_plays"] for row in seen.values()))),
                (_("Bandwidth"), size(sum(row["sum_bytes"] for row in seen.values()))),
            ],
            "charts": [
                uploads_chart(self.remembered(figures.uploads), self.period),
                *seen_charts(seen, self.period),
                kinds_chart(self.stored),
                folders_chart(self.stored),
                savings_chart(self.stored),
            ],
            "top": self.top(),
            "unused": with_thumbnail_urls(idle.order_by("-file_size", "pk")[:UNUSED_SHOWN]) if number else [],
            "unused_number": number,
            "unused_url": library_url(unused="true"),
        }

    def top(self) -> list[dict[str, Any]]:
        numbers = self.remembered(figures.most_seen)
        # Asked anew whether they may be seen.
        by_id = self.assets.in_bulk(numbers)
        return [
            {
                "asset": asset,
                "views": plain(row["sum_views"]),
                "plays": plain(row["sum_plays"]),
                "bytes": size(row["sum_bytes"]),
            }
            for asset in with_thumbnail_urls(by_id[pk] for pk in numbers if pk in by_id)
            for row in [numbers[asset.pk]]
        ]


def library_url(**params: str | Iterable[str]) -> str:
    """The library with these filters."""
    query = QueryDict(mutable=True)
    for name, value in params.items():
        query.setlist(name, [value] if isinstance(value, str) else list(value))
    return f"{reverse('media_library_index')}?{query.urlencode()}"


def uploads_chart(counted: Mapping[tuple[Any, str], int], period: Period) -> Chart:
    columns = [lambda step, kind=kind: counted.get((step, kind), 0) for kind in Kind.values]
    return Chart(
        name="uploads",
        title=_("Uploads"),
        label=_("Week from") if period.in_weeks else _("Day"),
        headings=[str(kind.label) for kind in Kind],
        rows=by_step(period.steps(), columns),
        empty=_("Nothing was uploaded in this time."),
        is_stacked=True,
    )


def seen_charts(seen: Mapping[Any, Mapping[str, int]], period: Period) -> list[Chart]:
    """Views and bandwidth over time, of all assets or of one."""
    label = _("Week from") if period.in_weeks else _("Day")
    nothing = _("No front end has told of any visitor in this time. The guide for front ends says how it does.")
    names = ("sum_views", "sum_plays", "sum_downloads")
    columns = [lambda step, name=name: seen.get(step, {}).get(name, 0) for name in names]
    return [
        Chart(
            name="views",
            title=_("Views"),
            label=label,
            headings=[_("Views"), _("Plays"), _("Downloads")],
            rows=by_step(period.steps(), columns),
            empty=nothing,
            type=LINE,
        ),
        Chart(
            name="bandwidth",
            title=_("Bandwidth"),
            label=label,
            headings=[_("Sent to visitors")],
            rows=by_step(period.steps(), [lambda step: seen.get(step, {}).get("sum_bytes", 0)], size),
            empty=nothing,
            type=LINE,
            unit="bytes",
            note=_("Told by front ends, or estimated by the size of the files that most visitors get."),
        ),
    ]


def _parts(stored: Stored) -> list[Cell]:
    parts = (stored.originals, stored.renditions, stored.transcodes, stored.versions)
    return [Cell(part, size(part)) for part in parts]


def _storage_chart(name: str, title: str, label: str, rows: list[tuple[str, Stored]]) -> Chart:
    return Chart(
        name=name,
        title=title,
        label=label,
        headings=[_("Originals"), _("Renditions"), _("Transcodes"), _("Earlier versions")],
        rows=[(label, _parts(stored)) for label, stored in rows],
        is_stacked=True,
        empty=_("There is nothing in the library yet."),
        unit="bytes",
    )


def kinds_chart(stored: dict[tuple[int, str], Stored]) -> Chart:
    rows = [(str(kind.label), total(stored, kind=kind.value)) for kind in Kind]
    return _storage_chart("storage-kind", _("Storage by kind"), _("Kind"), [row for row in rows if row[1].number])


def folders_chart(stored: dict[tuple[int, str], Stored]) -> Chart:
    """The largest folders; what is in folders below them counts there."""
    rows = by_folder(stored)
    if rest := rows[LARGEST_FOLDERS:]:
        others = (_("%(number)s others") % {"number": len(rest)}, sum((one for _name, one in rest), start=Stored()))
        rows = [*rows[:LARGEST_FOLDERS], others]
    return _storage_chart("storage-folder", _("Storage by folder"), _("Folder"), rows)


def by_folder(stored: dict[tuple[int, str], Stored]) -> list[tuple[str, Stored]]:
    """Names of folders and what they take, largest first. One query."""
    sums: dict[int, Stored] = defaultdict(Stored)
    for (collection, _kind), one in stored.items():
        sums[collection] += one
    names = dict(Collection.objects.filter(pk__in=sums).values_list("pk", "name"))
    rows = [(names[pk], one) for pk, one in sums.items() if pk in names]
    return sorted(rows, key=lambda row: -row[1].bytes)


def savings_chart(stored: dict[tuple[int, str], Stored]) -> Chart:
    """What visitors would load if originals were shown, and what they load."""
    kinds = [(kind, total(stored, kind=kind.value)) for kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO)]
    polished = total(stored).polished
    return Chart(
        name="savings",
        title=_("Savings"),
        label=_("Kind"),
        headings=[_("Originals"), _("What visitors get")],
        rows=[
            (str(kind.label), [Cell(one.originals, size(one.originals)), Cell(one.shown, size(one.shown))])
            for kind, one in kinds
            if one.number
        ],
        empty=_("There is nothing in the library yet."),
        unit="bytes",
        colours=[5, 1],
        note=_("Polishing has saved another %(size)s.") % {"size": size(polished)} if polished else "",
    )
