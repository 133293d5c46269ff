"""Files on their way to a place, each once, whatever it is called and however many backups hold it."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import DefaultStorage, Storage, storages

from cms.backup.errors import BackupError
from cms.backup.manifest import FOLDER, FileList, Manifest
from cms.backup.places import sizes
from cms.backup.progress import Progress
from cms.backup.rows import encode, lines_of, writing
from media_library.conf import conf
from media_library.storage import walk

OBJECTS = "objects"
PER_LIST = 1_000
MISSING_TOLD = 100
"""So many names of files that are gone stand in a manifest."""
THREADS = 4
"""So many files are on their way at the same time: a bucket answers late, and takes many."""

WALK_FROM = 200
"""From so many files of a storage it is cheaper to list the whole of it than to ask for each."""


def object_name(sha256: str) -> str:
    return f"{OBJECTS}/{sha256[:2]}/{sha256}"


def alias_of(field: Any) -> str:
    """Which of ``STORAGES`` the files of a column lie in."""
    if isinstance(field.storage, DefaultStorage):
        return "default"
    mine = field.storage.deconstruct()
    return next((alias for alias in storages.backends if storages[alias].deconstruct() == mine), "default")


def hash_of(file: IO[bytes] | File) -> str:
    """SHA-256 of an open file from its beginning, in hexadecimal digits."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(1024**2):
        digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True)
class Found:
    """A file in a storage of the site. ``modified`` is the second in which it was written there."""

    storage: str
    name: str
    size: int
    modified: int


class Ledger:
    """What is to be copied and what is known of it, in a table on disk: millions of names don't belong in memory."""

    def __init__(self, connection: sqlite3.Connection):
        self._rows = connection
        connection.executescript(
            """
            PRAGMA synchronous = OFF;
            CREATE TABLE wanted (storage TEXT, name TEXT, PRIMARY KEY (storage, name)) WITHOUT ROWID;
            CREATE TABLE present (storage TEXT, name TEXT, size INTEGER, modified INTEGER, PRIMARY KEY (storage, name))
                WITHOUT ROWID;
            CREATE TABLE known (storage TEXT, name TEXT, sha256 TEXT, size INTEGER, modified INTEGER,
                PRIMARY KEY (storage, name)) WITHOUT ROWID;
            CREATE TABLE object (sha256 TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID;
            """
        )

    def want(self, names: Iterable[tuple[str, str]]) -> None:
        self._rows.executemany("INSERT OR IGNORE INTO wanted VALUES (?, ?)", names)

    @property
    def count(self) -> int:
        return self._rows.execute("SELECT count(*) FROM wanted").fetchone()[0]

    def learn(self, place: Storage, stamps: Iterable[str]) -> None:
        """Read which files these backups had, whole or not, the later ones last, and which objects there are."""
        for stamp in stamps:
            for name, _size in sorted(sizes(place, f"{FOLDER}/{stamp}/files")):
                with place.open(name) as file:
                    self._rows.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?)", lines_of(file))
        objects = ((name.rpartition("/")[2], size) for name, size in sizes(place, OBJECTS))
        self._rows.executemany("INSERT OR REPLACE INTO object VALUES (?, ?)", objects)

    def known_hash(self, found: Found) -> str:
        """The SHA-256 that it had when it was last read; empty where that is not known, or it was written since."""
        row = self._rows.execute(
            "SELECT known.sha256 FROM known JOIN object USING (sha256, size)"
            " WHERE storage = ? AND name = ? AND size = ? AND modified = ?",
            (found.storage, found.name, found.size, found.modified),
        ).fetchone()
        return row[0] if row else ""

    def has_object(self, sha256: str, size: int) -> bool:
        return bool(
            self._rows.execute("SELECT 1 FROM object WHERE sha256 = ? AND size = ?", (sha256, size)).fetchone()
        )

    def add_object(self, sha256: str, size: int) -> None:
        self._rows.execute("INSERT OR REPLACE INTO object VALUES (?, ?)", (sha256, size))

    def found(self) -> Iterator[list[tuple[str, str, Found | None]]]:
        """All that is wanted, a list's worth at a time, each with what its storage has; None for what is gone."""
        for (alias,) in self._rows.execute("SELECT DISTINCT storage FROM wanted ORDER BY storage").fetchall():
            count = self._rows.execute("SELECT count(*) FROM wanted WHERE storage = ?", (alias,)).fetchone()[0]
            is_walked = count >= WALK_FROM
            if is_walked:
                self._walk(alias)
            last = ""
            while names := self._names_after(alias, last):
                last = names[-1]
                find = self._walked if is_walked else _ask
                yield [(alias, name, find(alias, name)) for name in names]

    def _names_after(self, alias: str, last: str) -> list[str]:
        rows = self._rows.execute(
            "SELECT name FROM wanted WHERE storage = ? AND name > ? ORDER BY name LIMIT ?", (alias, last, PER_LIST)
        )
        return [name for (name,) in rows]

    def _walk(self, alias: str) -> None:
        there = ((alias, one.name, one.size, int(one.modified.timestamp())) for one in walk(storages[alias]))
        self._rows.executemany("INSERT OR REPLACE INTO present VALUES (?, ?, ?, ?)", there)

    def _walked(self, alias: str, name: str) -> Found | None:
        row = self._rows.execute(
            "SELECT size, modified FROM present WHERE storage = ? AND name = ?", (alias, name)
        ).fetchone()
        # Written since the storage was listed, perhaps.
        return Found(alias, name, *row) if row else _ask(alias, name)


