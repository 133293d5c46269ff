"""Events wait here, in the memory of a web process, and are written together: no beacon costs a write."""

import atexit
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import Error, connections
from django.utils import timezone

from media_library.conf import conf
from media_library.statistics.engagement import Counts, added, counts_of, step_of
from media_library.statistics.events import Event, EventType

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000
"""Pairs of id and day that wait at most. Ids that don't exist are among them: nobody has looked yet."""

Key = tuple[int, date]
"""What is counted, an asset or a page, and when."""

Count = TypeVar("Count", bound=Any)
"""Anything that can be added up: a number, or a `Tally`."""


@dataclass
class Tally:
    """Events of one asset on one day. Those that told no bytes are ``silent``, for somebody to estimate.

    ``counts`` are of engagement.py, ``slots`` and ``refused`` of demand.py.
    """

    views: int = 0
    plays: int = 0
    downloads: int = 0
    told: int = 0
    silent_views: int = 0
    silent_plays: int = 0
    silent_downloads: int = 0
    counts: Counts = field(default_factory=dict)
    slots: Counts = field(default_factory=dict)
    refused: Counts = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.views + other.views,
            self.plays + other.plays,
            self.downloads + other.downloads,
            self.told + other.told,
            self.silent_views + other.silent_views,
            self.silent_plays + other.silent_plays,
            self.silent_downloads + other.silent_downloads,
            added(self.counts, other.counts),
            added(self.slots, other.slots),
            added(self.refused, other.refused),
        )

    @property
    def telling(self) -> int:
        """How many events told their bytes."""
        events = self.views + self.plays + self.downloads
        return events - self.silent_views - self.silent_plays - self.silent_downloads

    @classmethod
    def of(cls, event: Event) -> "Tally":
        # Numbers, not truths: PostgreSQL tells them apart.
        view, play, download = (int(event.type == one) for one in (EventType.VIEW, EventType.PLAY, EventType.DOWNLOAD))
        silent = int(event.bytes is None)
        told = (event.bytes or 0) * (view or play or download)
        silents = (silent * view, silent * play, silent * download)
        slots = {(event.slot, step_of(event.width)): 1} if event.slot else {}
        return cls(view, play, download, told, *silents, counts_of(event), slots)


class Buffer(Generic[Count]):
    """Adds up what is counted, and hands it to ``write`` every ``STATISTICS_FLUSH_SECONDS``, or before if it is much.

    What can't be written is kept and tried again; beyond ``MAX_WAITING``, further ids are not counted until it
    succeeds. A process that ends writes what it has; one that is killed loses the last seconds.
    """

    def __init__(self, write: Callable[[Mapping[Key, Count]], None]):
        self.write = write
        self._waiting: dict[Key, Count] = {}
        self._events = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._promised = False

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, counted: Iterable[tuple[int, Count]]) -> None:
        """Add these to the ids that they are about, as of today."""
        day = timezone.localdate()
        with self._lock:
            for pk, count in counted:
                self._put((pk, day), count)
                self._events += 1
            if not self._promised:
                self._promised = True
                atexit.register(self._flush_quietly)
            if self._waiting:
                self._schedule(soon=self._events >= conf.STATISTICS_FLUSH_EVENTS)

    def flush(self) -> None:
        """Write what waits. What ``write`` raises is raised, and nothing is lost."""
        with self._writing:
            with self._lock:
                taken, self._waiting, self._events = self._waiting, {}, 0
                self._forget_timer()
            if not taken:
                return
            try:
                self.write(taken)
            except BaseException:
                with self._lock:
                    for key, count in taken.items():
                        self._put(key, count)
                    self._schedule()
                raise

    def clear(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._waiting, self._events = {}, 0
            self._forget_timer()

    def _put(self, key: Key, count: Count) -> None:
        if key in self._waiting:
            self._waiting[key] += count
        elif len(self._waiting) < MAX_WAITING:
            self._waiting[key] = count

    def _schedule(self, *, soon: bool = False) -> None:
        if self._timer is not None:
            if not soon or self._timer.interval == 0:
                return
            self._forget_timer()
        # A daemon: a process that ends doesn't wait for it, and atexit does its work.
        self._timer = threading.Timer(0 if soon else conf.STATISTICS_FLUSH_SECONDS, self._flush_in_thread)
        self._timer.daemon = True
        self._timer.start()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush_in_thread(self) -> None:
        try:
            self._flush_quietly()
        finally:
            # This thread's own.
            connections.close_all()

    def _flush_quietly(self) -> None:
        try:
            self.flush()
        except Error:
            logger.exception("Statistics can't be written; %s counts wait", len(self))
