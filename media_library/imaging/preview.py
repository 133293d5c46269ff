"""An original for the eyes of its editors: smaller, without metadata, and never in a public folder."""

from io import BytesIO
from typing import IO

from PIL import Image

from media_library.imaging.source import decode, open_image, shrink_on_load

LONGEST_SIDE = 1600
"""Pixels; the canvas of the editor is no larger."""

MIME_TYPE = "image/webp"


def unedited_preview(file: IO[bytes]) -> bytes:
    """The picture as seen, unedited, as WebP. Raises ``DamagedFile`` or ``FileTooLarge``."""
    with open_image(file) as image:
        scale = min(1.0, LONGEST_SIDE / max(image.size))
        shrink_on_load(image, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
        pixels = decode(image)
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    output = BytesIO()
    pixels.save(output, "WEBP", quality=90, method=1)
    return output.getvalue()
