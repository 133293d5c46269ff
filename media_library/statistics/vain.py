"""Sizes that are asked for where nobody vouches for the address: it is not signed by us, or there is no such file.

Anybody may ask for anything. So only what is a size is counted, for no picture, and no more than so many of one day,
in memory as in the database; all others are counted as one. The rows are those of demand.py, under names that no slot
has.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from django.db import transaction

from media_library.models import PresetDemand
from media_library.statistics.adding import add_up
from media_library.statistics.buffer import Buffer

MOST = 50
"""Sizes of one day, for each reason."""

OTHERS = "*"
"""All sizes of a day beyond these."""


class Reason(StrEnum):
    """Why there was nothing. In the database, it stands before the size, with a colon, which no slot may have."""

    UNSIGNED = "unsigned:"
    NO_FILE = "file:"


REASONS = tuple(Reason)


class Sizes(Counter[str]):
    """How often each size was asked for, ``MOST`` of them and the others."""

    def __iadd__(self, more: Counter[str]) -> "Sizes":  # type: ignore[override]
        for size, number in more.items():
            self[size if size in self or len(self) < MOST else OTHERS] += number
        return self


def ask(reason: Reason, size: str) -> None:
    """Count soon that this size was asked for in vain; "" is none. No query."""
    if size:
        buffer.add([(REASONS.index(reason), Sizes([size]))])


def read(name: str) -> tuple[Reason, str] | None:
    """Why, and which size, by a name in the database; None for all other names."""
    return next(((one, name.removeprefix(one)) for one in Reason if name.startswith(one)), None)


@transaction.atomic
def record(waiting: Mapping[tuple[int, date], Sizes]) -> None:
    """Add these, by the place of the reason and the day, to what the database has. Two queries."""
    there = PresetDemand.objects.filter(day__in={day for _reason, day in waiting}).values_list("name", "day")
    known: dict[tuple[Reason, date], Sizes] = {}
    for name, day in there:
        if found := read(name):
            reason, size = found
            known.setdefault((reason, day), Sizes())[size] = 0
    rows = []
    for (place, day), sizes in sorted(waiting.items()):
        total = known.get((REASONS[place], day), Sizes())
        total += sizes
        rows += [(f"{REASONS[place]}{size}", day, 0, 0, number) for size, number in sorted(total.items()) if number]
    add_up(PresetDemand, ("name", "day", "width"), ("asked", "in_vain"), rows)


buffer = Buffer(record)
"""Of this process."""
