"""The film that browsers play: H.264 and AAC in MP4, at most 720p."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
from django.core.files.base import File
from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, FFmpegError
from media_library.models import Transcode, Video
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.probe import Film

PRESET = "720p"
SHORT_SIDE = 720
CRF = 23
"""x264's default constant rate factor."""


MISSING_SECONDS, MISSING_SHARE = 0.5, 0.05
"""How much shorter than its header says a film may come out, in seconds and as a share: headers round."""


@dataclass(frozen=True)
class Transcoded:
    """A finished film on this machine. Pixels, seconds, bits per second."""

    path: Path
    width: int
    height: int
    duration: float
    bitrate: int


def transcode(film: Film, folder: Path, report: Callable[[float], None]) -> Transcoded:
    """Make the MP4 in ``folder``; its index stands first, so that it plays while it loads.

    Metadata of the camera (place, device, date) is left out. Raises ``FFmpegError``, and ``DamagedFile`` for a film
    that ends before it should.
    """
    target = folder / f"{PRESET}.mp4"
    width, height = fit(film.width, film.height)
    run_ffmpeg(
        film,
        [
            *("-map", f"0:{film.stream}", "-map", "0:a:0?", "-sn", "-dn"),
            *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
            *("-vf", f"scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p"),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), "-profile:v", "high"),
            *("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"),
            *("-max_muxing_queue_size", "1024", "-movflags", "+faststart"),
            *("-f", "mp4", str(target)),
        ],
        report=report,
    )
    made = _measure(target)
    _require_whole(film, made)
    return made


def fit(width: int, height: int) -> tuple[int, int]:
    """Shrink so that the short side is at most 720, to even numbers (4:2:0 needs them)."""
    scale = min(1.0, SHORT_SIDE / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _measure(path: Path) -> Transcoded:
    with av.open(str(path)) as container:
        if not container.streams.video or not container.duration:
            raise FFmpegError("ffmpeg wrote a film without pictures.")
        stream = container.streams.video[0]
        duration = container.duration / av.time_base
        return Transcoded(path, stream.width, stream.height, duration, int(path.stat().st_size * 8 / duration))


def _require_whole(film: Film, made: Transcoded) -> None:
    """Refuse a film that was cut off: ffmpeg converts what is there and calls it a success."""
    if film.duration - made.duration > max(MISSING_SECONDS, film.duration * MISSING_SHARE):
        raise DamagedFile(
            _(
                "This film is cut off: it should last %(should)s seconds, and only %(found)s of them are there. "
                "Copy or export it anew."
            )
            % {"should": round(film.duration), "found": round(made.duration, 1)}
        )


def store_transcode(video: Video, made: Transcoded) -> Transcode:
    """Write the file to public storage, and return its row, not saved yet."""
    row = Transcode(
        asset=video,
        version=video.version,
        preset=PRESET,
        mime_type="video/mp4",
        width=made.width,
        height=made.height,
        duration=made.duration,
        bitrate=made.bitrate,
        file_size=made.path.stat().st_size,
    )
    with made.path.open("rb") as file:
        row.file = File(file, name=made.path.name)
        row.file.save(made.path.name, row.file.file, save=False)
    return row
