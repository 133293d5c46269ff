import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from media_library.conf import conf
from media_library.exceptions import Busy


class Gate:
    """Lets few render at the same time in this process, has some wait, and sends the rest away with ``Busy``.

    How many is read from ``conf`` each time.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._rendering = 0

    @contextmanager
    def queue(self) -> Iterator[None]:
        """A place among those who render or wait for it."""
        with self._changed:
            if self._inside >= conf.TRANSFORM_CONCURRENCY + conf.TRANSFORM_QUEUE:
                raise Busy("Too many pictures are being rendered.")
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """The right to render, once someone else is done; ``deadline`` is in ``time.monotonic()`` seconds."""
        with self._changed:
            free = self._changed.wait_for(
                lambda: self._rendering < conf.TRANSFORM_CONCURRENCY, timeout=max(0.0, deadline - time.monotonic())
            )
            if not free:
                raise Busy("Too many pictures are being rendered.")
            self._rendering += 1
        try:
            yield
        finally:
            with self._changed:
                self._rendering -= 1
                self._changed.notify()
