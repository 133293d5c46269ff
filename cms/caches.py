"""Django's caches, so that many processes may share them, and so that nothing fails because they do.

``caches["default"]`` is what Django, Wagtail and all of ours use: where it fails, nothing is found and nothing is
kept. ``caches["delivery"]`` is the same cache for the response cache, which has to know when it fails.
"""

import logging
import os
import pickle
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import md5
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache, RedisSerializer

logger = logging.getLogger(__name__)

T = TypeVar("T")

UNREADABLE = (
    *(pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError, MemoryError),
    *(OverflowError, TypeError, UnicodeDecodeError, ValueError),
)
"""What ``pickle`` raises for bytes that are not ours: cut off, of another release, or of another program."""

NEVER = 2.0**32
"""The moment that stands for no end (in 2106)."""


class Outage:
    """A cache that has failed is left alone for a moment, so that not every request waits for it in vain."""

    pause_seconds = 1.0
    log_seconds = 60.0
    """From one line in the log to the next."""

    def __init__(self) -> None:
        self._until = self._logged = float("-inf")

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self._until

    def begins(self, error: Exception) -> None:
        now = time.monotonic()
        self._until = now + self.pause_seconds
        if now >= self._logged + self.log_seconds:
            self._logged = now
            logger.warning("The cache has failed, and what it holds is made anew meanwhile: %r", error)


