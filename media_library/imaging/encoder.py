"""From pixels to bytes: the settings of every format, in one place."""

from io import BytesIO
from typing import Any

from PIL import Image

from media_library.imaging.presets import AVIF_SPEED, QUALITY

_OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": QUALITY["jpeg"], "progressive": True, "optimize": True, "subsampling": "4:2:0"},
    "webp": {"quality": QUALITY["webp"], "method": 2},
    "avif": {"quality": QUALITY["avif"], "speed": AVIF_SPEED, "subsampling": "4:2:0", "max_threads": 1},
    "png": {"optimize": False, "compress_level": 6},
}


def encode(image: Image.Image, format: str) -> bytes:
    """Encode RGB or RGBA pixels as ``avif``, ``webp``, ``jpeg`` or ``png``.

    The pixels come from ``source.decode``, which leaves EXIF, GPS, XMP, ICC and comments behind. JPEG has no
    transparency; it gets a white ground.
    """
    if format == "jpeg" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    output = BytesIO()
    image.save(output, format.upper(), **_OPTIONS[format])
    return output.getvalue()
