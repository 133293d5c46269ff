"""How good a still of a film a picture would be: not black, not blurred."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter, ImageStat

from media_library.exceptions import DamagedFile

_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)

DARK, FLAT = 24.0, 8.0
"""Mean luma and its standard deviation, of 255, below which a picture shows nothing: fades, black and plain frames.
Chosen on films with fades from black; a night scene with lamps has 25 and 40."""


@dataclass(frozen=True)
class Look:
    """Mean luma and its standard deviation (0 to 255), and the variance of the Laplacian.

    The latter is the measure of focus of Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy" (2000):
    what is blurred, by focus or by motion, has no strong second derivatives.
    """

    luma: float
    contrast: float
    sharpness: float

    @property
    def shows_something(self) -> bool:
        return self.luma >= DARK and self.contrast >= FLAT


def look_at(path: Path) -> Look:
    """Judge a small picture in PNG that was drawn here. Raises ``DamagedFile``."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            grey = image.convert("L")
    except (OSError, ValueError) as error:
        raise DamagedFile(str(path)) from error
    light, edges = ImageStat.Stat(grey), ImageStat.Stat(grey.filter(_LAPLACIAN))
    return Look(light.mean[0], light.stddev[0], edges.var[0])
