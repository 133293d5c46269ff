"""What front ends ask for, by slot of their manifest and by width, and where they ask for more than there is.

Rows of a slot, a day and a width; none of a visitor or a picture. The width is one of ``STEPS``, in pixels of the
screen. Rows without a name are of all pictures, whatever the slot; those whose name is no slot are of addresses that
were signed by a front end and refused, as ``fill-600`` is. What nobody has signed is counted in vain.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from media_library.manifests import InForce, in_force
from media_library.models import Asset, PresetDemand
from media_library.statistics import vain
from media_library.statistics.adding import add_up
from media_library.statistics.buffer import Key, Tally
from media_library.statistics.engagement import WIDTHS

WIDEST = 16_384
STEPS = (*WIDTHS, WIDEST, 0)
"""By the places of ``engagement.step_of``: the last one is for what nobody told, the one before for all wider ones."""

ANY = ""

MOST_REFUSED = 100
"""Names of one day that are no slots: a front end that signs whatever it is told must not fill the database."""


@dataclass(frozen=True)
class Demand:
    """How often a slot was asked for in a width, and how often nothing was as wide."""

    name: str
    width: int
    asked: int
    in_vain: int


def asked_by_address(name: str) -> Tally:
    """Somebody has asked for a preset by a signed address; no width is told."""
    return Tally(slots={(name, -1): 1})


def refused(name: str) -> Tally:
    """Somebody has asked for what can't be made, by an address that was signed."""
    return Tally(refused={(name[:64], -1): 1})


def record(tallies: Mapping[Key, Tally], assets: Mapping[int, Asset]) -> None:
    """Add up what was asked for of these assets. Slots that no manifest of late knows are left out."""
    if not any(tally.slots or tally.refused or tally.counts for tally in tallies.values()):
        return
    presets = in_force()
    known, widest = _widest(presets), _widest_of_all(presets)
    asked, in_vain = Counter[tuple[str, date, int]](), Counter[tuple[str, date, int]]()
    for (asset_id, day), tally in tallies.items():
        asset = assets[asset_id]
        if asset.kind != Asset.Kind.IMAGE:
            continue
        exists = min(asset.width or 0, widest)
        for name, most, counts in _demands(tally, exists, known):
            for step, number in counts.items():
                asked[name, day, STEPS[step]] += number
                if step > 0 and WIDTHS[step - 1] >= most:
                    in_vain[name, day, STEPS[step]] += number
        for (name, step), number in tally.refused.items():
            in_vain[name, day, STEPS[step]] += number
    rows = [(*key, asked[key], in_vain[key]) for key in sorted(asked.keys() | in_vain.keys())]
    rows = _without_too_many_refused(rows, known)
    if rows:
        add_up(PresetDemand, ("name", "day", "width"), ("asked", "in_vain"), rows)


def demand_since(day: date) -> list[Demand]:
    """All that was asked for since a day, by name and width. One query."""
    rows = PresetDemand.objects.filter(day__gte=day).values("name", "width").order_by("name", "width")
    return [
        Demand(row["name"], row["width"], row["times"], row["vain"])
        for row in rows.annotate(times=Sum("asked"), vain=Sum("in_vain"))
    ]


def _demands(tally: Tally, exists: int, known: Mapping[str, int]) -> Iterable[tuple[str, int, dict[int, int]]]:
    """Name, widest file of it, and how often it was asked for in which step."""
    shown = {step: number for (row, step), number in tally.counts.items() if row == "widths"}
    yield ANY, exists, shown
    for (name, step), number in tally.slots.items():
        if name in known:
            yield name, min(known[name], exists), {step: number}


def _widest(presets: InForce) -> dict[str, int]:
    """The widest file of each slot, of those too that are shown for a while."""
    found: dict[str, int] = {}
    for several in presets.crops:
        found.setdefault(several[0].name, _pixels(several[-1].operation))
    return found


def _widest_of_all(presets: InForce) -> int:
    made = presets.presets
    return max([*made.widths, *(_pixels(one.operation) for one in made.crops)])


def _pixels(operation: str) -> int:
    """``fill-1280x720`` is 1280 pixels wide; what only has a height may have any width."""
    kind, _dash, size = operation.partition("-")
    return WIDEST if kind == "height" else int(size.partition("x")[0])


def _without_too_many_refused(
    rows: list[tuple[str, date, int, int, int]], known: Mapping[str, int]
) -> list[tuple[str, date, int, int, int]]:
    days = {day for name, day, *_rest in rows if name and name not in known}
    if not days:
        return rows
    there: dict[date, set[str]] = {day: set() for day in days}
    for name, day in PresetDemand.objects.filter(day__in=days, asked=0).values_list("name", "day"):
        # A flood of what nobody signed leaves room for what somebody did.
        if vain.read(name) is None:
            there[day].add(name)
    kept = []
    for row in rows:
        name, day = row[:2]
        if name and name not in known:
            if name not in there[day] and len(there[day]) >= MOST_REFUSED:
                continue
            there[day].add(name)
        kept.append(row)
    return kept
