"""The ladder of a film: H.264 and AAC in several sizes, each of them one file of fragmented MP4.

All rungs of a pass come from one decode. A first pass makes one rung, the sound and the storyboard, so that the film
plays early; a second one makes the other rungs.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile
from media_library.video import filters
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.fragments import FragmentedFile, read_fragments
from media_library.video.loudness import loudness_filter
from media_library.video.playlists import SEGMENT_SECONDS
from media_library.video.probe import Film
from media_library.video.processing import VideoProcessing, video_processing
from media_library.video.rungs import Rung, constant_rate, fallback_rung, first_rung, gop_frames, rungs_of
from media_library.video.storyboard import Storyboard, plan_storyboard, tiles_output
from media_library.video.stretches import Stretch

SOUND = "audio"
"""The rung that is sound only."""

SPEED = "veryfast"
"""x264's preset: slower ones take twice the time and more for a tenth of the bytes."""

SOUND_BITRATE, SOUND_RATE = 128_000, 48_000
"""Bits a second, samples a second; two channels."""

PRIMING = 1024
"""Samples that AAC puts before the sound. As many are taken from its beginning, so that it starts with the pictures
without an edit list, which players of fragments don't read."""

FRAGMENTED = "+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer"
"""A header without samples, then fragments that stand alone, whose first picture is shown at 0 (CMAF, ISO/IEC
23000-19)."""

ANONYMOUS = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
"""Nothing of what the camera wrote: place, device, date."""

MISSING_SECONDS, MISSING_SHARE = 0.5, 0.05
"""How much shorter than its header says a film may come out, in seconds and as a share: headers round."""

DECODING, LOUDNESS_SHARE = 0.3, 0.02
"""What a pass costs beside encoding, as a share of encoding the pictures of the source; what measuring costs."""


@dataclass(frozen=True)
class MadeRung:
    """A rung on this machine; ``rung`` is None for the sound."""

    name: str
    path: Path
    fragmented: FragmentedFile
    rung: Rung | None = None
    rate: Fraction | None = None


@dataclass(frozen=True)
class Plan:
    """All that is to be made of a film."""

    film: Film
    rungs: tuple[Rung, ...]
    rate: Fraction
    storyboard: Storyboard
    processing: VideoProcessing

    @property
    def first(self) -> Rung:
        return first_rung(list(self.rungs))

    @property
    def fallback(self) -> Rung:
        return fallback_rung(list(self.rungs))

    def passes(self, present: Container[str]) -> list[list[Rung]]:
        """What is to be encoded together, one pass after the other, when the rungs of these names are there."""
        missing = [rung for rung in self.rungs if rung.name not in present]
        others = [rung for rung in missing if rung != self.first]
        return [one for one in ([self.first] if self.first in missing else [], others) if one]

    def peak(self, rung: Rung) -> int:
        """Bits a second at most: films with 60 pictures a second need about half as much again as with 30."""
        return round(rung.peak * max(1.0, float(self.rate) / 30) ** 0.5)

    def cost(self, rungs: Sequence[Rung]) -> float:
        """What a pass over the film costs, in pixels a picture."""
        own = self.film.width * self.film.height
        return sum(rung.width * rung.height for rung in rungs) + DECODING * own if rungs else 0.0


def plan_ladder(film: Film) -> Plan:
    """Decide on sizes and rate. Raises ``ImproperlyConfigured`` for a mistake in ``VIDEO_PROCESSING``."""
    processing = video_processing()
    return Plan(film, tuple(rungs_of(film, processing)), constant_rate(film), plan_storyboard(film), processing)


def encode(
    plan: Plan,
    rungs: Sequence[Rung],
    folder: Path,
    report: Callable[[float], None] = lambda done: None,
) -> list[MadeRung]:
    """Encode these rungs from one decode; with the first of all, the sound is made and the storyboard drawn.

    Raises what ``run_ffmpeg`` raises, and ``DamagedFile`` for a film that ends before it should.
    """
    film = plan.film
    is_first = plan.first in rungs
    sound = film.audio if is_first else None
    measuring = LOUDNESS_SHARE if sound is not None else 0.0
    arguments = picture_arguments(plan, rungs, folder, with_storyboard=is_first)
    if sound is not None:
        arguments += sound_arguments(film, sound, folder, lambda done: report(done * measuring))
    run_ffmpeg(film, arguments, report=lambda done: report(measuring + done * (1 - measuring)))
    made = [
        MadeRung(rung.name, path, read_fragments(path), rung, plan.rate)
        for rung in rungs
        if (path := folder / f"{rung.name}.mp4")
    ]
    heard = folder / f"{SOUND}.mp4"
    if sound is not None and has_fragments(heard):
        made.append(MadeRung(SOUND, heard, read_fragments(heard)))
    # Once is enough, and the sound, which may last longer than the pictures, is there only then.
    if is_first:
        require_whole(film, made)
    report(1.0)
    return made


