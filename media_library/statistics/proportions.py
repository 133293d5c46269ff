"""How sure a share is that was counted, and the difference between two of them: intervals at 95% confidence."""

import math
from typing import NamedTuple

Z = 1.959963984540054
"""The quantile of the normal distribution of 95%, two-sided."""


class Interval(NamedTuple):
    """A share, or a difference between two, with what it is at least and at most. From 0 to 1, or -1 to 1."""

    value: float
    lower: float
    upper: float

    @property
    def excludes_zero(self) -> bool:
        return self.lower > 0 or self.upper < 0


def share(part: int, whole: int) -> Interval:
    """How many of a whole; of nothing, from 0 to 1. What is told to be more than the whole is the whole.

    Wilson's score interval: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if whole <= 0:
        return Interval(0, 0, 1)
    found = min(1, part / whole)
    scale = 1 + Z * Z / whole
    centre = (found + Z * Z / (2 * whole)) / scale
    half = Z * math.sqrt(found * (1 - found) / whole + Z * Z / (4 * whole * whole)) / scale
    # All or nothing is an end of the interval, which rounding misses by a hair.
    return Interval(found, max(0, min(found, centre - half)), min(1, max(found, centre + half)))


def difference(one: Interval, other: Interval) -> Interval:
    """How much larger one share is than another one, of other people.

    Newcombe's hybrid score interval: R. G. Newcombe, "Interval estimation for the difference between independent
    proportions: comparison of eleven methods", Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    found = one.value - other.value
    below = math.hypot(one.value - one.lower, other.upper - other.value)
    above = math.hypot(one.upper - one.value, other.value - other.lower)
    return Interval(found, found - below, found + above)
