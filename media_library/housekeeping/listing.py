"""What lies in a storage, in a table on disk: millions of names don't belong in memory."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import TypeVar

from django.core.files.storage import Storage

from media_library.conf import conf
from media_library.storage import StoredFile, walk

BATCH = 500

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Some at a time. (Python 3.12 has this.)"""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


class Listing:
    """The names of all files in a storage, as they were while it was read."""

    def __init__(self, connection: sqlite3.Connection, storage: Storage):
        self.storage = storage
        self._connection = connection
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE file (name TEXT PRIMARY KEY) WITHOUT ROWID")

    def read(self) -> Iterator[list[StoredFile]]:
        """Ask the storage, and yield what it says in batches. To be run through before ``absent``."""
        for batch in batches(walk(self.storage)):
            self._connection.executemany("INSERT OR IGNORE INTO file VALUES (?)", ((one.name,) for one in batch))
            yield batch

    def absent(self, names: Iterable[str]) -> set[str]:
        """Those of these names that the storage doesn't have, nor has got meanwhile."""
        wanted = list(names)
        marks = ", ".join("?" * len(wanted))
        found = self._connection.execute(f"SELECT name FROM file WHERE name IN ({marks})", wanted)  # noqa: S608
        return {name for name in set(wanted) - {row[0] for row in found} if not self.storage.exists(name)}


@contextmanager
def listing(storage: Storage) -> Iterator[Listing]:
    with (
        tempfile.NamedTemporaryFile(dir=conf.work_dir, prefix="listing-") as file,
        closing(sqlite3.connect(file.name)) as connection,
    ):
        yield Listing(connection, storage)
