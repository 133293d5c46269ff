import hashlib
import logging
import secrets
import time

from django.core.cache import cache

from media_library.statistics.throttle import WINDOW_SECONDS, Throttle

logger = logging.getLogger(__name__)


class SharedThrottle:
    """As `Throttle`, counted over all processes in Django's cache: for what guards secrets, or is dear.

    Who it was stays unknown, too: what is kept is a hash under a key that is drawn anew for each window. Beside the
    cache each process counts by itself, so that there is a limit where the cache is away or forgets, or two processes
    add at the same time to a cache that can't do so at once (one of files).
    """

    def __init__(self, name: str, seconds: int = WINDOW_SECONDS):
        self.name = name
        self.seconds = seconds
        self._own = Throttle(seconds=seconds)

    def allows(self, address: str, limit: int) -> bool:
        """Count one call, and say whether it is among the first ``limit`` of this window."""
        if not self._own.allows(address, limit):
            return False
        try:
            key = self._key(address)
            cache.add(key, 0, self.seconds + 1)
            return cache.incr(key) <= limit
        except ValueError:
            # Forgotten between the two.
            return True
        except Exception:  # noqa: BLE001 - every cache has errors of its own
            logger.warning("The cache doesn't count (%s); each process does by itself", self.name)
            return True

    def forgive(self, address: str) -> None:
        """Take back one call that was counted."""
        self._own.forgive(address)
        try:
            cache.decr(self._key(address))
        except Exception:  # noqa: BLE001 - as above, or nothing was counted
            logger.debug("Nothing was taken back (%s)", self.name)

    def seconds_left(self) -> int:
        """After which a new window begins; at least one."""
        return int(self.seconds - time.time() % self.seconds) + 1

    def _key(self, address: str) -> str:
        window = f"throttle:{self.name}:{int(time.time() // self.seconds)}".replace(" ", "-")
        secret = cache.get(window)
        if secret is None:
            cache.add(window, secrets.token_hex(16), self.seconds + 1)
            secret = cache.get(window) or ""
        digest = hashlib.blake2b(address.encode(), key=secret.encode(), digest_size=16).hexdigest()
        return f"{window}:{digest}".replace(",", "")
