import hashlib
import secrets
import threading
import time
from array import array

WINDOW_SECONDS = 60


class Throttle:
    """So many calls a minute from one address, without keeping the address.

    Counts are kept in ``slots`` numbered by a hash under a key that is drawn anew each minute and stands nowhere else:
    nobody can tell afterwards who it was, and a flood from a million addresses takes no more memory than one. Two
    addresses may share a slot, which with 65,536 of them hardly ever matters. Each process counts by itself.
    """

    def __init__(self, slots: int = 2**16):
        self.slots = slots
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._window = time.monotonic() // WINDOW_SECONDS
        self._key = secrets.token_bytes(16)
        self._counts = array("I", bytes(self.slots * array("I").itemsize))

    def allows(self, address: str, limit: int) -> bool:
        """Count one call, and say whether it is among the first ``limit`` of this minute."""
        with self._lock:
            if time.monotonic() // WINDOW_SECONDS != self._window:
                self._begin()
            digest = hashlib.blake2b(address.encode(), key=self._key, digest_size=8).digest()
            slot = int.from_bytes(digest, "big") % self.slots
            if self._counts[slot] >= limit:
                return False
            self._counts[slot] += 1
            return True
