"""Where faces are, by the cascades that come with OpenCV: no model to download, and nothing leaves the machine."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from media_library.imaging.looking import Pixels, grey

SMALLEST = 0.04
"""Least side of a face, as a share of the picture's shorter side. What is smaller is in the background."""

MOST = 40
"""Faces at most, the largest: of a crowd, more say nothing more."""

STEP, NEIGHBOURS = 1.1, 4
"""By how much the window grows from one look to the next, and how many windows have to agree on a face."""

SURE = 0.8
"""Confidence from which there is a face. On houses and trees, windows seldom agree that much."""

FRONTAL, PROFILE = "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"

HALVING = {FRONTAL: 4, PROFILE: 2}
"""How many more windows halve what is left of the doubt. Those of profiles agree less often, and err less often."""


@dataclass(frozen=True)
class Face:
    """Left, top, width and height as shares of the picture; ``confidence`` from 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    confidence: float

    @property
    def size(self) -> float:
        return self.width * self.height


def find_faces(pixels: Pixels) -> list[Face]:
    """Faces that look here or aside, the largest first.

    Viola and Jones, "Rapid object detection using a boosted cascade of simple features", CVPR 2001, with the cascades
    of Lienhart. The windows that agree say how sure it is.
    """
    shades = np.asarray(cv2.equalizeHist(grey(pixels)), dtype=np.uint8)
    found = _look(FRONTAL, shades)
    if not any(one.confidence >= SURE for one in found):
        # The cascade knows one side.
        flipped = [
            Face(1 - one.x - one.width, one.y, one.width, one.height, one.confidence)
            for one in _look(PROFILE, np.ascontiguousarray(shades[:, ::-1]))
        ]
        found += _look(PROFILE, shades) + flipped
    return sorted(found, key=lambda one: -one.size)[:MOST]


def _look(cascade: str, shades: Pixels) -> list[Face]:
    height, width = shades.shape
    least = max(24, round(SMALLEST * min(shades.shape)))
    boxes, windows = _cascade(cascade).detectMultiScale2(
        shades, scaleFactor=STEP, minNeighbors=NEIGHBOURS, minSize=(least, least)
    )
    return [
        Face(x / width, y / height, w / width, h / height, 1 - 0.5 ** (number / HALVING[cascade]))
        for (x, y, w, h), number in zip(
            np.asarray(boxes).reshape(-1, 4).tolist(), np.asarray(windows).tolist(), strict=True
        )
    ]


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))
