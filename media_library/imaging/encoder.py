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


def encode(image: Image.Image, format: str, *, quality: int | None = None, lossless: bool = False) -> bytes:
    """Encode RGB or RGBA pixels as ``avif``, ``webp``, ``jpeg`` or ``png``.

    Nothing but pixels goes into the file: no EXIF, GPS, XMP, ICC or comment. JPEG has no transparency; it gets a
    white ground.
    """
    options = dict(_OPTIONS[format])
    if quality is not None:
        options["quality"] = quality
    if lossless and format == "webp":
        options["lossless"] = True
    if lossless and format == "avif":
        options |= {"quality": 100, "subsampling": "4:4:4"}
    if format == "jpeg" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    if image.info:
        # Encoders write what they find in here, whatever the options say.
        image = image.copy()
        image.info = {}
    output = BytesIO()
    image.save(output, format.upper(), **options)
    return output.getvalue()
