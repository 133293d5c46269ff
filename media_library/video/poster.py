"""The picture that stands for a film."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile
from media_library.imaging.liveliness import Look, look_at
from media_library.video import filters
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.probe import Film
from media_library.video.processing import video_processing

WINDOW, CANDIDATES = 3.0, 12
"""Seconds of the film around the wanted moment that are looked at, and how many pictures of them."""

ELSEWHERE = (0.1, 0.25, 0.5, 0.75)
"""Where else to look when nothing can be seen there, as shares of the film."""

SHARP_ENOUGH = 0.6
"""Of the sharpest picture around: nearer ones that are nearly as sharp are better."""

SMALL, LARGE = 320, 2560
"""Pixels along the longer side of what is judged, and of what is taken."""


@dataclass(frozen=True)
class Candidate:
    """A moment of a film, in seconds, and what can be seen there."""

    time: float
    look: Look


def draw_poster(film: Film, folder: Path, time: float | None = None) -> Path:
    """Write the film's picture at ``time``, as seen, as a PNG in ``folder``.

    Without a time, one near ``thumbnail_time`` that is neither black nor blurred. Raises ``DamagedFile`` when there
    is no picture at all, and what ``run_ffmpeg`` raises.
    """
    if time is None:
        time = find_moment(film, folder)
    # A picture is shown until the next one: what can be seen at this time has begun up to one step earlier.
    begin = max(0.0, time - float(1 / film.rate) + 0.001)
    return _draw(film, folder, begin, 1) or _draw_last(film, folder)


def find_moment(film: Film, folder: Path) -> float:
    """Seconds at which the film shows something, near ``thumbnail_time`` if it does so there."""
    wanted = min(video_processing().thumbnail_time, film.duration / 2)
    seen = _candidates(film, folder, wanted - WINDOW / 2)
    if chosen := _choose(seen, wanted):
        return chosen.time
    for share in ELSEWHERE:
        around = _candidates(film, folder, film.duration * share)
        if chosen := _choose(around, film.duration * share):
            return chosen.time
        seen += around
    # A dark film: its brightest moment.
    return max(seen, key=lambda one: one.look.luma).time if seen else 0.0


def _choose(candidates: list[Candidate], wanted: float) -> Candidate | None:
    shown = [one for one in candidates if one.look.shows_something]
    sharpest = max((one.look.sharpness for one in shown), default=0.0)
    sharp = [one for one in shown if one.look.sharpness >= sharpest * SHARP_ENOUGH]
    return min(sharp, key=lambda one: abs(one.time - wanted), default=None)


def _candidates(film: Film, folder: Path, begin: float) -> list[Candidate]:
    begin = max(0.0, min(begin, film.duration - WINDOW))
    for path in folder.glob("candidate-*.png"):
        path.unlink()
    step = min(WINDOW, film.duration or WINDOW) / CANDIDATES
    width, height = _fit(film, SMALL)
    # The nearest picture that there is stands for each step, so a film of one picture has candidates too.
    chain = [f"fps=fps={1 / step:.6f}:start_time=0", *filters.fitted(film, width, height), "format=gray"]
    pattern = str(folder).replace("%", "%%") + "/candidate-%d.png"
    run_ffmpeg(
        film,
        [
            *("-map", f"0:{film.stream}", "-t", f"{WINDOW}", "-vf", ",".join(chain)),
            *("-frames:v", str(CANDIDATES), "-start_number", "0", "-f", "image2", pattern),
        ],
        seek=begin,
    )
    return [
        Candidate(begin + number * step, look_at(path))
        for number in range(CANDIDATES)
        if (path := folder / f"candidate-{number}.png").exists()
    ]


def _draw(film: Film, folder: Path, begin: float, pictures: int | None) -> Path | None:
    """Write the first picture from ``begin`` on, or the last one without a number of them."""
    poster = folder / "poster.png"
    chain = [*filters.fitted(film, *_fit(film, LARGE)), "format=rgb24"]
    count = ["-frames:v", str(pictures)] if pictures else []
    output = ["-map", f"0:{film.stream}", "-vf", ",".join(chain), *count, "-update", "1", "-f", "image2", str(poster)]
    run_ffmpeg(film, output, seek=begin)
    return poster if poster.exists() else None


def _draw_last(film: Film, folder: Path) -> Path:
    poster = _draw(film, folder, max(0.0, film.duration - 1), None) or _draw(film, folder, 0.0, 1)
    if poster is None:
        raise DamagedFile(_("There is not one picture in this film. Export it anew."))
    return poster


def _fit(film: Film, side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(film.width, film.height))
    return max(2, round(film.width * scale / 2) * 2), max(2, round(film.height * scale / 2) * 2)
