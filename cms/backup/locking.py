"""One backup or restore of a site at a time, whichever of its machines is at it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from cms.backup.errors import BackupError
from media_library.exceptions import Busy
from media_library.single_flight import single_flight

BUSY = "Another backup or restore of this site is running. Wait until it has ended, or end it, and start again."
NUMBER = 0x6461726B
"""Of PostgreSQL's advisory lock, which all machines share: "dark" in ASCII."""


class Running(BackupError):
    """Another backup or restore of this site is running."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the site's lock inside the block; it falls with the process, whatever its death. Raises ``Running``."""
    try:
        with single_flight("backup", timeout=0), _alone_among_machines():
            yield
    except Busy:
        raise Running(BUSY) from None


@contextmanager
def _alone_among_machines() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    # A connection of its own, that nothing of the work closes or rolls back.
    own = connection.copy(alias="backup_lock")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            if not cursor.fetchone()[0]:
                raise Busy(BUSY)
        yield
    finally:
        own.close()
