"""What visitors did with one asset, as charts: what of it is watched, how wide it is shown, where it is clicked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_library.admin.board.charts import LINE, Cell, Chart, percent, plain
from media_library.admin.choosing.cards import Picture, pictures
from media_library.admin.facts import clock
from media_library.models import Asset
from media_library.statistics.engagement import KINDS, WIDTHS, retention
from media_library.statistics.events import GRID, TENTHS

Counts = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class HeatMap:
    """Clicks on a picture, by rows of a grid; ``picture`` is what they are shown over, None if there is none yet."""

    picture: Picture | None
    rows: Sequence[Sequence[int]]

    @property
    def total(self) -> int:
        return sum(map(sum, self.rows))

    @property
    def words(self) -> str:
        return ngettext("%(number)s click", "%(number)s clicks", self.total) % {"number": plain(self.total)}


def engagement_charts(asset: Asset, counts: Counts) -> list[Chart]:
    """Those that there can be of an asset of this kind."""
    charts = []
    if asset.kind in KINDS["reached"]:
        charts += [retention_chart(asset, counts), watched_chart(asset, counts)]
    if asset.kind in KINDS["widths"]:
        charts.append(widths_chart(counts))
    return charts


def retention_chart(asset: Asset, counts: Counts) -> Chart:
    viewings = counts["viewings"][0]
    shares = retention(counts) if viewings else []
    note = ngettext(
        "Of %(number)s viewing. Between the outer lines it is with 95%% confidence (Wilson).",
        "Of %(number)s viewings. Between the outer lines it is with 95%% confidence (Wilson).",
        viewings,
    )
    return Chart(
        name="retention",
        title=_("Who stays to watch"),
        label=_("Part"),
        headings=[_("Saw something of it"), _("At least"), _("At most")],
        rows=[
            (label, [Cell(number, percent(number)) for number in found])
            for label, found in zip(parts(asset), shares, strict=False)
        ],
        empty=_("No front end has told that it was watched in this time."),
        type=LINE,
        unit="percent",
        note=note % {"number": plain(viewings)},
        colours=[1, 5, 5],
    )


def watched_chart(asset: Asset, counts: Counts) -> Chart:
    return Chart(
        name="watched",
        title=_("How long it is watched"),
        label=_("Part"),
        headings=[_("Seconds, by all together")],
        rows=[
            (label, [Cell(round(number / 1000), plain(round(number / 1000)))])
            for label, number in zip(parts(asset), counts["milliseconds"], strict=True)
        ],
        empty=_("No front end has told that it was watched in this time."),
        note=_("What stands out was watched again and again."),
    )


def widths_chart(counts: Counts) -> Chart:
    labels = [_("up to %(pixels)s") % {"pixels": width} for width in WIDTHS]
    return Chart(
        name="widths",
        title=_("How wide it is shown"),
        label=_("Pixels of the screen"),
        headings=[_("Views")],
        rows=[
            (label, [Cell(number, plain(number))])
            for label, number in zip([*labels, _("wider")], counts["widths"], strict=True)
        ],
        empty=_("No front end has told how wide it was shown in this time."),
    )


def parts(asset: Asset) -> list[str]:
    """What the tenths of a film are called: by when they begin, or by their number where its length isn't known."""
    if not asset.duration or asset.duration < TENTHS:
        return [_("%(number)s of 10") % {"number": tenth + 1} for tenth in range(TENTHS)]
    begins = ["0:00", *(clock(asset.duration * tenth / TENTHS) for tenth in range(1, TENTHS))]
    return [_("from %(time)s") % {"time": one} for one in begins]


def heat_map(asset: Asset, counts: Counts) -> HeatMap | None:
    """None for what can't be clicked."""
    if asset.kind not in KINDS["clicks"]:
        return None
    clicks = counts["clicks"]
    rows = [clicks[row * GRID : (row + 1) * GRID] for row in range(GRID)]
    return HeatMap(pictures([asset], sharp=True).get(asset.pk), rows)
