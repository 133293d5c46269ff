"""Parts of answers, in this process only: what lists show of single objects (``media_library/api/parts.py``)."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cms.delivery.cache.memory import Memory
from cms.delivery.cache.store import CacheDown, Store
from cms.delivery.tags import ALL
from media_library.cache_tags import Collected


@dataclass(slots=True)
class KeptPart:
    body: bytes
    made_of: Collected
    tags: frozenset[str]
    versions: dict[str, str] = field(default_factory=dict)
    """Of the tags, when it was made."""
    generation: str = ""
    """At which the versions were last seen to be these."""

    @classmethod
    def of(cls, body: bytes, made_of: Collected) -> "KeptPart":
        made_of.since = made_of.since or timezone.now()
        return cls(body, made_of, frozenset({*made_of.names, ALL}))

    def is_in_time(self, now: datetime) -> bool:
        """Whether it may be a part of an answer, as far as time goes; see ``Entry.is_in_time``."""
        began = self.made_of.since or now
        end = began + timedelta(seconds=settings.RESPONSE_CACHE_LIST_SECONDS)
        return began <= now + timedelta(seconds=1) and now < min(end, self.made_of.until or end)

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, nearly."""
        return 1_000 + len(self.body) + 250 * len(self.tags)


class Parts:
    """All that a process keeps, under the same versions as the store's entries."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.memory: Memory[KeptPart] = Memory(settings.RESPONSE_CACHE_PART_BYTES)

    def seen_by(self, generation: str) -> "SeenParts | None":
        """The parts as a request sees them that came at this generation; None if none are kept."""
        return SeenParts(self, generation) if generation and self.memory.most_bytes else None


@dataclass(frozen=True, slots=True)
class SeenParts:
    """``request.kept_parts``."""

    parts: Parts
    generation: str

    def find(self, key: str) -> KeptPart | None:
        part = self.parts.memory.get(key)
        if part is None or not part.is_in_time(timezone.now()):
            return None
        if part.generation != self.generation:
            try:
                seen = self.parts.store.versions_at(self.generation, part.tags)
            except CacheDown:
                return None
            if seen != part.versions:
                return None
            part.generation = self.generation
        return part

    def keep(self, made: dict[str, tuple[bytes, Collected]]) -> None:
        parts = {key: KeptPart.of(body, made_of) for key, (body, made_of) in made.items()}
        with contextlib.suppress(CacheDown):
            # As with entries: versions first, then whether anything was bumped since the request came.
            every = frozenset().union(*(part.tags for part in parts.values()))
            seen = self.parts.store.versions_at(self.generation, every)
            if self.parts.store.generation_now() != self.generation:
                return
            for key, part in parts.items():
                part.versions, part.generation = {tag: seen[tag] for tag in part.tags}, self.generation
                self.parts.memory.put(key, part)
