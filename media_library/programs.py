"""Programs of others that are started: how they leave room for what matters more, and how long one is waited for.

ffmpeg, which reports how it gets on, is run by video/ffmpeg.py.
"""

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

from media_library import stopping
from media_library.exceptions import ProcessingError

LOOK_SECONDS = 0.5

LOG_BYTES = 4096
"""How much of the end of what a program complains of is kept."""


def run_program(
    command: Sequence[str],
    data: bytes = b"",
    *,
    seconds: float,
    most_memory: int,
    most_output: int,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Give ``data`` to a program, and return what it writes. Memory and output are limited in bytes.

    The environment is the process's own, without its secrets: the paths and the language, and what ``environment``
    adds. Raises ``ProcessingError`` when the program can't be started, fails, takes or writes too much, or is not done
    after so many seconds; ``HandedBack`` when this process is asked to end. What it has started ends with it.
    """
    name = Path(command[0]).name
    # Files instead of pipes: nothing can fill up, and the system itself limits what is written.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as said:
        given.write(data)
        given.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of our own, no shell
                [*wrappers(), *command],
                stdin=given,
                stdout=written,
                stderr=said,
                env=_environment() | dict(environment or {}),
                process_group=0,
            )
        except OSError as error:
            sentence = _("%(program)s can't be started. Ask your operator to install it again.")
            raise _error(sentence, name, str(error)) from error
        try:
            limit_memory(process.pid, most_memory)
            _limit_output(process.pid, most_output)
            _wait(process, name, seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            said.seek(max(0, said.seek(0, os.SEEK_END) - LOG_BYTES))
            code = process.returncode
            end = f"{name} ended with {code}." if code > 0 else f"{name} was killed by {signal.Signals(-code).name}."
            log = f"{said.read().decode(errors='replace')}\n{end}".replace("\0", "").strip()
            raise _error(_("%(program)s has failed. Ask your operator to look at the log."), name, log)
        written.seek(0)
        return written.read(most_output)


def wrappers() -> list[str]:
    """Leave the processor to the web process whenever it wants it; die with the worker, where the system can do so."""
    setpriv, nice = shutil.which("setpriv"), shutil.which("nice")
    return [*((setpriv, "--pdeathsig", "KILL") if setpriv else ()), *((nice, "-n", "10") if nice else ())]


def limit_memory(pid: int, most: int) -> None:
    """Limit what a process may write to, in bytes; 0 is no limit. Linux only.

    Not addresses: those some reserve by the gigabyte and never use.
    """
    _limit(pid, "RLIMIT_DATA", most)


def _limit_output(pid: int, most: int) -> None:
    _limit(pid, "RLIMIT_FSIZE", most)


def _limit(pid: int, name: str, most: int) -> None:
    if most and hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError):  # It may have ended already.
            resource.prlimit(pid, getattr(resource, name), (most, most))


def _wait(process: subprocess.Popen[bytes], name: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(min(LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
            return
        stopping.check()
        if time.monotonic() >= deadline:
            log = f"{name} was stopped after {seconds:g} s."
            raise _error(_("%(program)s took too long over this file, and was stopped."), name, log)


def _environment() -> dict[str, str]:
    return {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
        if name in os.environ
    }


def _error(sentence: str, name: str, log: str) -> ProcessingError:
    return ProcessingError(sentence % {"program": name}, log=log)
