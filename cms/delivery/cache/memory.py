from collections import OrderedDict
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def size(self) -> int:
        """Bytes that it takes in memory, nearly."""


Kept = TypeVar("Kept", bound=Sized)


class Memory(Generic[Kept]):
    """Things inside this process, the least recently used ones out first once they take more than so many bytes."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self._entries: OrderedDict[str, Kept] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: str, entry: Kept) -> None:
        with self._lock:
            self._remove(key)
            self._entries[key], self._sizes[key] = entry, entry.size
            self._bytes += entry.size
            while self._bytes > self.most_bytes:
                self._remove(next(iter(self._entries)))

    def remove(self, key: str) -> None:
        with self._lock:
            self._remove(key)

    def _remove(self, key: str) -> None:
        if self._entries.pop(key, None) is not None:
            self._bytes -= self._sizes.pop(key)
