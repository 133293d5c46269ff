"""How the embedded broker, a SQLite file, is read by workers (``cms/celery.py`` names it to kombu)."""

import time
from typing import Any

from kombu.transport import sqlalchemy

BUSY_SECONDS = 0.05
"""How often a worker that may take no more asks itself whether it may again; the file isn't read for that."""


class Transport(sqlalchemy.Transport):
    """kombu's broker in a database, for workers that take the next message as soon as they are done with one.

    kombu's sleeps as long when a worker has its hands full as when there is nothing to do: one second, so that none
    does more than one task a second.
    """

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Deliver one message. Raises TimeoutError after ``timeout`` seconds; where no more may be taken, soon."""
        consuming = [channel for channel in self.channels if channel._consumers]
        if consuming and not any(channel.qos.can_consume() for channel in consuming):
            time.sleep(BUSY_SECONDS)
            raise TimeoutError
        super().drain_events(connection, timeout=timeout, **kwargs)
