"""The only caller of ffmpeg, and of any other program."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache

import imageio_ffmpeg
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import FFmpegError
from media_library.video.probe import Film

STDERR_BYTES = 16_384


@cache
def bundled_ffmpeg() -> str:
    """Path of the ffmpeg that imageio-ffmpeg brings."""
    return imageio_ffmpeg.get_ffmpeg_exe()


def run_ffmpeg(
    film: Film,
    output: Sequence[str],
    *,
    seek: float = 0.0,
    report: Callable[[float], None] = lambda done: None,
) -> None:
    """Run ffmpeg over a film that was probed; ``output`` are the arguments after the input.

    The demuxer is given, not guessed, and only local files can be opened: a playlist in disguise reads nothing.
    ``report`` gets 0 to 1 as the output grows; what it raises ends ffmpeg. Raises ``FFmpegError`` with the end of
    what ffmpeg wrote.
    """
    command = [
        *_niced(),
        conf.FFMPEG or bundled_ffmpeg(),
        *("-hide_banner", "-nostdin", "-loglevel", "warning", "-y"),
        *("-progress", "pipe:1", "-stats_period", "0.5"),
        *("-protocol_whitelist", "file", "-f", film.demuxer),
        *(("-ss", f"{seek:.3f}") if seek else ()),
        *("-i", str(film.path)),
        *output,
    ]
    with tempfile.TemporaryFile(dir=conf.work_dir) as stderr:
        process = subprocess.Popen(  # noqa: S603 - a list of our own, no shell; the path is the only foreign part
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
        try:
            for line in process.stdout or ():
                name, _sep, value = line.strip().partition("=")
                if name == "out_time_us" and value.isdigit() and film.duration:
                    report(min(int(value) / 1_000_000 / film.duration, 1.0))
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        if code != 0:
            stderr.seek(0, os.SEEK_END)
            stderr.seek(max(0, stderr.tell() - STDERR_BYTES))
            log = stderr.read().decode(errors="replace")
            raise FFmpegError(
                _("This film could not be converted. Play it on your computer to check it, or export it anew."),
                log,
            )


def _niced() -> list[str]:
    """Leave the processor to the web process whenever it wants it."""
    nice = shutil.which("nice")
    return [nice, "-n", "10"] if nice else []
