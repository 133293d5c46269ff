from pathlib import Path

from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.probe import Film

CANDIDATES = 48
"""Frames among which ffmpeg's ``thumbnail`` filter picks the one nearest to their average: not black, no flash."""


def draw_poster(film: Film, folder: Path) -> Path:
    """Pick a frame that stands for the film and write it, as seen, as a PNG in ``folder``.

    Looks from a tenth of the film on, at most 5 seconds in, since films begin in black.
    """
    poster = folder / "poster.png"
    run_ffmpeg(film, _one_frame(film, poster), seek=min(5.0, film.duration * 0.1))
    if not poster.exists():
        run_ffmpeg(film, _one_frame(film, poster))
    if not poster.exists():
        raise DamagedFile(_("There is not one picture in this film. Export it anew."))
    return poster


def _one_frame(film: Film, target: Path) -> list[str]:
    # Scaled before the pick: the filter keeps all candidates in memory.
    width = min(film.width, 2560)
    height = max(1, round(film.height * width / film.width))
    filters = f"scale={width}:{height},setsar=1,thumbnail={CANDIDATES},format=rgb24"
    return ["-map", f"0:{film.stream}", "-vf", filters, "-frames:v", "1", "-update", "1", str(target)]
