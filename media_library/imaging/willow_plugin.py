"""Wagtail renders on demand through Willow; these operations give it our encoders, so nothing leaks there either.

Stock Willow copies EXIF, with GPS, and the ICC profile of the original into JPEG and PNG renditions.
"""

from functools import partial
from typing import IO, Any

from PIL import Image
from willow.image import AvifImageFile, ImageFile, JPEGImageFile, PNGImageFile, WebPImageFile
from willow.plugins.pillow import PillowImage
from willow.registry import registry

from media_library.imaging.encoder import encode
from media_library.imaging.source import to_srgb

_FILES: dict[str, type[ImageFile]] = {
    "jpeg": JPEGImageFile,
    "png": PNGImageFile,
    "webp": WebPImageFile,
    "avif": AvifImageFile,
}


def _save(
    format: str,
    willow_image: PillowImage,
    output: IO[bytes],
    quality: int | None = None,
    lossless: bool = False,
    **options: Any,
) -> ImageFile:
    """Willow's ``save_as_…`` for one format. ``options`` are settings of encoders that ours decides itself."""
    image: Image.Image = willow_image.get_pillow_image()
    output.write(encode(to_srgb(image, image.info.get("icc_profile")), format, quality=quality, lossless=lossless))
    return _FILES[format](output)


def register() -> None:
    """Put our encoders in place of Willow's for everything that is rendered from pixels."""
    for format in _FILES:
        registry.register_operation(PillowImage, f"save_as_{format}", partial(_save, format))
