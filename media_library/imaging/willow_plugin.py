"""Whatever still goes through Willow decodes and encodes as our engine does.

Renditions don't (``CustomImage.create_renditions``), but previews of filters and other apps may. Stock Willow copies
EXIF, with GPS, and the ICC profile of the original into JPEG and PNG. Pixels from here are upright, in sRGB, and know
nothing of the camera. Stock Willow also decodes a whole picture to learn its size.
"""

from typing import IO, Any

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

from media_library.imaging.encoder import encode
from media_library.imaging.source import as_seen_size, decode, frame_count, open_image

_SAVED_AS = {"jpeg": JPEGImageFile, "png": PNGImageFile, "webp": WebPImageFile, "avif": AvifImageFile}
_FILES = (
    *(AvifImageFile, BMPImageFile, GIFImageFile, HeicImageFile),
    *(JPEGImageFile, PNGImageFile, TIFFImageFile, WebPImageFile),
)


def _decode(image_file: ImageFile) -> PillowImage:
    with open_image(image_file.f) as image:
        return PillowImage(decode(image))


def _get_size(image_file: ImageFile) -> tuple[int, int]:
    with open_image(image_file.f) as image:
        return as_seen_size(image)


def _get_frame_count(image_file: ImageFile) -> int:
    with open_image(image_file.f) as image:
        return frame_count(image)


def _save_as(form: str, file_class: type[ImageFile]) -> Any:
    def save(
        image: PillowImage, f: IO[bytes], quality: int | None = None, lossless: bool = False, **_: Any
    ) -> ImageFile:
        pixels = image.image if image.image.mode in ("RGB", "RGBA") else image.image.convert("RGB")
        f.write(encode(pixels, form, quality=quality, lossless=lossless))
        return file_class(f)

    return save


def register() -> None:
    """Put our decoding and encoding in place of Willow's."""
    for form, file_class in _SAVED_AS.items():
        registry.register_operation(PillowImage, f"save_as_{form}", _save_as(form, file_class))
    for file_class in _FILES:
        registry.register_operation(file_class, "get_size", _get_size)
        registry.register_operation(file_class, "get_frame_count", _get_frame_count)
        registry.register_converter(file_class, PillowImage, _decode)
