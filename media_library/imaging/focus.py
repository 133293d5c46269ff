"""What a picture is of: the area that crops should keep."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from media_library.imaging.faces import Face
from media_library.imaging.looking import Pixels, grey

HAIR, CHIN, EARS = 0.35, 0.2, 0.12
"""By how much a head is larger than the face that was found, above, below and on each side: windows of the cascades
go from the brows to below the mouth. As shares of the face, seen on tests/portraits."""

SIDE = 64
"""Pixels along each side of what the spectrum is made of: the authors' own scale, at which an object is a spot."""

SPREAD = 2.5
"""Standard deviation in pixels by which the spots are joined."""

KEPT = 0.5
"""Share of all that stands out which the area holds."""

EVEN = 0.4
"""Share of a picture at which the area is so large that there is nothing to keep: a pattern, a meadow, a sky."""


@dataclass(frozen=True)
class Area:
    """Left, top, width and height as shares of the picture; ``confidence`` from 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    confidence: float

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def focal_area(pixels: Pixels, faces: list[Face]) -> Area | None:
    """The faces, or else what stands out; None for a picture in which nothing does."""
    return _around(faces) if faces else _salient(pixels)


def _around(faces: list[Face]) -> Area:
    """Around the heads of all faces that are not much smaller than the largest: others are in the background."""
    largest = max(face.size for face in faces)
    near = [face for face in faces if face.size >= largest / 4]
    left = max(0.0, min(face.x - EARS * face.width for face in near))
    top = max(0.0, min(face.y - HAIR * face.height for face in near))
    right = min(1.0, max(face.x + (1 + EARS) * face.width for face in near))
    bottom = min(1.0, max(face.y + (1 + CHIN) * face.height for face in near))
    return Area(left, top, right - left, bottom - top, max(face.confidence for face in near))


def _salient(pixels: Pixels) -> Area | None:
    """The least area that holds most of what stands out.

    Spectral residual: what is left of the logarithm of the spectrum without its local mean (Hou and Zhang, "Saliency
    Detection: A Spectral Residual Approach", CVPR 2007), weighed with edges, so that a bright empty sky is none.
    """
    shades = cv2.resize(grey(pixels), (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    if shades.std() < 1:
        return None
    spectrum = np.fft.fft2(shades)
    logarithm = np.log(np.abs(spectrum) + 1e-6)
    residual = logarithm - cv2.blur(logarithm, (3, 3))
    spots = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    edges = np.hypot(cv2.Sobel(shades, cv2.CV_32F, 1, 0), cv2.Sobel(shades, cv2.CV_32F, 0, 1))
    standing_out = cv2.GaussianBlur(spots / spots.max() + edges / (edges.max() or 1), (0, 0), SPREAD)
    standing_out -= np.median(standing_out)
    return _least_area(np.clip(standing_out, 0, None) ** 2)


def _least_area(weights: npt.NDArray[np.floating]) -> Area | None:
    """The box between the quantiles of the weights along each axis that holds about ``KEPT`` of them."""
    total = weights.sum()
    if total <= 0:
        return None
    rest = (1 - KEPT**0.5) / 2
    spans = []
    for axis in (0, 1):
        shares = np.cumsum(weights.sum(axis=axis)) / total
        first, last = np.searchsorted(shares, [rest, 1 - rest]).tolist()
        spans.append((first / SIDE, (last + 1) / SIDE))
    (left, right), (top, bottom) = spans
    size = (right - left) * (bottom - top)
    if size > EVEN:
        return None
    # An ordering and no probability: the smaller what stands out, the surer it is meant.
    return Area(left, top, right - left, bottom - top, round(0.8 * (1 - size / EVEN), 3))
