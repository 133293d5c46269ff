"""Which format a client gets that leaves the choice to us."""

from collections.abc import Iterator, Sequence

from media_library.imaging.presets import MIME_TYPES

MODERN = ("avif", "webp")
"""Formats that not every client can read. A client must name them: ``*/*`` is also what old ones send."""


def choose_format(accept: str, offered: Sequence[str]) -> str:
    """The best of the ``offered`` formats for a request with this ``Accept`` header (RFC 9110, section 12.5.1).

    The client's weights (``q``) decide, and where they are equal, the order in which formats are offered. A client
    that accepts none of them gets the last one all the same, which that section allows.
    """
    weights = dict(_ranges(accept))
    anything = weights.get("image/*", weights.get("*/*", 0.0))

    def weight(form: str) -> float:
        return weights.get(MIME_TYPES[form], 0.0 if form in MODERN else anything)

    best = max(offered, key=weight)
    return best if weight(best) > 0 else offered[-1]


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Media ranges and their weights; a weight that is none counts as 0."""
    for part in accept.split(","):
        media_range, *parameters = (one.strip().lower() for one in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value.strip())
        yield media_range, weight


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