class FileCache(FileBasedCache):
    """Django's file cache for many processes and many entries.

    The time of a file is when its entry ends: nothing has to be opened to tidy up, and what ends first goes first.
    What can't be read is as if it weren't there. ``add`` is atomic.

    OPTIONS: ``MAX_ENTRIES``, ``MAX_BYTES``.
    """

    TIDY_ONE_IN = 200
    """Writes after which the folder is looked through, on average."""
    DRAFT_SECONDS = 60 * 60
    """Of a file that somebody began to write, and died."""
    TENDED_SECONDS = 15 * 60
    """After ``tidy`` writers leave it to whoever called it: a request should not wait for thousands of files."""

    def __init__(self, dir: str, params: dict[str, Any]):
        super().__init__(dir, params)
        self._max_bytes = int(params.get("OPTIONS", {}).get("MAX_BYTES", 512 * 1024**2))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        # On the way of each request: as few calls of the system as it takes.
        name = self._key_to_file(key, version)
        try:
            file = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return default
        try:
            found = os.fstat(file)
            if found.st_mtime > time.time():
                return pickle.loads(os.read(file, found.st_size))  # noqa: S301 - our own folder
        except UNREADABLE:
            pass
        finally:
            os.close(file)
        self._delete(name)
        return default

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        # An entry that has expired is removed by looking at it.
        if self.has_key(key, version):
            return False
        with self._draft(value, timeout) as draft, suppress(FileExistsError):
            os.link(draft, self._key_to_file(key, version))
            return True
        return False

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        with self._draft(value, timeout) as draft:
            Path(draft).replace(self._key_to_file(key, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if not self.has_key(key, version):
            return False
        with suppress(FileNotFoundError):
            os.utime(self._key_to_file(key, version), self._times(timeout))
            return True
        return False

    @contextmanager
    def _draft(self, value: Any, timeout: Any) -> Iterator[str]:
        """A file of its own with this entry, whole before it gets its name."""
        self._createdir()
        if random.random() * self.TIDY_ONE_IN < 1:  # noqa: S311
            self._tidy_if_nobody_does()
        descriptor, draft = tempfile.mkstemp(dir=self._dir)
        try:
            with os.fdopen(descriptor, "wb") as file:
                # Not by ``dumps``: a body of a megabyte is written as it is, and not copied first.
                pickle.dump(value, file, self.pickle_protocol)
            os.utime(draft, self._times(timeout))
            yield draft
        finally:
            Path(draft).unlink(missing_ok=True)

    def _key_to_file(self, key: str, version: int | None = None) -> str:
        # Any key makes a name; Django would look at each of its letters for what memcached dislikes.
        digest = md5(self.make_key(key, version).encode(), usedforsecurity=False).hexdigest()
        return f"{self._dir}{os.sep}{digest}{self.cache_suffix}"

    def _times(self, timeout: Any) -> tuple[float, float]:
        ends = self.get_backend_timeout(timeout)
        return (NEVER, NEVER) if ends is None else (ends, ends)

    def _is_expired(self, file: Any) -> bool:
        if os.fstat(file.fileno()).st_mtime > time.time():
            return False
        self._delete(file.name)
        return True

    def tidy(self) -> None:
        """Remove what is out of date and too much. Called from time to time, it spares those who write from it."""
        self._createdir()
        self._tended.touch()
        self._cull()

    @property
    def _tended(self) -> Path:
        """A file as old as the last ``tidy``; one that is old is removed like any other."""
        return Path(self._dir, "tended")

    def _tidy_if_nobody_does(self) -> None:
        with suppress(FileNotFoundError):
            if self._tended.stat().st_mtime + self.TENDED_SECONDS > time.time():
                return
        self._cull()

    def _cull(self) -> None:
        """Remove what has expired; and, of too many or too large ones, a quarter, those that end first."""
        entries, now = [], time.time()
        for one in os.scandir(self._dir):
            with suppress(FileNotFoundError):
                found = one.stat()
                is_draft = not one.name.endswith(self.cache_suffix)
                if found.st_mtime + (self.DRAFT_SECONDS if is_draft else 0) < now:
                    self._delete(one.path)
                elif not is_draft:
                    entries.append((found.st_mtime, found.st_size, one.path))
        size = sum(size for _ends, size, _path in entries)
        if len(entries) <= self._max_entries and size <= self._max_bytes:
            return
        entries.sort(reverse=True)
        room = [0.75 * self._max_entries, 0.75 * self._max_bytes]
        for _ends, size, path in entries:
            room = [room[0] - 1, room[1] - size]
            if min(room) < 0:
                self._delete(path)


class ReadableSerializer(RedisSerializer):
    """What can't be read is nothing."""

    def loads(self, data: Any) -> Any:
        try:
            return super().loads(data)
        except UNREADABLE:
            return None


class Forgiving:
    """A mixin: whatever the cache fails to do, nothing was found and nothing was kept, and whoever asked goes on."""

    outage = Outage()
    """One for all threads of the process."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(Forgiving, self).get(key, default, version), default)  # type: ignore[misc]

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        # As if nobody had: whoever waits for another one would wait for ever.
        return self._try(lambda: super(Forgiving, self).add(key, value, timeout, version), True)  # type: ignore[misc]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: super(Forgiving, self).set(key, value, timeout, version), None)  # type: ignore[misc]

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(lambda: super(Forgiving, self).touch(key, timeout, version), False)  # type: ignore[misc]

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._try(lambda: super(Forgiving, self).delete(key, version), False)  # type: ignore[misc]

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._try(lambda: super(Forgiving, self).has_key(key, version), False)  # type: ignore[misc]

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return self._try(lambda: super(Forgiving, self).get_many(keys, version), {})  # type: ignore[misc]

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._try(lambda: super(Forgiving, self).set_many(data, timeout, version), list(data))  # type: ignore[misc]

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try(lambda: super(Forgiving, self).delete_many(keys, version), None)  # type: ignore[misc]

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._try(lambda: super(Forgiving, self).incr(key, delta, version), delta)  # type: ignore[misc]

    def _try(self, act: Callable[[], T], otherwise: T) -> T:
        if self.outage.lasts:
            return otherwise
        try:
            return act()
        except (ValueError, TypeError):
            # The mistake of whoever asked.
            raise
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, nobody needs to be refused for it
            self.outage.begins(error)
            return otherwise


class ForgivingFileCache(Forgiving, FileCache):
    """For all."""


class ForgivingRedisCache(Forgiving, RedisCache):
    """For all."""
