"""What a piece of work took: seconds of the clock and the processor, and memory at its highest."""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

Files = list[tuple[str, bytes]]
"""Format and bytes of each file that was made."""


def report(make: Callable[[Path], Files | tuple[Files, float, float]]) -> None:
    """Warm up, make the ladder of the photograph that is named on the command line once, print one line of JSON.

    ``make`` may say itself how many seconds of the clock and of the processor count.
    ``keep`` in the environment names a folder to write the files to, as ``<width>.<format>``.
    """
    photo = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        with Image.open(photo) as image:
            image.draft("RGB", (400, 400))
            image.thumbnail((400, 400))
            image.save(small, "JPEG")
        del image
        make(small)
    idle = memory("VmRSS")
    forget_peak()
    started = now()
    made = make(photo)
    files, wall, processor = made if isinstance(made, tuple) else (made, *since(started))
    result = {
        "wall": wall,
        "processor": processor,
        "peak": memory("VmHWM"),
        "idle": idle,
        "files": len(files),
        "bytes": {form: sum(len(data) for one, data in files if one == form) for form, _ in files},
    }
    keep(files)
    sys.stdout.write(json.dumps(result) + "\n")


def keep(files: Files) -> None:
    """Write the files where their quality can be looked at, if that was asked for."""
    folder = os.environ.get("KEEP")
    if not folder:
        return
    for form, data in files:
        with Image.open(BytesIO(data)) as image:
            (Path(folder) / f"{image.width}.{form}").write_bytes(data)


def now() -> tuple[float, float]:
    """Seconds of the clock, and of the processor for all threads and ended children of this process."""
    return time.perf_counter(), processor_seconds()


def since(started: tuple[float, float]) -> tuple[float, float]:
    """Seconds of the clock and of the processor since ``now`` said ``started``."""
    wall, processor = now()
    return wall - started[0], processor - started[1]


def processor_seconds() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def memory(field: str) -> int:
    """Resident memory of this process in bytes: ``VmRSS`` now, ``VmHWM`` at its highest (proc(5)).

    Not ``ru_maxrss``, in which Linux leaves what the parent had before it became this process.
    """
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(field))


def forget_peak() -> None:
    """Let ``VmHWM`` begin anew from what is resident now (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
