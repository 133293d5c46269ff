"""The outputs that every engine makes."""

from pathlib import Path

from PIL import Image

FORMATS = ("avif", "webp", "jpeg")
WIDTHS = (320, 640, 960, 1280, 1920, 2560)


def seen_size(photo: Path) -> tuple[int, int]:
    """Width and height in pixels, turned as EXIF says."""
    with Image.open(photo) as image:
        turned = image.getexif().get(274, 1) in (5, 6, 7, 8)
        return (image.height, image.width) if turned else image.size


def widths(photo: Path) -> list[int]:
    """Six widths: those of the ladder, the last one cut to the photograph's own."""
    own = seen_size(photo)[0]
    return sorted({min(one, own) for one in WIDTHS})
