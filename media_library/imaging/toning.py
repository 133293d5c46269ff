"""Brightness, contrast, saturation and tone, as browsers define them for their filters.

Formulas: W3C Filter Effects Module Level 1, "Shorthands defined in terms of the filter element". They depend on
nothing but the pixel, so that a rendition of any size gets the same colours; Pillow's own contrast would depend on the
mean of the picture.
"""

import math

from PIL import Image

Matrix = tuple[float, ...]

_LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Shares of red, green and blue in the luminance of sRGB (ITU-R BT.709)."""

TONES: dict[str, Matrix] = {
    "greyscale": (*_LUMINANCE, 0, *_LUMINANCE, 0, *_LUMINANCE, 0),
    "sepia": (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0),
}
"""Matrices of three rows: shares of red, green, blue, and a constant."""


def tone_colours(image: Image.Image, brightness: float, contrast: float, saturation: float, tone: str) -> Image.Image:
    """Change the colours of RGB or RGBA pixels, one step after the other; transparency stays.

    ``brightness``, ``contrast`` and ``saturation`` go from -1 to 1 with 0 for no change, ``tone`` is "" or one of
    ``TONES``.
    """
    if not (brightness or contrast or saturation or tone):
        return image
    pixels = image.convert("RGB") if image.mode == "RGBA" else image
    if brightness or contrast:
        pixels = pixels.point(curve(brightness, contrast) * 3)
    if saturation:
        pixels = pixels.convert("RGB", _saturate(1 + saturation))
    if tone:
        pixels = pixels.convert("RGB", TONES[tone])
    if image.mode == "RGBA":
        pixels.putalpha(image.getchannel("A"))
    return pixels


def curve(brightness: float, contrast: float) -> list[int]:
    """What becomes of each of the 256 values of a channel: times ``1 + brightness``, then away from the middle."""

    def value(before: int) -> int:
        brightened = min(255.0, before * (1 + brightness))
        return math.floor(min(255.0, max(0.0, (brightened - 127.5) * (1 + contrast) + 127.5)) + 0.5)

    return [value(before) for before in range(256)]


def _saturate(amount: float) -> Matrix:
    """The matrix that takes each channel ``amount`` times as far from the luminance: 0 is grey, 1 is no change."""
    red, green, blue = (share * (1 - amount) for share in _LUMINANCE)
    return (
        red + amount, green, blue, 0,
        red, green + amount, blue, 0,
        red, green, blue + amount, 0,
    )  # fmt: skip