def picture_arguments(
    plan: Plan, rungs: Sequence[Rung], folder: Path, *, with_storyboard: bool, stretch: Stretch | None = None
) -> list[str]:
    """The graph of filters and the outputs for everything that can be seen, or for a stretch of it.

    The storyboard of a stretch is its tiles, one after the other.
    """
    film, largest, last = plan.film, rungs[0], len(rungs) - 1
    constant = [*filters.constant(film, plan.rate), *([stretch.filter()] if stretch else [])]
    graph, chain = [], [*constant, *filters.fitted(film, largest.width, largest.height)]
    inlet = f"[0:{film.stream}]"
    # Down a pyramid: each size is made from the one above it.
    for number, rung in enumerate(rungs):
        if number:
            inlet, chain = f"[next{number - 1}]", [filters.smaller(rung.width, rung.height)]
        if number < last or with_storyboard:
            graph.append(f"{inlet}{','.join(chain)},split[rung{number}][next{number}]")
        else:
            graph.append(f"{inlet}{','.join(chain)}[rung{number}]")
    if with_storyboard:
        board = plan.storyboard
        drawn = f"{board.tiles()},{stretch.tiles(plan.storyboard.interval).filter()}" if stretch else board.filters()
        graph.append(f"[next{last}]{drawn}[sheets]")
    arguments = ["-filter_complex", ";".join(graph)]
    for number, rung in enumerate(rungs):
        arguments += ["-map", f"[rung{number}]", *_h264(rung, plan)]
        arguments += [*ANONYMOUS, "-movflags", f"{FRAGMENTED}+frag_keyframe", *_mp4(folder, rung.name)]
    if with_storyboard:
        output = tiles_output(folder) if stretch else plan.storyboard.output(folder)
        arguments += ["-map", "[sheets]", *ANONYMOUS, *output]
    return arguments


def sound_arguments(
    film: Film, stream: int, folder: Path, report: Callable[[float], None] = lambda done: None
) -> list[str]:
    """The filters and the output for a stream of sound, which is measured first. Raises what ``run_ffmpeg`` raises."""
    chain = sound_chain(film, stream, report)
    return [
        *("-map", f"0:{stream}", "-af", f"{chain},atrim=start_sample={PRIMING}", *_aac(), *ANONYMOUS),
        *("-movflags", FRAGMENTED, "-frag_duration", f"{SEGMENT_SECONDS}000000", *_mp4(folder, SOUND)),
    ]


def sound_chain(film: Film, stream: int, report: Callable[[float], None] = lambda done: None) -> str:
    """Filters that make a stream of sound start at 0, without holes, in stereo, and as loud as all others."""
    even = f"aresample={SOUND_RATE}:async=1000:first_pts=0"
    loud = loudness_filter(film, stream, report)
    return f"{even},{loud}" if loud else f"{even},aformat=channel_layouts=stereo"


def join(film: Film, pictures: Path, sound: Path | None, target: Path) -> Path:
    """Copy a rung and the sound into one MP4 whose index stands first, so that it plays while it loads."""
    rung = replace(film, path=pictures, demuxer="mov")
    run_ffmpeg(
        rung,
        [
            *(("-protocol_whitelist", "file", "-f", "mov", "-i", str(sound)) if sound else ()),
            *("-map", "0:v", *(("-map", "1:a") if sound else ()), "-c", "copy", *ANONYMOUS),
            *("-movflags", "+faststart", "-f", "mp4", str(target)),
        ],
    )
    return target


def _h264(rung: Rung, plan: Plan) -> list[str]:
    """Key pictures at the same places in all rungs, each of which everything after it can be decoded from."""
    gop = str(gop_frames(plan.rate))
    peak = plan.peak(rung)
    return [
        *("-c:v", "libx264", "-preset", SPEED, "-profile:v", "high", "-pix_fmt", "yuv420p"),
        *("-crf", str(plan.processing.crf.h264), "-maxrate", str(peak), "-bufsize", str(peak * 2)),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-flags:v", "+cgop"),
    ]


def _aac() -> list[str]:
    return ["-c:a", "aac", "-b:a", str(SOUND_BITRATE), "-ac", "2", "-ar", str(SOUND_RATE)]


def _mp4(folder: Path, name: str) -> list[str]:
    return ["-f", "mp4", str(folder / f"{name}.mp4")]


def has_fragments(path: Path) -> bool:
    """Whether there was any sound in the stream."""
    with path.open("rb") as file:
        return b"moof" in file.read(65_536)


def require_whole(film: Film, made: Sequence[MadeRung]) -> None:
    """Refuse a film that was cut off: ffmpeg converts what is there and calls it a success."""
    found = max(float(one.fragmented.duration) for one in made)
    if film.duration - found > max(MISSING_SECONDS, film.duration * MISSING_SHARE):
        raise DamagedFile(
            _(
                "This film is cut off: it should last %(should)s seconds, and only %(found)s of them are there. "
                "Copy or export it anew."
            )
            % {"should": round(film.duration), "found": round(found, 1)}
        )
