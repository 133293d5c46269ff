"""Long films in parts: each is made by whichever worker is free, and joined they are what one worker would have made.

A part is a stretch of the pictures in all rungs of a pass. The sound is a part of its own: cut up, it would have the
silence that AAC puts before each beginning (priming) in its middle.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import DamagedFile, FFmpegError
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.fragments import read_fragments
from media_library.video.joining import join_fragments, join_tiles
from media_library.video.ladder import (
    ANONYMOUS,
    MISSING_SECONDS,
    SOUND,
    MadeRung,
    Plan,
    has_fragments,
    picture_arguments,
    require_whole,
    sound_arguments,
)
from media_library.video.probe import Film
from media_library.video.rungs import Rung
from media_library.video.storyboard import TILES
from media_library.video.stretches import Stretch, stretches

PARTS = 10
"""How many parts the shortest film has that is cut: a part lasts a tenth of ``VIDEO_SPLIT_SECONDS``."""

TILES_PRESET = "tiles"

MEASURING = 0.3
"""What measuring the loudness costs, as a share of making the sound."""


@dataclass(frozen=True)
class Part:
    """What one worker is to make: these rungs of a stretch, or the sound where there are none.

    ``rate`` is that of the pictures, as ``30000/1001``; ``base`` and ``share`` say where the pass begins in the work
    on the whole film and how much of it the pass is, 0 to 1.
    """

    rungs: tuple[str, ...]
    start: int
    end: int | None
    rate: str
    base: float
    share: float

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "rungs": tuple(value["rungs"])})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.start, self.end, Fraction(self.rate))


def is_long(film: Film) -> bool:
    """Whether the film should be cut, if it can be."""
    return bool(conf.VIDEO_SPLIT_SECONDS) and film.duration > conf.VIDEO_SPLIT_SECONDS


def plan_parts(plan: Plan, rungs: Sequence[Rung], base: float, share: float) -> list[Part]:
    """The parts of a pass, the sound first, since it takes longest; nothing for a film that can't be cut."""
    # In each of them is a moment of the storyboard.
    interval = plan.storyboard.interval
    seconds = max(conf.VIDEO_SPLIT_SECONDS / PARTS, interval)
    found = stretches(plan.film, plan.rate, seconds, max(seconds / 2, interval + MISSING_SECONDS))
    if len(found) < 2:
        return []
    names, rate = tuple(rung.name for rung in rungs), str(plan.rate)
    pictures = [Part(names, one.start, one.end, rate, base, share) for one in found]
    has_sound = plan.first in rungs and plan.film.has_audio
    return [*([Part((), 0, None, rate, base, share)] if has_sound else []), *pictures]


def encode_part(plan: Plan, part: Part, folder: Path, report: Callable[[float], None]) -> dict[str, Path]:
    """Make a part; return its files by their presets: of rungs, tiles or the sound.

    Raises what ``run_ffmpeg`` raises, and ``DamagedFile`` where there aren't the pictures that should be there.
    """
    film = plan.film
    if not part.rungs:
        return _encode_sound(film, folder, report)
    rungs, stretch = [rung for rung in plan.rungs if rung.name in part.rungs], part.stretch
    if stretch.rate != plan.rate or len(rungs) != len(part.rungs):
        raise DamagedFile(_("The settings for films have changed while this one was made."))
    is_first = plan.first in rungs
    arguments = picture_arguments(plan, rungs, folder, with_storyboard=is_first, stretch=stretch)
    seconds = (stretch.frames or 0) / plan.rate or Fraction(film.duration) - stretch.start / plan.rate
    run_ffmpeg(
        replace(film, duration=float(seconds)), arguments, seek=stretch.seek, from_key_picture=True, report=report
    )
    made = {rung.name: folder / f"{rung.name}.mp4" for rung in rungs}
    for path in made.values():
        _require_pictures(path, stretch)
    return made | ({TILES_PRESET: folder / TILES} if is_first else {})


def join_parts(
    plan: Plan, rungs: Sequence[Rung], files: Callable[[str], Iterable[tuple[Path, Fraction]]], folder: Path
) -> list[MadeRung]:
    """Join the parts of a pass to its rungs, its sound and its storyboard, as ``ladder.encode`` makes them.

    ``files`` gives the files of a preset in their order, and where they begin, in seconds. Raises ``PartsDiffer``
    where they don't fit, and ``DamagedFile`` as ``encode`` does.
    """
    made = []
    for rung in rungs:
        path = folder / f"{rung.name}.mp4"
        made.append(MadeRung(rung.name, path, join_fragments(files(rung.name), path), rung, plan.rate))
    if plan.first in rungs:
        heard = folder / f"{SOUND}.mp4"
        made += [MadeRung(SOUND, heard, join_fragments([one], heard)) for one in files(SOUND)]
        require_whole(plan.film, made)
        tiles = join_tiles((path for path, _start in files(TILES_PRESET)), folder / TILES)
        board = plan.storyboard
        drawn = replace(plan.film, path=tiles, demuxer="yuv4mpegpipe")
        run_ffmpeg(drawn, ["-vf", board.laid_out(), *ANONYMOUS, *board.output(folder)])
    return made


def _encode_sound(film: Film, folder: Path, report: Callable[[float], None]) -> dict[str, Path]:
    if film.audio is None:
        return {}
    arguments = sound_arguments(film, film.audio, folder, lambda done: report(done * MEASURING))
    run_ffmpeg(film, arguments, report=lambda done: report(MEASURING + done * (1 - MEASURING)))
    path = folder / f"{SOUND}.mp4"
    return {SOUND: path} if has_fragments(path) else {}


def _require_pictures(path: Path, stretch: Stretch) -> None:
    """Each picture of a stretch is there, but in the last one, whose end nobody knows."""
    try:
        duration = read_fragments(path).duration
    except FFmpegError:
        duration = Fraction(0)
    if duration != (stretch.frames or 0) / stretch.rate and (stretch.end is not None or not duration):
        raise DamagedFile(
            _("A part of this film is damaged. Copy or export it anew."),
            f"{float(duration)} s of {stretch}",
        )
