"""Colours by the names that people give them."""

import cv2
import numpy as np

from media_library.imaging.looking import Pixels

HUES = (
    ("red", 15),
    ("orange", 40),
    ("yellow", 68),
    ("green", 160),
    ("turquoise", 195),
    ("blue", 255),
    ("violet", 290),
    ("pink", 340),
    ("red", 360),
)
"""Names, and the degree of HSV's hue up to which each goes: about the boundaries of Berlin and Kay's basic terms."""

GREY_BELOW, DARK_BELOW, LIGHT_ABOVE = 0.18, 0.2, 0.85
"""Saturation below which a colour has no name, and value below and above which it is black or, unsaturated, white."""

COLOURLESS = 0.03
"""Mean saturation below which a picture is black and white."""


def colour_shares(pixels: Pixels) -> dict[str, float]:
    """Names of colours, and the share of the picture that each takes, 0 to 1; largest first.

    ``black``, ``grey`` and ``white`` are among them.
    """
    small = cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    is_dark, is_pale = value < DARK_BELOW, saturation < GREY_BELOW
    shares: dict[str, float] = {
        "black": float(is_dark.mean()),
        "white": float((is_pale & (value > LIGHT_ABOVE)).mean()),
        "grey": float((is_pale & ~is_dark & (value <= LIGHT_ABOVE)).mean()),
    }
    start = -1.0
    for name, end in HUES:
        inside = ~is_dark & ~is_pale & (hue > start) & (hue <= end)
        shares[name] = shares.get(name, 0.0) + float(inside.mean())
        start = end
    return dict(sorted(((name, share) for name, share in shares.items() if share), key=lambda one: -one[1]))


def is_colourless(pixels: Pixels) -> bool:
    """Whether it is black and white, or of one tone throughout but for traces."""
    hsv = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    # In the dark, saturation is noise.
    return float((hsv[..., 1] * hsv[..., 2]).mean()) < COLOURLESS
