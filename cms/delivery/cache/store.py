"""Where entries are kept, and whether they are still fresh."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings

from cms.caches import Outage
from cms.delivery import versions
from cms.delivery.cache.entry import Entry
from cms.delivery.cache.memory import Memory
from cms.delivery.tags import ALL
from cms.delivery.versions import cache

T = TypeVar("T")

FORMAT = 1
"""Of an entry in Django's cache: what other releases have written there is not read."""


REBUILD_SECONDS = 30
"""After which nobody waits any longer for whoever rebuilds an answer, dead or alive."""


FAILED_SECONDS = 2
"""For which an answer that could not be rebuilt is not tried again, while the former one stands in."""


MOST_TAGS = 100_000
"""Whose versions a process remembers."""


class CacheDown(Exception):
    """The cache did not do what it was asked to; the answer has to be made without it."""


@dataclass(slots=True)
class Found:
    """What there was when a request came."""

    entry: Entry | None = None
    is_fresh: bool = False
    generation: str = ""
    """Empty where the cache could not be read: then nothing is kept."""
    versions: dict[str, str] = field(default_factory=dict)
    """Of the entry's tags, as they were then."""


class Store:
    """Entries in this process, and behind them, for all processes, in Django's cache.

    In the process they are as good as the generation that is read for each of them says; once it has changed, the
    versions of their tags are compared.
    """

    def __init__(self) -> None:
        self._memory: Memory[Entry] = Memory(settings.RESPONSE_CACHE_MEMORY_BYTES)
        self._outage = Outage()
        self._missed_something = False
        self._seen: tuple[str, dict[str, str]] = ("", {})

    def find(self, key: str) -> Found:
        """The entry of this key and whether it is fresh. Without the cache, one of this process that may stand in."""
        entry = self._memory.get(key)
        try:
            # Before anything else: what is bumped later is seen by the next request.
            generation = self.generation_now()
            found = self._look_at(entry, generation)
            if found.is_fresh:
                return found
            # Another process may have made it, or made it anew.
            other = self._ask(lambda: _read(key))
            if other is None:
                # Another process may also have found that there is no such answer any more.
                self._memory.remove(key)
                return Found(None, False, generation, found.versions)
            if entry and entry.made_at == other.made_at:
                return found
            self._memory.put(key, other)
            return self._look_at(other, generation)
        except CacheDown:
            return Found(entry)

    def _look_at(self, entry: Entry | None, generation: str) -> Found:
        if entry is None:
            return Found(generation=generation)
        is_seen = entry.generation == generation
        seen = entry.versions if is_seen else self.versions_at(generation, entry.tags)
        if seen == entry.versions:
            entry.generation = generation
        return Found(entry, entry.generation == generation and entry.is_in_time(time.time()), generation, seen)

    def versions_at(self, generation: str, tags: frozenset[str]) -> dict[str, str]:
        """The versions of tags at this generation. Most entries have most of their tags in common.

        Raises ``CacheDown``, as all that follows.
        """
        known_at, known = self._seen
        if known_at != generation or len(known) > MOST_TAGS:
            known = {}
            self._seen = generation, known
        if unknown := tags - known.keys():
            known.update(self.versions_now(unknown))
        return {tag: known[tag] for tag in tags}

    def versions_now(self, tags: Iterable[str]) -> dict[str, str]:
        """The versions of tags."""
        return self._ask(lambda: versions.read(tags))

    def generation_now(self) -> str:
        """The version of everything."""
        return self._ask(versions.generation)

    def keep(self, key: str, entry: Entry, found: Found) -> bool:
        """Keep what was made since ``found``, unless what it was made of may have changed meanwhile.

        Returns False if that is so: then nobody else may keep it, either.
        """
        if not found.generation:
            return True
        with contextlib.suppress(CacheDown):
            # The versions first: a bump changes the generation before them.
            seen = self.versions_at(found.generation, entry.tags)
            if self.generation_now() != found.generation:
                seen = self.versions_now(entry.tags)
                if seen != {tag: found.versions.get(tag) for tag in entry.tags}:
                    return False
            entry.versions, entry.generation = seen, found.generation
            # First, since in memory other threads add to it.
            self._ask(lambda: _write(key, entry))
            self._memory.put(key, entry)
        return True

    def forget(self, key: str) -> None:
        """Keep no answer any more, for instance since there is none."""
        self._memory.remove(key)
        with contextlib.suppress(CacheDown):
            self._ask(lambda: cache.delete(place_of(key)))

    def begin(self, key: str) -> str | None:
        """A token, if nobody else is rebuilding this; to be given back to ``end``. None if somebody is."""
        token = secrets.token_hex(8)
        try:
            is_ours = self._ask(lambda: cache.add(_lock(key), token, timeout=REBUILD_SECONDS))
        except CacheDown:
            return token
        return token if is_ours else None

    def end(self, key: str, token: str) -> None:
        """Let others rebuild it."""
        with contextlib.suppress(CacheDown):
            # Not the lock of somebody who came when this one had run out.
            if self._ask(lambda: cache.get(_lock(key))) == token:
                self._ask(lambda: cache.delete(_lock(key)))

    def rest(self, key: str) -> None:
        """Let nobody rebuild it for a while: it has just failed, and there is a former answer."""
        with contextlib.suppress(CacheDown):
            self._ask(lambda: cache.set(_lock(key), "failed", timeout=FAILED_SECONDS))

    def _ask(self, question: Callable[[], T]) -> T:
        if self._outage.lasts:
            raise CacheDown
        try:
            if self._missed_something:
                # What was bumped while the cache was away, nobody knows; and it may have come back as it once was.
                versions.bump([ALL])
                self._missed_something = False
            return question()
        except Exception as error:
            # Whatever a cache raises that is down, slow, or full: nobody has to be refused for it.
            self._outage.begins(error)
            self._missed_something = True
            raise CacheDown from error


def place_of(key: str) -> str:
    """Where in Django's cache the entry of this key stands."""
    return f"delivery:response:{FORMAT}:{key}"


def _lock(key: str) -> str:
    return f"delivery:rebuild:{key}"


def _read(key: str) -> Entry | None:
    found = cache.get(place_of(key))
    return found if isinstance(found, Entry) else None


def _write(key: str, entry: Entry) -> None:
    seconds = entry.fresh_until - time.time() + settings.RESPONSE_CACHE_STALE_SECONDS
    cache.set(place_of(key), entry, timeout=max(1, int(seconds)))
