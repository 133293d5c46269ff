from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from media_library.cache_tags import record

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Batch(Generic[Key, Value]):
    """Looks things up by key, all that are expected in one query, at the first question about any of them.

    ``load`` gets a set of keys and returns what there is as ``{key: value}``; it may leave keys out. Nothing is asked
    twice, and nothing is loaded that nobody asks for::

        renditions = Batch(load_renditions)
        renditions.expect([1, 2, 3])
        renditions.get(1)   # one query, for 1, 2 and 3
        renditions.get(3)   # none

    With a ``tag``, what is asked for by its id is noted as what the response was made of, whether it is there or not:
    ``image-12``.
    """

    def __init__(self, load: Callable[[set[Key]], dict[Key, Value]], tag: str = ""):
        self._load = load
        self._tag = tag
        self._known: dict[Key, Value | None] = {}
        self._expected: set[Key] = set()

    def expect(self, keys: Iterable[Key]) -> None:
        """Say that these keys will be asked for."""
        self._expected.update(key for key in keys if key not in self._known)

    def put(self, key: Key, value: Value) -> None:
        """File a value that is at hand already."""
        self._known[key] = value
        self._expected.discard(key)

    def get(self, key: Key) -> Value | None:
        """The value for a key, or None when there is none."""
        if self._tag and isinstance(key, int):
            record(f"{self._tag}-{key}")
        if key not in self._known:
            keys = self._expected | {key}
            found = self._load(keys)
            self._known.update(found)
            self._known.update((one, None) for one in keys if one not in found)
            self._expected.clear()
        return self._known[key]
