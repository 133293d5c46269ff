"""The only caller of ffmpeg."""

import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import imageio_ffmpeg
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import DamagedFile, FFmpegError, UnacceptableFile
from media_library.programs import limit_memory, wrappers

LOG_BYTES = 16_384
"""How much of the end of what ffmpeg writes is kept."""

LOOK_SECONDS = 0.5

BLAMED_ON_THE_FILE = (
    "Invalid data found when processing input",
    "Error while decoding",
    "Error submitting packet to decoder",
    "could not find codec parameters",
    "Could not find codec parameters",
    "moov atom not found",
    "Decoder not found",
    "Decoder (codec",
    "Decoding requested, but no decoder found",
    "Not yet implemented in FFmpeg",
    "does not contain any stream",
    "matches no streams",
    "Nothing was written into output file",
)
PASSING = (
    "Cannot allocate memory",
    "No space left on device",
    "Disk quota exceeded",
    "Input/output error",
    "Resource temporarily unavailable",
    "Too many open files",
    "No such file or directory",
    "Stale file handle",
)
"""Words of ffmpeg's and of the system's (libavutil/error.c, strerror) by which reasons are told apart. What tells of
the machine outweighs what tells of the file, and an error with neither may pass."""


class Source(Protocol):
    """A file that was probed. ``demuxer`` is ffmpeg's name for its container; seconds."""

    @property
    def path(self) -> Path: ...

    @property
    def demuxer(self) -> str: ...

    @property
    def duration(self) -> float: ...


@cache
def bundled_ffmpeg() -> str:
    """Path of the ffmpeg that imageio-ffmpeg brings."""
    return imageio_ffmpeg.get_ffmpeg_exe()


def run_ffmpeg(
    source: Source,
    output: Sequence[str],
    *,
    seek: float = 0.0,
    from_key_picture: bool = False,
    report: Callable[[float], None] = lambda done: None,
    verbose: bool = False,
) -> str:
    """Run ffmpeg over a file; ``output`` are the arguments after the input. Returns the end of what it wrote.

    The demuxer is given, not guessed, and only local files can be opened: a playlist in disguise reads nothing.
    Memory and time are limited (conf.py). ``verbose`` lets filters tell what they have measured. What is read from
    ``seek`` on begins exactly there, at 0; ``from_key_picture`` begins at the key picture before it, and times stay
    those that they are from the beginning of the film.

    ``report`` gets 0 to 1 as the output grows, twice a second; what it raises ends ffmpeg. Raises ``DamagedFile`` for
    what the file is to blame for, ``UnacceptableFile`` when it takes too long, and ``FFmpegError`` for what may pass;
    their ``log`` ends with a line that says why.
    """
    command = [
        *wrappers(),
        conf.FFMPEG or bundled_ffmpeg(),
        *("-hide_banner", "-nostdin", "-loglevel", "info" if verbose else "warning", "-nostats", "-y"),
        *("-progress", "pipe:1", "-stats_period", str(LOOK_SECONDS)),
        *(("-copyts", "-start_at_zero") if from_key_picture else ()),
        *("-protocol_whitelist", "file", "-f", source.demuxer),
        *(("-noaccurate_seek",) if from_key_picture else ()),
        *(("-ss", f"{seek:.3f}") if seek else ()),
        *("-i", str(source.path)),
        *output,
    ]
    process = subprocess.Popen(  # noqa: S603 - a list of our own, no shell; the path is the only foreign part
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    run = _Run(process, source.duration)
    try:
        limit_memory(process.pid, conf.FFMPEG_MAX_BYTES)
        for done in run.watch():
            report(done)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        run.close()
    if process.returncode != 0:
        raise _error(process.returncode, run.log)
    return run.log


class _Run:
    """One ffmpeg at work: how far it is, and the end of what it has written."""

    def __init__(self, process: subprocess.Popen[bytes], duration: float):
        self._process = process
        self._duration = duration
        self._pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe]
        self._stderr = b""
        self._half_line = b""
        self._furthest = 0.0
        self._state: dict[bytes, bytes] = {}

    @property
    def log(self) -> str:
        # PostgreSQL takes no NUL.
        return self._stderr.decode(errors="replace").replace("\0", "").strip()

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.close()

    def watch(self) -> Iterator[float]:
        """Yield how far it is, 0 to 1, until it ends. Raises when it takes too long, or stands still."""
        began = moved = time.monotonic()
        before: tuple[bytes | None, ...] = ()
        with selectors.DefaultSelector() as selector:
            for pipe in self._pipes:
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                for key, _events in selector.select(LOOK_SECONDS):
                    self._read(key, selector)
                now = time.monotonic()
                # ffmpeg goes on to tell its state while it is stuck.
                place = tuple(self._state.get(name) for name in (b"out_time_us", b"frame", b"total_size"))
                if place != before:
                    before, moved = place, now
                if now - began > conf.FFMPEG_SECONDS:
                    raise UnacceptableFile(
                        _("This file took too long to convert. Try a shorter or smaller one."),
                        self._log_with(f"stopped after {conf.FFMPEG_SECONDS} s"),
                    )
                if now - moved > conf.FFMPEG_STALL_SECONDS:
                    raise FFmpegError(
                        _("Converting this file came to a standstill. Try again later, or export it anew."),
                        self._log_with(f"stopped, since nothing had come for {conf.FFMPEG_STALL_SECONDS} s"),
                    )
                yield self._done()
        self._process.wait()

    def _read(self, key: selectors.SelectorKey, selector: selectors.BaseSelector) -> None:
        pipe = key.fileobj
        data = pipe.read1(65_536)  # type: ignore[union-attr]
        if not data:
            selector.unregister(pipe)
        elif pipe is self._process.stderr:
            self._stderr = (self._stderr + data)[-LOG_BYTES:]
        else:
            *lines, self._half_line = (self._half_line + data).split(b"\n")
            self._state.update((name, value) for name, sep, value in (line.partition(b"=") for line in lines) if sep)

    def _done(self) -> float:
        value = self._state.get(b"out_time_us", b"")
        # At times ffmpeg doesn't know ("N/A"), though it did before.
        if value.isdigit() and self._duration:
            self._furthest = max(self._furthest, min(int(value) / 1_000_000 / self._duration, 1.0))
        return self._furthest

    def _log_with(self, end: str) -> str:
        return f"{self.log}\nffmpeg was {end}."


def _error(code: int, log: str) -> Exception:
    """Whose fault it is that ffmpeg ended so."""
    said = next((line for line in reversed(log.splitlines()) if line.strip() not in ("", "Conversion failed!")), "")
    if code < 0:
        end = f"ffmpeg was killed by {signal.Signals(-code).name}. Perhaps there was too little memory."
    else:
        end = f"ffmpeg ended with {code}: {said.strip() or 'it said nothing.'}"
    log = f"{log}\n{end}".strip()
    passing = code < 0 or any(words in log for words in PASSING)
    if not passing and any(words in log for words in BLAMED_ON_THE_FILE):
        return DamagedFile(_("This file is damaged, or made in a way that can't be read here. Export it anew."), log)
    return FFmpegError(
        _("This file could not be converted. Play it on your computer to check it, or export it anew."), log
    )
