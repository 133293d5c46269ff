"""A result in a sentence, for editors."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from blog.experiments.results import Result


def verdict(result: Result) -> str:
    """Which picture is ahead, if it is shown that one is. The interval is that of Newcombe (proportions.py)."""
    if not result.outcomes.a_shown or not result.outcomes.b_shown:
        return _("Front ends have not told of both pictures yet.")
    found = result.difference
    told = {"found": points(found.value), "lower": points(found.lower), "upper": points(found.upper)}
    if not result.winner:
        words = _("No difference shown yet: B differs by %(found)s percentage points (95%%: %(lower)s to %(upper)s).")
        return words % told
    if result.winner == "a":
        words = _("A is clicked more often: B differs by %(found)s percentage points (95%%: %(lower)s to %(upper)s).")
    else:
        words = _("B is clicked more often: by %(found)s percentage points (95%%: %(lower)s to %(upper)s).")
    return words % told


def points(value: float) -> str:
    """A difference of shares in percentage points, with its sign: ``+1.3``, ``−0.4``."""
    rounded = round(100 * value, 1)
    sign = "+" if rounded > 0 else "\N{MINUS SIGN}" if rounded < 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=1)
