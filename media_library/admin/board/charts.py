"""Charts are tables first: what a screen reader reads is what js/media-chart.js draws."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

BAR, LINE = "bar", "line"


def plain(value: float) -> str:
    return number_format(value, force_grouping=True)


def size(value: float) -> str:
    return filesizeformat(value)


def percent(value: float) -> str:
    """Of a share from 0 to 1, or of a difference between two."""
    return _("%(number)s%%") % {"number": number_format(round(100 * value, 1), decimal_pos=1)}


@dataclass(frozen=True)
class Cell:
    value: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A table of numbers, with a heading for each column but the first, and how it is drawn.

    ``colours`` are those of the columns, by number; ``empty`` is said when there is nothing to draw.
    """

    name: str
    title: str
    label: str
    """What the first column is called."""
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    empty: str
    type: str = BAR
    is_stacked: bool = False
    """Whether the columns add up to something."""
    unit: str = ""
    """"bytes", "percent" of shares from 0 to 1, or nothing for plain numbers."""
    note: str = ""
    colours: Sequence[int] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for _label, cells in self.rows for cell in cells)

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Headings with the number of their colour."""
        return list(zip(self.headings, self.colours or range(1, len(self.headings) + 1), strict=True))


def by_step(steps: Iterable[date], columns: Sequence[Callable[[date], float]], text: Any = plain) -> list[Any]:
    """Rows of a chart over time."""
    return [
        (date_format(step, "SHORT_DATE_FORMAT"), [Cell(value := column(step), text(value)) for column in columns])
        for step in steps
    ]
