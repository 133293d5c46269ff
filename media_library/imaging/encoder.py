"""From pixels to bytes: the settings of every format, in one place."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image

QUALITY = {"avif": 62, "webp": 78, "jpeg": 77}
"""Quality of each format when developing. All score the same, 72 in SSIMULACRA2, which is where Wagtail's AVIF is by
default; found by measurement (benchmarks/README.md)."""

POLISHED_QUALITY = {"avif": 57, "webp": 78, "jpeg": 77}
"""Quality of each format when polishing, at which it scores the same as what was developed."""

FASTER_ABOVE = 1_400_000
"""Pixels above which AVIF is developed at speed 9. There it costs 4% in bytes against speed 8, and below 20%."""

_FAST: dict[str, dict[str, Any]] = {
    "jpeg": {"progressive": True, "optimize": True, "subsampling": "4:2:0"},
    "webp": {"method": 2},
    "avif": {"speed": 8, "subsampling": "4:2:0", "max_threads": 1},
    "png": {"optimize": False, "compress_level": 6},
    "gif": {"optimize": True},
}
_SLOW: dict[str, dict[str, Any]] = {
    "jpeg": _FAST["jpeg"],
    "webp": {"method": 6},
    "avif": {"speed": 3, "subsampling": "4:2:0", "max_threads": 1},
    "png": {"optimize": True},
    "gif": _FAST["gif"],
}

# N. Robidoux's quantisation table, for luma and chroma: 9% fewer bytes than the tables of the JPEG standard at the
# same score. By rows, as ITU-T T.81 writes tables; Pillow takes them so.
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
    options = _options(format, quality, lossless, slow)
    if format == "avif" and not slow and image.width * image.height > FASTER_ABOVE:
        options["speed"] = 9
    image.save(output, format.upper(), **options)
    return output.getvalue()


def encode_animation(
    frames: Sequence[Image.Image], durations: Sequence[int], format: str, *, quality: int | None = None, loop: int = 0
) -> bytes:
    """Encode RGB or RGBA frames of one size as a moving ``avif``, ``webp`` or ``gif``.

    ``durations`` are milliseconds, one for each frame; ``loop`` is how often it plays, 0 for ever.
    """
    output = BytesIO()
    options = _options(format, quality, lossless=False, slow=False)
    if format == "gif":
        options |= {"disposal": 2}
    frames[0].save(
        output,
        format.upper(),
        save_all=True,
        append_images=list(frames[1:]),
        duration=list(durations),
        loop=loop,
        **options,
    )
    return output.getvalue()


def measured_quality(format: str, slow: bool = False) -> int | None:
    """The quality at which a format is encoded unless a filter asks for another; None for lossless formats."""
    return (POLISHED_QUALITY if slow else QUALITY).get(format)


def _options(format: str, quality: int | None, lossless: bool, slow: bool) -> dict[str, Any]:
    options = dict((_SLOW if slow else _FAST)[format])
    if lossless and format == "webp":
        return options | {"lossless": True}
    if lossless and format == "avif":
        # What Willow does for lossless AVIF: full quality, full chroma.
        return options | {"quality": 100, "subsampling": "4:4:4"}
    chosen = quality or measured_quality(format, slow)
    if format == "jpeg" and chosen:
        # With a quality, Pillow would scale the tables again.
        return options | {"quality": -1, "qtables": [_scaled(chosen)] * 2}
    return options | ({"quality": chosen} if chosen else {})


def _scaled(quality: int) -> list[int]:
    """The quantisation table at a quality from 1 to 100, by libjpeg's rule (jpeg_quality_scaling in jcparam.c)."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (value * percent + 50) // 100)) for row in _ROBIDOUX for value in row]
