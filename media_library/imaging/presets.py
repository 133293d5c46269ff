"""Which sizes and formats exist."""

from dataclasses import dataclass

WIDTHS = (320, 640, 960, 1280, 1920, 2560)
"""Widths of the responsive ladder, in pixels. Widths above the original's are left out."""

MAX_WIDTH = WIDTHS[-1]

QUALITY = {"avif": 61, "webp": 80, "jpeg": 80}
"""Encoder settings. Wagtail's defaults for AVIF and WebP (61, 80); JPEG at 80 with 4:2:0."""

AVIF_SPEED = 8
"""libavif's speed, 0 (slow) to 10: 8 takes half the time of 6 and costs 3 to 12% in bytes at equal SSIMULACRA2."""

MIME_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
}

EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png", "svg": "svg"}

ADMIN_THUMBNAIL = "max-165x165"
"""What Wagtail's listing, chooser and upload page show; made at upload, so that they never render."""

FIRST_WIDTH = WIDTHS[0]
"""Width of the rendition that the upload request makes: what the API serves until the ladder stands."""


@dataclass(frozen=True)
class Rung:
    """One size in one format; ``spec`` is the filter by which Wagtail's tags and ``get_rendition`` ask for it."""

    width: int
    format: str

    @property
    def spec(self) -> str:
        return f"width-{self.width}|format-{self.format}"


def fallback_format(has_alpha: bool) -> str:
    """The format for clients that know neither AVIF nor WebP."""
    return "png" if has_alpha else "jpeg"


def formats(has_alpha: bool) -> tuple[str, str, str]:
    """The formats of the ladder, best first, as a ``<picture>`` lists them."""
    return ("avif", "webp", fallback_format(has_alpha))


def ladder_widths(width: int) -> list[int]:
    """Widths for an original of ``width`` pixels, largest first: those below it, and its own, capped at 2560."""
    top = min(width, MAX_WIDTH)
    return sorted({top, *(one for one in WIDTHS if one < top)}, reverse=True)


def ladder(width: int, has_alpha: bool) -> list[Rung]:
    """Every rung for an original of this width in pixels, as seen."""
    return [Rung(one, form) for one in ladder_widths(width) for form in formats(has_alpha)]
