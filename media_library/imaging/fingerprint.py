"""What a picture looks like in 64 bits, which hardly change when it is resized, recompressed or cropped a little."""

import numpy as np
from PIL import Image

BITS = 64

SIDE = 32
"""Pixels along each side of what the cosine transform is made of."""

FLAT = 4.0
"""Standard deviation of brightness, of 255, below which a picture has nothing to compare: a wall, a black frame."""

_CROP = 0.05
"""Share of an edge that the cropped fingerprints leave out: most of what counts as slight."""

CROPS: tuple[tuple[float, float, float, float], ...] = (
    (0, 0, 0, 0),
    (_CROP, 0, 0, 0),
    (0, _CROP, 0, 0),
    (0, 0, _CROP, 0),
    (0, 0, 0, _CROP),
    (_CROP, _CROP, _CROP, _CROP),
)
"""What is left out left, top, right and bottom for each fingerprint of a picture; the first is that of all of it."""

_WAVES = np.cos(np.pi * np.arange(SIDE)[:, None] * (2 * np.arange(SIDE)[None, :] + 1) / (2 * SIDE))
"""DCT-II: row u holds the wave of frequency u."""

_LOWEST = sorted(
    ((u, v) for u in range(SIDE) for v in range(SIDE) if u or v), key=lambda place: (place[0] + place[1], place[0])
)[:BITS]
"""The lowest frequencies without the constant one, diagonal by diagonal as in JPEG (ITU-T T.81, figure 5)."""


def fingerprints(pixels: Image.Image) -> tuple[int, ...]:
    """The fingerprints of RGB or RGBA pixels, one for each of ``CROPS``; none of a picture without any detail.

    Each is the cosine transform of 32 by 32 grey pixels, of whose lowest frequencies a bit says whether they are above
    their median: pHash (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", 3.2.1),
    with the 64 lowest frequencies in place of a square of 8 by 8, whose corner suffers most from cropping
    (benchmarks/near_duplicates.py).
    """
    grey = _grey(pixels)
    whole = _reduce(grey, CROPS[0])
    if whole.std() < FLAT:
        return ()
    return tuple(_hash(_reduce(grey, crop)) for crop in CROPS)


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two fingerprints differ."""
    return (one ^ other).bit_count()


def _grey(pixels: Image.Image) -> Image.Image:
    if pixels.mode == "RGBA":
        # On paper, as it will mostly be seen.
        paper = Image.new("RGBA", pixels.size, (255, 255, 255, 255))
        pixels = Image.alpha_composite(paper, pixels)
    return pixels.convert("L")


def _reduce(grey: Image.Image, crop: tuple[float, float, float, float]) -> np.ndarray:
    left, top, right, bottom = crop
    width, height = grey.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    small = grey.resize((SIDE, SIDE), Image.Resampling.BOX, box=box)
    return np.asarray(small, dtype=np.float64)


def _hash(grey: np.ndarray) -> int:
    spectrum = _WAVES @ grey @ _WAVES.T
    terms = np.array([spectrum[place] for place in _LOWEST])
    bits = terms > np.median(terms)
    return sum(1 << number for number, bit in enumerate(bits) if bit)
