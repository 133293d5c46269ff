"""What stands in for a picture until it has come."""

from base64 import b64encode
from dataclasses import dataclass

from PIL import Image
from thumbhash import rgba_to_thumb_hash

_SIDE = 32
"""Longer side in pixels of what the hash is made from. A ThumbHash holds at most 7 by 7 frequencies of brightness."""

_COLORS = 8


@dataclass(frozen=True)
class Placeholder:
    """``thumbhash`` is base64 (at most 36 characters; https://evanw.github.io/thumbhash/), ``color`` is "#rrggbb"."""

    thumbhash: str
    color: str


def make_placeholder(pixels: Image.Image) -> Placeholder:
    """The placeholder of RGB or RGBA pixels; takes some milliseconds, whatever their size."""
    small = pixels.copy()
    small.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    small = small.convert("RGBA")
    digest = rgba_to_thumb_hash(small.width, small.height, list(small.tobytes()))
    return Placeholder(b64encode(bytes(digest)).decode(), _dominant_color(small))


def _dominant_color(small: Image.Image) -> str:
    """The most frequent of eight colours to which the visible pixels are reduced; white where nothing is visible."""
    data = small.tobytes()
    visible = b"".join(data[at : at + 3] for at in range(0, len(data), 4) if data[at + 3] > 127)
    if not visible:
        return "#ffffff"
    row = Image.frombytes("RGB", (len(visible) // 3, 1), visible)
    reduced = row.quantize(_COLORS, Image.Quantize.MEDIANCUT)
    index = max(reduced.getcolors(), key=lambda counted: counted[0])[1]
    red, green, blue = reduced.getpalette()[index * 3 : index * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