def _ask(alias: str, name: str) -> Found | None:
    storage = storages[alias]
    try:
        return Found(alias, name, storage.size(name), int(storage.get_modified_time(name).timestamp()))
    except FileNotFoundError:
        return None
    except Exception:
        # Storages that aren't local have words of their own for it.
        if storage.exists(name):
            raise
        return None


@contextmanager
def ledger() -> Iterator[Ledger]:
    with (
        tempfile.NamedTemporaryFile(dir=conf.work_dir, prefix="backup-") as file,
        # Threads ask it, too; SQLite lets in one after the other.
        closing(sqlite3.connect(file.name, check_same_thread=False)) as connection,
    ):
        yield Ledger(connection)


def copy_files(book: Ledger, place: Storage, manifest: Manifest, progress: Progress) -> None:
    """Copy what the place hasn't got, and write down in lists what there was. Each list is a step that is kept."""
    with (
        ThreadPoolExecutor(THREADS) as pool,
        progress.bar("files", book.count, "file") as bar,
    ):
        for number, batch in enumerate(book.found(), 1):
            missing = [f"{alias}: {name}" for alias, name, found in batch if found is None]
            manifest.missing_count += len(missing)
            manifest.missing += missing[: MISSING_TOLD - len(manifest.missing)]
            entries = []
            for entry in pool.map(
                partial(_copy, book, place), [found for *_name, found in batch if found is not None]
            ):
                entries.append(entry)
                bar.update()
            bar.update(len(missing))
            size = sum(entry[3] for entry in entries)
            part = save_lines(place, f"{manifest.folder}/files/{number:05}.jsonl.gz", entries)
            manifest.lists.append(FileList(**part, files=len(entries), bytes=size))


def _copy(book: Ledger, place: Storage, found: Found) -> list[Any]:
    """Make sure that the place has this file; return its line of the list."""
    if sha256 := book.known_hash(found):
        return [found.storage, found.name, sha256, found.size, found.modified]
    with storages[found.storage].open(found.name, "rb") as source:
        sha256 = hash_of(source)
        if not book.has_object(sha256, found.size):
            source.seek(0)
            place.save(object_name(sha256), File(source))
            if (stored := place.size(object_name(sha256))) != found.size:
                place.delete(object_name(sha256))
                raise BackupError(
                    f"{found.name} has {found.size} bytes, and {stored} of them arrived: it was written meanwhile, or "
                    "the place loses bytes. Start again."
                )
            book.add_object(sha256, found.size)
    return [found.storage, found.name, sha256, found.size, found.modified]


def save_lines(place: Storage, name: str, rows: Iterable[list[Any]]) -> dict[str, Any]:
    """Write rows as compressed lines, first here and then there; return the file's name, size and SHA-256."""
    with tempfile.TemporaryDirectory(dir=conf.work_dir) as folder:
        path = Path(folder) / "lines"
        with writing(path) as lines:
            for row in rows:
                lines.write(encode(row) + "\n")
        with path.open("rb") as file:
            sha256 = hash_of(file)
            file.seek(0)
            place.save(name, File(file))
        return {"file": name, "size": path.stat().st_size, "sha256": sha256}


def entries(place: Storage, manifest: Manifest) -> Iterator[list[Any]]:
    """The lines of all lists of a backup: storage, name, SHA-256, size, moment."""
    for part in manifest.lists:
        with place.open(part.file) as file:
            yield from lines_of(file)
