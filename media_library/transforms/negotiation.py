"""Which format a client gets that leaves the choice to us."""

from collections.abc import Iterator

from media_library.imaging.presets import MIME_TYPES, fallback_format

MODERN = ("avif", "webp")
"""Formats that not every client can read, best first. A client must name them: ``*/*`` is also what old ones send."""


def choose_format(accept: str, has_alpha: bool) -> str:
    """The best format for a request with this ``Accept`` header (RFC 9110, section 12.5.1).

    The client's weights (``q``) decide, and where they are equal, AVIF before WebP before JPEG or, for a picture with
    transparency, PNG. A client that accepts none of them gets the last one all the same, which that section allows.
    """
    weights = dict(_ranges(accept))
    fallback = fallback_format(has_alpha)
    anything = weights.get("image/*", weights.get("*/*", 0.0))
    offered = [(form, weights.get(MIME_TYPES[form], 0.0)) for form in MODERN]
    offered.append((fallback, weights.get(MIME_TYPES[fallback], anything)))
    best, weight = max(offered, key=lambda one: one[1])
    return best if weight > 0 else fallback


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
