"""What stands in for a picture until it has come."""

import math
from base64 import b64encode
from dataclasses import dataclass

from PIL import Image

_SIDE = 32
"""Longer side in pixels of what the hash is made from. A ThumbHash holds at most 7 by 7 frequencies of brightness."""

_COLORS = 8


@dataclass(frozen=True)
class Placeholder:
    """``thumbhash`` is base64 (at most 36 characters; https://evanw.github.io/thumbhash/), ``color`` is "#rrggbb"."""

    thumbhash: str
    color: str


NO_PLACEHOLDER = Placeholder("", "")
"""Of what has no pixels, or none yet."""


def make_placeholder(pixels: Image.Image) -> Placeholder:
    """The placeholder of RGB or RGBA pixels; takes some milliseconds, whatever their size."""
    small = pixels.copy()
    small.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
    small = small.convert("RGBA")
    return Placeholder(b64encode(_thumbhash(small)).decode(), _dominant_color(small))


def _dominant_color(small: Image.Image) -> str:
    """The most frequent of eight colours to which the visible pixels are reduced; white where nothing is visible."""
    data = small.tobytes()
    visible = b"".join(data[at : at + 3] for at in range(0, len(data), 4) if data[at + 3] > 127)
    if not visible:
        return "#ffffff"
    row = Image.frombytes("RGB", (len(visible) // 3, 1), visible)
    reduced = row.quantize(_COLORS, Image.Quantize.MEDIANCUT)
    most = max(range(_COLORS), key=reduced.histogram().__getitem__)
    red, green, blue = (reduced.getpalette() or [255] * 3 * _COLORS)[most * 3 : most * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _thumbhash(small: Image.Image) -> bytes:
    """Encode RGBA pixels, at most 100 by 100, as a ThumbHash: a few cosine terms of luminance, two colour differences
    and alpha, in 4 bits each. Layout of the bytes: https://github.com/evanw/thumbhash.

    The packages on PyPI either fail on transparency or hold Pillow back.
    """
    width, height = small.size
    luminance, yellow_blue, red_green, alpha = _channels(small)
    has_alpha = min(alpha) < 1.0
    limit = 5 if has_alpha else 7
    longer = max(width, height)
    across, down = max(1, _round(limit * width / longer)), max(1, _round(limit * height / longer))
    l_dc, l_ac, l_scale = _terms(luminance, width, height, max(3, across), max(3, down))
    p_dc, p_ac, p_scale = _terms(yellow_blue, width, height, 3, 3)
    q_dc, q_ac, q_scale = _terms(red_green, width, height, 3, 3)
    header = _round(63 * l_dc) | _round(31.5 + 31.5 * p_dc) << 6 | _round(31.5 + 31.5 * q_dc) << 12
    header |= _round(31 * l_scale) << 18 | has_alpha << 23
    is_landscape = width > height
    shape = (down if is_landscape else across) | _round(63 * p_scale) << 3 | _round(63 * q_scale) << 9
    shape |= is_landscape << 15
    packed = bytearray(header.to_bytes(3, "little") + shape.to_bytes(2, "little"))
    terms = [*l_ac, *p_ac, *q_ac]
    if has_alpha:
        a_dc, a_ac, a_scale = _terms(alpha, width, height, 5, 5)
        packed.append(_round(15 * a_dc) | _round(15 * a_scale) << 4)
        terms += a_ac
    nibbles = [_round(15 * term) for term in terms] + [0]
    packed += bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=False))
    return bytes(packed)


def _channels(small: Image.Image) -> tuple[list[float], list[float], list[float], list[float]]:
    """Luminance, yellow minus blue, red minus green, and alpha, 0 to 1 each; over the mean colour of what is seen."""
    data = small.tobytes()
    pixels = [tuple(value / 255 for value in data[at : at + 4]) for at in range(0, len(data), 4)]
    opacity = sum(pixel[3] for pixel in pixels)
    mean = [sum(pixel[channel] * pixel[3] for pixel in pixels) / (opacity or 1.0) for channel in range(3)]
    seen = [[mean[n] * (1 - pixel[3]) + pixel[n] * pixel[3] for n in range(3)] for pixel in pixels]
    return (
        [(red + green + blue) / 3 for red, green, blue in seen],
        [(red + green) / 2 - blue for red, green, blue in seen],
        [red - green for red, green, blue in seen],
        [pixel[3] for pixel in pixels],
    )


def _terms(channel: list[float], width: int, height: int, across: int, down: int) -> tuple[float, list[float], float]:
    """The cosine transform of a channel, as far as ThumbHash keeps it: the constant term, the others as 0 to 1, and
    by what these are to be multiplied."""
    columns = [[math.cos(math.pi / width * c * (x + 0.5)) for x in range(width)] for c in range(across)]
    rows = [[math.cos(math.pi / height * c * (y + 0.5)) for y in range(height)] for c in range(down)]
    constant, terms = 0.0, []
    for cy in range(down):
        # One triangle of the frequencies: the others are too fine.
        for cx in range(across):
            if cx * down >= across * (down - cy):
                break
            total = sum(
                rows[cy][y] * sum(map(float.__mul__, columns[cx], channel[y * width : (y + 1) * width]))
                for y in range(height)
            )
            term = total / (width * height)
            if cx or cy:
                terms.append(term)
            else:
                constant = term
    scale = max(map(abs, terms), default=0.0)
    return constant, [0.5 + 0.5 / scale * term if scale else 0.5 for term in terms], scale


def _round(value: float) -> int:
    return math.floor(value + 0.5)
