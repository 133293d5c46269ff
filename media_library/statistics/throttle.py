import hashlib
import secrets
import threading
import time
from array import array

WINDOW_SECONDS = 60


class Throttle:
    """So many calls a minute, or in as many ``seconds``, from one address, without keeping the address.

    Counts are kept in ``slots`` numbered by a hash under a key that is drawn anew each minute and stands nowhere else:
    nobody can tell afterwards who it was, and a flood from a million addresses takes no more memory than one. Two
    addresses may share a slot, which with 65,536 of them hardly ever matters. Each process counts by itself.
    """

    def __init__(self, slots: int = 2**16, seconds: int | None = None):
        self.slots = slots
        self._seconds = seconds
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._window = time.monotonic() // self.seconds
        self._key = secrets.token_bytes(16)
        self._counts = array("I", bytes(self.slots * array("I").itemsize))

    @property
    def seconds(self) -> int:
        """The length of a window."""
        return self._seconds or WINDOW_SECONDS

    def allows(self, address: str, limit: int) -> bool:
        """Count one call, and say whether it is among the first ``limit`` of this window."""
        with self._lock:
            slot = self._slot(address)
            if self._counts[slot] >= limit:
                return False
            self._counts[slot] += 1
            return True

    def forgive(self, address: str) -> None:
        """Take back one call that was counted."""
        with self._lock:
            slot = self._slot(address)
            self._counts[slot] -= self._counts[slot] > 0

    def seconds_left(self) -> int:
        """After which a new window begins; at least one."""
        return int(self.seconds - time.monotonic() % self.seconds) + 1

    def _slot(self, address: str) -> int:
        if time.monotonic() // self.seconds != self._window:
            self._begin()
        digest = hashlib.blake2b(address.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.slots
