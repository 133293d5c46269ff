"""Which sizes and formats exist. Each is a filter spec of Wagtail's, so its tags and ``get_rendition`` find them.

The named crops are those of the setting ``IMAGE_VARIANTS``, which is laid over ``VARIANTS`` by name::

    IMAGE_VARIANTS = {
        "hero": {"width": 2400, "height": 1000, "crop": True},
        "card": {"width": 480, "height": 320, "crop": True, "formats": ["webp", "jpeg"]},
        "square": None,  # dropped
    }
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

WIDTHS = (320, 640, 960, 1280, 1920, 2560)
"""Widths of the responsive ladder, in pixels. Widths above the original's are left out."""

MAX_WIDTH = WIDTHS[-1]

MIME_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}
EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png", "gif": "gif", "svg": "svg"}
FORMATS_BY_EXTENSION = {extension: form for form, extension in EXTENSIONS.items()}

LADDER, ADMIN = "ladder", "admin"
"""Names of the presets that are not crops: the responsive widths, and what Wagtail's admin shows."""

ADMIN_THUMBNAIL = "max-165x165"
"""What Wagtail's listing, chooser and upload page show; made at upload, so that they never render."""

ORIGINAL = "original"
"""Wagtail's filter for a picture as it is; of a drawing, the one file that it has."""

ADMIN_SPECS = (ADMIN_THUMBNAIL, "max-800x600", "width-500", "width-800")
"""What the admin asks for: thumbnails, the edit page's preview, and pictures inside the rich text editor."""

SRC_WIDTH = 1280
"""Width in pixels of ``src``, which is for clients without ``srcset``; the largest below it where it is missing."""

FIRST_WIDTH = WIDTHS[0]
"""Width of the rendition that the upload request makes: what the API serves until the ladder stands."""

FALLBACK = "fallback"
"""Stands for the format that every client knows: JPEG, or PNG where there is transparency, or GIF where it moves."""

VARIANTS: dict[str, dict[str, Any]] = {
    "thumbnail": {"width": 150, "height": 150, "crop": True},
    "medium": {"width": 600, "height": 400, "crop": True},
    "large": {"width": 1200, "height": 800, "crop": True},
    "hero": {"width": 1920, "height": 1080, "crop": True},
    # Networks that show cards read JPEG and PNG; 1200x630 is what Open Graph consumers ask for.
    "og": {"width": 1200, "height": 630, "crop": True, "formats": [FALLBACK]},
    "square": {"width": 800, "height": 800, "crop": True},
    "4x3": {"width": 1200, "height": 900, "crop": True},
}
DEFAULT_FORMATS = ("avif", "webp", FALLBACK)
KNOWN_FORMATS = (*DEFAULT_FORMATS, "jpeg", "png")
MAX_SIDE = 8192


@dataclass(frozen=True)
class Preset:
    """A named way to render: Wagtail's ``operation``, such as ``fill-600x400``, in these ``formats``, best first."""

    name: str
    operation: str
    formats: tuple[str, ...]


STILL = Preset("still", "max-1280x1280", (FALLBACK,))
"""What stands for an animated picture where nothing may move."""


def fallback_format(has_alpha: bool, is_animated: bool = False) -> str:
    """The format for clients that know neither AVIF nor WebP."""
    if is_animated:
        return "gif"
    return "png" if has_alpha else "jpeg"


def ladder_widths(width: int, widths: Sequence[int] = WIDTHS) -> list[int]:
    """Widths for an original of ``width`` pixels, largest first: those below it, and its own if the largest is not."""
    top = min(width, max(widths))
    return sorted({top, *(one for one in widths if one < top)}, reverse=True)


def ladder_presets(
    width: int, widths: Sequence[int] = WIDTHS, formats: Sequence[str] = DEFAULT_FORMATS
) -> list[Preset]:
    """The responsive ladder for an original of this width in pixels, as seen."""
    return [Preset(LADDER, f"width-{one}", tuple(formats)) for one in ladder_widths(width, widths)]


@dataclass(frozen=True)
class Presets:
    """What is made of every picture before anyone asks: crops, and the responsive ladder in these formats."""

    crops: tuple[Preset, ...]
    widths: tuple[int, ...] = WIDTHS
    formats: tuple[str, ...] = DEFAULT_FORMATS


def settings_presets() -> Presets:
    """Where no front end says what it needs. Raises what ``named_presets`` raises."""
    return Presets(tuple(named_presets()))


def named_presets() -> list[Preset]:
    """The named crops. Raises ``ImproperlyConfigured`` when the setting makes no sense; a check says so at start."""
    variants = VARIANTS | (getattr(settings, "IMAGE_VARIANTS", None) or {})
    return [_read_variant(name, variant) for name, variant in variants.items() if variant is not None]


def _read_variant(name: Any, variant: Any) -> Preset:
    if not isinstance(name, str) or not name.replace("-", "").replace("_", "").isalnum() or len(name) > 32:
        raise _wrong(name, "its name must be letters, digits, - and _, 32 at most")
    if name in (LADDER, ADMIN, STILL.name):
        raise _wrong(name, "that name is taken by Darkroom itself; choose another")
    if not isinstance(variant, Mapping):
        raise _wrong(name, "write it as {'width': 600, 'height': 400, 'crop': True}, or None to drop it")
    known = ("width", "height", "crop", "formats")
    for key in variant:
        if key not in known:
            meant = get_close_matches(str(key), known, n=1)
            raise _wrong(name, f"{key!r} is unknown" + (f"; did you mean {meant[0]!r}?" if meant else ""))
    width, height, crop = variant.get("width"), variant.get("height"), variant.get("crop", False)
    for key, side in (("width", width), ("height", height)):
        if side is not None and (not isinstance(side, int) or isinstance(side, bool) or not 1 <= side <= MAX_SIDE):
            raise _wrong(name, f"its {key} must be a whole number of pixels from 1 to {MAX_SIDE}")
    if not isinstance(crop, bool):
        raise _wrong(name, "'crop' must be True or False")
    if crop and not (width and height):
        raise _wrong(name, "to crop, it needs both 'width' and 'height'")
    formats = variant.get("formats", DEFAULT_FORMATS)
    if not isinstance(formats, list | tuple) or not formats or any(one not in KNOWN_FORMATS for one in formats):
        raise _wrong(name, f"'formats' must be a list of some of {', '.join(KNOWN_FORMATS)}")
    if width and height:
        return Preset(name, f"{'fill' if crop else 'max'}-{width}x{height}", tuple(formats))
    if width or height:
        return Preset(name, f"width-{width}" if width else f"height-{height}", tuple(formats))
    raise _wrong(name, "it needs a 'width', a 'height' or both")


def _wrong(name: Any, what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"IMAGE_VARIANTS[{name!r}]: {what}.")
