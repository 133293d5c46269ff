"""The files in which processes count (metrics.py). For gunicorn's first process, so without models."""

import os
from contextlib import suppress
from pathlib import Path


def forget_the_dead(folder: Path) -> None:
    """Remove what processes of this machine have left that run no more. Prometheus knows counters that begin anew."""
    for path in folder.glob("*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not _runs(int(pid)):
            path.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    with suppress(ProcessLookupError):
        try:
            os.kill(pid, 0)
        except PermissionError:  # somebody else's
            return True
        return True
    return False
