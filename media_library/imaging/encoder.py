"""From pixels to bytes: the settings of every format, in one place."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image

QUALITY = {"avif": 61, "webp": 80, "jpeg": 80}
"""Quality of each format when developing; found by measurement (benchmarks/README.md)."""

POLISHED_QUALITY = {"avif": 61, "webp": 80, "jpeg": 80}
"""Quality of each format when polishing, at which it looks the same as what was developed."""

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
    "avif": {"speed": 4, "subsampling": "4:2:0", "max_threads": 1},
    "png": {"optimize": True},
    "gif": _FAST["gif"],
}


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
    image.save(output, format.upper(), **_options(format, quality, lossless, slow))
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
    return options | ({"quality": chosen} if chosen and format in QUALITY else {})
