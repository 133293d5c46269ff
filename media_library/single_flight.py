"""One at a time for each key, over the threads and processes of one machine.

    with single_flight("image-12-width-800", timeout=20):
        ...  # look whether someone else has done it meanwhile; if not, do it

The lock is ``flock`` on a file of the key's own: the kernel lets go of it when its holder dies, whatever the death,
and nothing has to run or to be configured. Machines that share a database don't see each other's locks; there, unique
rows and names that follow from the bytes keep work that was done twice from doing harm.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from media_library.conf import conf
from media_library.exceptions import Busy

_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.05


@contextmanager
def single_flight(key: str, timeout: float) -> Iterator[None]:
    """Hold the lock of ``key`` inside the block; raise ``Busy`` when it is not free within ``timeout`` seconds.

    Not reentrant: a block that asks for its own key waits in vain.
    """
    path = _folder() / hashlib.sha256(key.encode()).hexdigest()
    descriptor = _acquire(path, time.monotonic() + timeout)
    try:
        yield
    finally:
        # Removed while it is still held: whoever opened it before sees that it is gone, and makes a new one.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _folder() -> Path:
    folder = conf.work_dir / "locks"
    folder.mkdir(exist_ok=True)
    return folder


def _acquire(path: Path, deadline: float) -> int:
    """Return the descriptor of the locked file at ``path``. ``flock`` belongs to it, so threads exclude each other."""
    pause = _FIRST_PAUSE
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, descriptor):
                return descriptor
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise Busy("Someone else is at this work, and takes long.") from None
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the path still leads to the locked file: the last holder may have removed it meanwhile."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False
