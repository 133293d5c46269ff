"""Pictures as numbers, for what looks at them (faces.py, focus.py, palette.py)."""

from io import BytesIO
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image

from media_library.imaging.source import decode, open_image, shrink_on_load

Pixels = npt.NDArray[np.uint8]
"""Rows of columns of red, green and blue, 0 to 255 each."""

LONGEST_SIDE = 640
"""Pixels along the longer side of what is looked at: a face of a twentieth of the picture is 32 pixels wide then."""


def read_pixels(file: IO[bytes], longest_side: int = LONGEST_SIDE) -> Pixels:
    """The picture in a file, no larger than this, on white where it is transparent.

    Raises what ``open_image`` raises.
    """
    with open_image(file) as image:
        scale = min(1.0, longest_side / max(image.size))
        shrink_on_load(image, (round(image.width * scale), round(image.height * scale)))
        pixels = decode(image)
        pixels.thumbnail((longest_side, longest_side), Image.Resampling.BOX, reducing_gap=2.0)
        if pixels.mode == "RGBA":
            pixels = Image.alpha_composite(Image.new("RGBA", pixels.size, (255, 255, 255, 255)), pixels)
        return np.asarray(pixels.convert("RGB"))


def squared(pixels: Pixels, side: int, *, crop: bool) -> Pixels:
    """A square of so many pixels, as models want it: the middle of the picture (``crop``), or all of it, squeezed."""
    image = Image.fromarray(pixels)
    if crop:
        edge = min(image.size)
        left, top = (image.width - edge) / 2, (image.height - edge) / 2
        box = (left, top, left + edge, top + edge)
    else:
        box = (0, 0, image.width, image.height)
    return np.asarray(image.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0))


def as_jpeg(pixels: Pixels) -> bytes:
    """A JPEG of them, some 50 kB, with no metadata at all."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=85)
    return file.getvalue()


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """The whole picture turned against the clock, on white where it doesn't reach."""
    image = Image.fromarray(pixels)
    return np.asarray(image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white"))


def as_pgm(pixels: Pixels) -> bytes:
    """A grey picture in the simplest of formats (https://netpbm.sourceforge.net/doc/pgm.html)."""
    height, width = pixels.shape
    return b"P5\n%d %d\n255\n" % (width, height) + pixels.tobytes()


def grey(pixels: Pixels) -> Pixels:
    """Brightness, 0 to 255, by the weights of ITU-R BT.601."""
    weighed = pixels @ np.array([0.299, 0.587, 0.114])
    return np.clip(weighed + 0.5, 0, 255).astype(np.uint8)
