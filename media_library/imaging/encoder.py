"""From pixels to bytes: the settings of every format, in one place."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from PIL import Image

LARGE = 1_400_000
"""Pixels above which AVIF is developed at speed 9 and with halved chroma, and one at a time: that costs 18% in bytes
against Wagtail's settings, which polishing wins back; full chroma would take twice the memory."""

_one_large_avif = Lock()


@dataclass(frozen=True)
class Settings:
    """How one format is encoded: the encoder's own ``quality``, 1 to 100 or None, and Pillow's other options."""

    quality: int | None
    options: dict[str, Any]


# All of these score the same, 73.6 in SSIMULACRA2, which is where Wagtail's AVIF is by default; found by measurement,
# see benchmarks/README.md. Full chroma costs AVIF time and memory, and saves bytes at the same score.
_JPEG = Settings(75, {"progressive": True, "optimize": True, "subsampling": "4:2:0"})
_GIF = Settings(None, {"optimize": True})
_LARGE_AVIF = Settings(62, {"speed": 9, "subsampling": "4:2:0", "max_threads": 1})
_FAST = {
    "jpeg": _JPEG,
    "webp": Settings(81, {"method": 2}),
    "avif": Settings(60, {"speed": 8, "subsampling": "4:4:4", "max_threads": 1}),
    "png": Settings(None, {"compress_level": 6}),
    "gif": _GIF,
}
_SLOW = {
    "jpeg": _JPEG,
    "webp": Settings(80, {"method": 6}),
    "avif": Settings(58, {"speed": 4, "subsampling": "4:4:4", "max_threads": 1}),
    "png": Settings(None, {"optimize": True}),
    "gif": _GIF,
}

# N. Robidoux's quantisation table, for luma and chroma: 6 to 8% fewer bytes than the tables of the JPEG standard
# at the same score. By rows, as ITU-T T.81 writes tables; Pillow takes them so.
_ROBIDOUX = (
    (16, 16, 16, 18, 25, 37, 56, 85),
    (16, 17, 20, 27, 34, 40, 53, 75),
    (16, 20, 24, 31, 43, 62, 91, 135),
    (18, 27, 31, 40, 53, 74, 106, 156),
    (25, 34, 43, 53, 69, 94, 131, 189),
    (37, 40, 62, 74, 94, 124, 169, 238),
    (56, 53, 91, 106, 131, 169, 226, 311),
    (85, 75, 135, 156, 189, 238, 311, 418),
)


def encode(
    image: Image.Image, format: str, *, quality: int | None = None, lossless: bool = False, slow: bool = False
) -> bytes:
    """Encode RGB or RGBA pixels as ``avif``, ``webp``, ``jpeg``, ``png`` or ``gif``.

    ``quality`` is the encoder's own figure, 1 to 100; None stands for the measured one. ``slow`` makes smaller files
    that look the same. The pixels come from ``source.decode``, which leaves EXIF, GPS, XMP, ICC and comments behind.
    JPEG has no transparency; it gets a white ground.
    """
    if format == "jpeg" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    output = BytesIO()
    settings = measured_settings(format, image.width * image.height, slow)
    is_large_avif = format == "avif" and image.width * image.height > LARGE
    with _one_large_avif if is_large_avif else nullcontext():
        image.save(output, format.upper(), **_options(format, settings, quality, lossless))
    return output.getvalue()


def encode_animation(
    frames: Sequence[Image.Image], durations: Sequence[int], format: str, *, quality: int | None = None, loop: int = 0
) -> bytes:
    """Encode RGB or RGBA frames of one size as a moving ``avif``, ``webp`` or ``gif``.

    ``durations`` are milliseconds, one for each frame; ``loop`` is how often it plays, 0 for ever.
    """
    output = BytesIO()
    settings = measured_settings(format, frames[0].width * frames[0].height)
    options = _options(format, settings, quality)
    if format == "gif":
        options["disposal"] = 2
        if loop:
            # GIF counts the repetitions after the first time.
            loop -= 1
            options |= {} if loop else {"loop": None}
    frames[0].save(
        output,
        format.upper(),
        **{"loop": loop} | options,
        save_all=True,
        append_images=list(frames[1:]),
        duration=list(durations),
    )
    return output.getvalue()


def measured_settings(format: str, pixels: int, slow: bool = False) -> Settings:
    """How a format is encoded at a size, in pixels of the whole, unless a filter asks for something else."""
    if slow:
        return _SLOW[format]
    return _LARGE_AVIF if format == "avif" and pixels > LARGE else _FAST[format]


def _options(format: str, settings: Settings, quality: int | None, lossless: bool = False) -> dict[str, Any]:
    if lossless and format in ("webp", "avif"):
        # What Willow does for lossless AVIF: full quality, full chroma.
        return settings.options | ({"lossless": True} if format == "webp" else {"quality": 100})
    quality = quality or settings.quality
    if format == "jpeg" and quality:
        # With a quality, Pillow would scale the tables again.
        return settings.options | {"quality": -1, "qtables": [_scaled(quality)] * 2}
    return settings.options | ({"quality": quality} if quality and format in ("webp", "avif") else {})


def _scaled(quality: int) -> list[int]:
    """The quantisation table at a quality from 1 to 100, by libjpeg's rule (jpeg_quality_scaling in jcparam.c)."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (value * percent + 50) // 100)) for row in _ROBIDOUX for value in row]
