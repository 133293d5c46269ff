"""The Django setting ``VIDEO_PROCESSING``::

    VIDEO_PROCESSING = {
        "thumbnail_time": 5,            # seconds into a film at which its poster is looked for
        "max_resolution": "1080p",      # the largest rung: 1080p, 720p, 480p or 360p
        "formats": ["mp4", "webm"],     # made besides HLS: both, one or none
        "quality": "high",              # high, medium or low
    }

These are the defaults; a setting is laid over them.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHORT_SIDES = {"1080p": 1080, "720p": 720, "480p": 480, "360p": 360}
"""The rungs, by the short side of their pictures in pixels, so that upright films have the same."""

FORMATS = ("mp4", "webm")


@dataclass(frozen=True)
class Quality:
    """Constant rate factors: the smaller, the better and the larger. x264 takes 0 to 51, libvpx-vp9 0 to 63."""

    h264: int
    vp9: int


QUALITIES = {"low": Quality(27, 40), "medium": Quality(24, 36), "high": Quality(21, 33)}


@dataclass(frozen=True)
class VideoProcessing:
    """How films are developed."""

    thumbnail_time: float = 5.0
    max_resolution: str = "1080p"
    formats: tuple[str, ...] = FORMATS
    quality: str = "high"

    @property
    def max_short_side(self) -> int:
        return SHORT_SIDES[self.max_resolution]

    @property
    def crf(self) -> Quality:
        return QUALITIES[self.quality]


def video_processing() -> VideoProcessing:
    """What ``VIDEO_PROCESSING`` says. Raises ``ImproperlyConfigured`` for a mistake in it."""
    given = getattr(settings, "VIDEO_PROCESSING", None) or {}
    if not isinstance(given, dict):
        raise ImproperlyConfigured("VIDEO_PROCESSING must be a dictionary.")
    for name in given:
        if name not in VideoProcessing.__dataclass_fields__:
            close = get_close_matches(str(name), VideoProcessing.__dataclass_fields__, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise ImproperlyConfigured(f"VIDEO_PROCESSING has an unknown key {name!r}.{meant}")
    values: dict[str, Any] = dict(given)
    if "formats" in values:
        values["formats"] = _formats(values["formats"])
    processing = VideoProcessing(**values)
    seconds = processing.thumbnail_time
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ImproperlyConfigured(f"VIDEO_PROCESSING['thumbnail_time'] must be seconds, 0 or more, not {seconds!r}.")
    _choose("max_resolution", processing.max_resolution, SHORT_SIDES)
    _choose("quality", processing.quality, QUALITIES)
    return processing


def _formats(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise ImproperlyConfigured(f"VIDEO_PROCESSING['formats'] must be a list such as ['mp4'], not {value!r}.")
    for one in value:
        _choose("formats", one, FORMATS)
    return tuple(form for form in FORMATS if form in value)


def _choose(name: str, value: Any, known: Any) -> None:
    if value not in known:
        raise ImproperlyConfigured(f"VIDEO_PROCESSING[{name!r}] must be one of {', '.join(known)}, not {value!r}.")
