"""Photographs of people (README.md says whose), and where a face is in each: labelled by hand."""

from dataclasses import dataclass
from pathlib import Path

from media_library.imaging.looking import Pixels, read_pixels

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Portrait:
    """``face`` is left, top, width and height from hairline to chin and ear to ear, as shares of the picture."""

    name: str
    face: tuple[float, float, float, float]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.jpg"

    def pixels(self) -> Pixels:
        """As backends see it."""
        with self.path.open("rb") as file:
            return read_pixels(file)


PORTRAITS = [
    Portrait("eileen-collins", (0.345, 0.11, 0.20, 0.22)),
    Portrait("grace-hopper", (0.30, 0.18, 0.42, 0.385)),
    Portrait("barack-obama", (0.39, 0.05, 0.31, 0.30)),
    Portrait("barack-obama-speaking", (0.31, 0.15, 0.52, 0.35)),
    Portrait("barack-obama-standing", (0.43, 0.095, 0.235, 0.165)),
    Portrait("barack-obama-half", (0.645, 0.04, 0.355, 0.335)),
    Portrait("joe-biden", (0.43, 0.05, 0.34, 0.205)),
    Portrait("filippo-giunchedi", (0.38, 0.11, 0.24, 0.44)),
    Portrait("guillaume-paumier", (0.45, 0.12, 0.24, 0.32)),
    Portrait("cameraman", (0.36, 0.17, 0.15, 0.22)),
]
