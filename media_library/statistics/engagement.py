"""What visitors did with an asset beyond seeing it: rows of counters for an asset and a day, never one for a visitor.

``{"widths": [0, 0, 3, …], "viewings": [12], "reached": [12, 11, …], "milliseconds": [36000, …], "clicks": [0, 2, …]}``
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from media_library.models import Asset, AssetEngagement
from media_library.statistics.events import GRID, TENTHS, Event, EventType
from media_library.statistics.proportions import Interval, share

WIDTHS = (320, 640, 960, 1280, 1920, 2560)
"""Pixels of the screen; what was shown wider than the last is counted one place after it. Kept apart from the ladder
of renditions, which may change while these counts stay."""

ROWS = {
    # How wide it was shown, at most, by steps of WIDTHS.
    "widths": len(WIDTHS) + 1,
    # How often somebody began to watch.
    "viewings": 1,
    # How many of these came to see something of each tenth, and how long all of them watched it.
    "reached": TENTHS,
    "milliseconds": TENTHS,
    # Messages about watching, which bound what they may tell.
    "tellings": 1,
    # Clicks, by cells of a grid, row by row from the top left.
    "clicks": GRID * GRID,
}
"""Rows of counters, by name, and how many counters each has."""

SEEN = frozenset({Asset.Kind.IMAGE, Asset.Kind.VIDEO})
WATCHED = frozenset({Asset.Kind.VIDEO, Asset.Kind.AUDIO})

KINDS = {
    "widths": SEEN,
    "viewings": WATCHED,
    "reached": WATCHED,
    "milliseconds": WATCHED,
    "tellings": WATCHED,
    "clicks": SEEN,
}
"""What can be told of which kinds of assets. The rest is dropped without a word."""

MOST_REPEATS = 10
"""How often one message may have watched a tenth: beyond that, nobody watches."""

Counts = dict[tuple[str, int], int]
"""How much is counted at a place of a row. Only places that count anything: a beacon touches a few of them."""


def step_of(width: int | None) -> int:
    """The place among ``WIDTHS`` of the first that is as wide, one more for what is wider; -1 for what nobody told."""
    if width is None:
        return -1
    return next((place for place, one in enumerate(WIDTHS) if width <= one), len(WIDTHS))


def counts_of(event: Event) -> Counts:
    """What one event counts beyond that it was seen, played or downloaded."""
    counts: Counts = {}
    if event.width is not None:
        counts["widths", step_of(event.width)] = 1
    if event.cell is not None:
        counts["clicks", event.cell] = 1
    if event.type == EventType.WATCH:
        counts["tellings", 0] = 1
        if event.begins:
            counts["viewings", 0] = 1
        counts |= {("reached", tenth): 1 for tenth in event.tenths}
        counts |= {("milliseconds", tenth): round(1000 * told) for tenth, told in enumerate(event.seconds) if told}
    return counts


def added(one: Counts, other: Counts) -> Counts:
    """The sum of both, which stay as they are."""
    if not (one and other):
        return one or other
    total = dict(one)
    for place, number in other.items():
        total[place] = total.get(place, 0) + number
    return total


def believed(counts: Counts, asset: Asset) -> Counts:
    """Of these counts, what there can be of such an asset."""
    longest = round(1000 * (asset.duration or 0) / TENTHS) * MOST_REPEATS * counts.get(("tellings", 0), 0)
    return {
        (name, place): min(number, longest) if name == "milliseconds" else number
        for (name, place), number in counts.items()
        if asset.kind in KINDS[name]
    }


def rows_of(counts: Counts, stored: Mapping[str, Sequence[int]] | None = None) -> dict[str, list[int]]:
    """What is stored of an asset and a day once these are added: whole rows, as far as they count anything."""
    rows = {name: list(row) for name, row in (stored or {}).items()}
    for (name, place), number in counts.items():
        rows.setdefault(name, [0] * ROWS[name])[place] += number
    return rows


def summed(stored: Iterable[Mapping[str, Sequence[int]]]) -> dict[str, list[int]]:
    """All rows, over several days."""
    total = {name: [0] * length for name, length in ROWS.items()}
    for rows in stored:
        for name, row in rows.items():
            total[name] = [one + other for one, other in zip(total[name], row, strict=True)]
    return total


def engagement(asset_id: int, since: date) -> dict[str, list[int]]:
    """All that was counted of an asset since a day. One query."""
    days = AssetEngagement.objects.filter(asset=asset_id, day__gte=since)
    return summed(days.values_list("counts", flat=True))


def retention(counts: Mapping[str, Sequence[int]]) -> list[Interval]:
    """For each tenth of a film, which share of those who began to watch it saw something of that."""
    return [share(reached, counts["viewings"][0]) for reached in counts["reached"]]
