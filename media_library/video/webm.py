"""A film as VP9 and Opus in WebM, for clients that take nothing with patents on it."""

from collections.abc import Callable
from pathlib import Path

from media_library.video import filters
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.ladder import ANONYMOUS, Plan, sound_chain
from media_library.video.rungs import gop_frames

SOUND_BITRATE = 96_000
"""Bits a second for two channels."""

EFFORT = 6
"""libvpx's ``cpu-used`` with ``deadline realtime``, 0 to 8: at 6 a WebM takes a third of the time of the ladder."""

AVERAGE = 0.5
"""Of the peak of the rung in H.264: VP9 may not take more on average. Without a bound, quick settings spend twice the
bits of H.264 on films that move much."""

MEASURING = 0.02
"""What measuring the loudness costs, as a share of all."""


def make_webm(plan: Plan, folder: Path, report: Callable[[float], None]) -> Path:
    """Make the WebM in ``folder``. Raises what ``run_ffmpeg`` raises."""
    film, rung = plan.film, plan.fallback
    target = folder / "film.webm"
    chain = [*filters.constant(film, plan.rate), *filters.fitted(film, rung.width, rung.height)]
    sound: list[str] = []
    if film.audio is not None:
        heard = sound_chain(film, film.audio, lambda done: report(done * MEASURING))
        sound = ["-map", f"0:{film.audio}", "-af", heard, "-c:a", "libopus", "-b:a", str(SOUND_BITRATE), "-ac", "2"]
    bitrate, gop = round(plan.peak(rung) * AVERAGE), gop_frames(plan.rate) * 5
    run_ffmpeg(
        film,
        [
            *("-map", f"0:{film.stream}", "-vf", ",".join(chain), "-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p"),
            *("-crf", str(plan.processing.crf.vp9), "-b:v", str(bitrate), "-g", str(gop)),
            *("-deadline", "realtime", "-cpu-used", str(EFFORT), "-row-mt", "1", "-tile-columns", "2"),
            *sound,
            *(*ANONYMOUS, "-cues_to_front", "1", "-f", "webm", str(target)),
        ],
        report=lambda done: report(MEASURING + done * (1 - MEASURING)),
    )
    return target
