"""What depends on which database it is."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files import locks
from django.db import connection


def learn_sizes() -> None:
    """Let SQLite count what is in its tables and indexes, by which it then chooses among these.

    Without, it takes an index of all rows for one that narrows down, which makes some pages of a large library ten
    times slower. The whole of each index is read, since a sample misleads it worse than nothing: half a second for
    100,000 assets, in which nobody else writes. Connections that are open learn of it when they are opened anew.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Wait until nobody else who uses this database is in a block of this name.

    On PostgreSQL an advisory lock of this connection, which ends with it, whatever ends the process (not through a
    pooler that gives connections away between transactions); with SQLite, which is of one machine, a locked file.
    """
    if connection.vendor == "postgresql":
        key = zlib.crc32(name.encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    else:
        with (settings.DATA_DIR / f"{name}.lock").open("w") as file:
            locks.lock(file, locks.LOCK_EX)
            yield
