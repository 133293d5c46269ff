"""Wagtail renders on demand through Willow; this lets it begin with pixels that our engine has decoded.

Stock Willow copies EXIF, with GPS, and the ICC profile of the original into JPEG and PNG renditions. Pixels from here
are upright, in sRGB, and know nothing of the camera. Stock Willow also decodes a whole picture to learn its size.
"""

from PIL import Image
from willow.image import (
    AvifImageFile,
    BMPImageFile,
    GIFImageFile,
    HeicImageFile,
    ImageFile,
    JPEGImageFile,
    PNGImageFile,
    TIFFImageFile,
    WebPImageFile,
)
from willow.plugins.pillow import PillowImage
from willow.registry import registry

from media_library.imaging.source import as_seen_size, decode

_FILES = (
    *(AvifImageFile, BMPImageFile, GIFImageFile, HeicImageFile),
    *(JPEGImageFile, PNGImageFile, TIFFImageFile, WebPImageFile),
)


def _decode(image_file: ImageFile) -> PillowImage:
    image_file.f.seek(0)
    return PillowImage(decode(Image.open(image_file.f)))


def _get_size(image_file: ImageFile) -> tuple[int, int]:
    image_file.f.seek(0)
    with Image.open(image_file.f) as image:
        return as_seen_size(image)


def _get_frame_count(image_file: ImageFile) -> int:
    image_file.f.seek(0)
    with Image.open(image_file.f) as image:
        return getattr(image, "n_frames", 1)


def register() -> None:
    """Put our decoding in place of Willow's."""
    for file_class in _FILES:
        registry.register_operation(file_class, "get_size", _get_size)
        registry.register_operation(file_class, "get_frame_count", _get_frame_count)
        registry.register_converter(file_class, PillowImage, _decode)
