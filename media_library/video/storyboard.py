"""Small pictures of a film for who looks for a place in it: sprite sheets, and WebVTT that says which is which.

A cue is ``sprite-1-2c26b46b68ff.jpg#xywh=160,0,160,90`` (Media Fragments URI 1.0, 4.2.2), as players take it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from media_library.video.probe import Film

TILE_SIDE = 160
"""Pixels along the longer side of a tile."""

COLUMNS = ROWS = 10
MAX_TILES = 200
"""Of one film: two sheets of some 300 kB."""

TILES = "tiles.y4m"

JPEG_QUALITY = 5
"""ffmpeg's scale, 2 is the best and 31 the worst."""


@dataclass(frozen=True)
class Storyboard:
    """How the tiles of a film are laid out. Pixels; seconds; ``interval`` is from one tile to the next."""

    width: int
    height: int
    interval: int
    columns: int
    rows: int
    duration: float

    def filters(self) -> str:
        """From pictures of the film in square pixels to sheets."""
        return f"{self.tiles()},{self.laid_out()}"

    def tiles(self) -> str:
        """From pictures to tiles. One shows its moment, not one before it."""
        return (
            f"fps=fps=1/{self.interval}:start_time=0:round=up,"
            f"scale={self.width}:{self.height}:flags=area:out_range=full,format=yuvj420p"
        )

    def laid_out(self) -> str:
        """From tiles to sheets."""
        return f"tile=layout={self.columns}x{self.rows}"

    def output(self, folder: Path) -> list[str]:
        """Arguments after ``-map``."""
        pattern = str(folder).replace("%", "%%") + "/sprite-%d.jpg"
        return ["-c:v", "mjpeg", "-q:v", str(JPEG_QUALITY), "-start_number", "1", "-f", "image2", pattern]

    def vtt(self, sheets: Sequence[str]) -> str:
        """The cues, with the names of the sheets in the same folder."""
        cues = ["WEBVTT\n"]
        for number in range(min(ceil(self.duration / self.interval), len(sheets) * self.columns * self.rows)):
            sheet, place = divmod(number, self.columns * self.rows)
            row, column = divmod(place, self.columns)
            start, end = number * self.interval, min((number + 1) * self.interval, self.duration)
            box = f"{column * self.width},{row * self.height},{self.width},{self.height}"
            cues.append(f"{_time(start)} --> {_time(end)}\n{sheets[sheet]}#xywh={box}\n")
        return "\n".join(cues)


def plan_storyboard(film: Film) -> Storyboard:
    """One tile a second for some minutes, fewer for longer films."""
    scale = TILE_SIDE / max(film.width, film.height)
    width, height = (max(2, round(side * scale / 2) * 2) for side in (film.width, film.height))
    interval = max(1, ceil(film.duration / MAX_TILES))
    tiles = max(1, ceil(film.duration / interval))
    columns = min(COLUMNS, tiles)
    return Storyboard(width, height, interval, columns, min(ROWS, ceil(tiles / columns)), film.duration)


def tiles_output(folder: Path) -> list[str]:
    """Arguments after ``-map`` for tiles alone: one after the other, as they are (YUV4MPEG2)."""
    return ["-f", "yuv4mpegpipe", str(folder / TILES)]


def drawn_sheets(folder: Path) -> list[Path]:
    """The sheets that ffmpeg has written, in their order."""
    return sorted(folder.glob("sprite-*.jpg"), key=lambda path: int(path.stem.partition("-")[2]))


def _time(seconds: float) -> str:
    """``01:02:03.400``."""
    thousandths = round(seconds * 1000)
    minutes, thousandths = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{thousandths // 1000:02}.{thousandths % 1000:03}"
