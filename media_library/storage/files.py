"""Files in a storage, whatever kind of storage that is."""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile

from media_library.conf import conf

COPY, KEPT = "copy-", "kept-"
"""How the names of temporary copies begin: of those for one piece of work, and for several."""

KEPT_SECONDS = 15 * 60


@dataclass(frozen=True)
class StoredFile:
    """A file in a storage, whatever kind of storage that is."""

    name: str
    size: int
    modified: datetime


def walk(storage: Storage, folder: str = "") -> Iterator[StoredFile]:
    """Yield all files below ``folder``, one after the other, however many there are.

    Storages that list many in one request, with sizes and times, have a ``walk`` of their own (s3.py, cloudinary.py);
    others that are not local are asked for each.
    """
    if hasattr(storage, "walk"):
        yield from storage.walk(folder)
        return
    try:
        root = Path(storage.path(folder))
    except NotImplementedError:
        for name in list_folder(storage, folder):
            yield StoredFile(name, storage.size(name), storage.get_modified_time(name))
        return
    base = Path(storage.path(""))
    for parent, _folders, names in os.walk(root):
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                found = path.stat()
                modified = datetime.fromtimestamp(found.st_mtime, UTC)
                yield StoredFile(path.relative_to(base).as_posix(), found.st_size, modified)


def list_folder(storage: Storage, folder: str) -> Iterator[str]:
    """Yield the names of all files below ``folder``; nothing when there is no such folder."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in files:
        yield f"{prefix}{name}"
    for name in folders:
        yield from list_folder(storage, f"{prefix}{name}")


def remove_unreferenced(
    storage: Storage, folder: str, referenced: Iterable[str], before: datetime | None = None
) -> list[str]:
    """Delete the files below ``folder`` that are not among ``referenced``; return their names.

    With ``before``, only those that were written before that moment: younger ones may be about to get their row.
    """
    keep = set(referenced)
    removed = [
        file.name
        for file in list(walk(storage, folder))
        if file.name not in keep and (before is None or file.modified < before)
    ]
    for name in removed:
        with suppress(FileNotFoundError):
            storage.delete(name)
    return removed


@contextmanager
def local_path(file: FieldFile) -> Iterator[Path]:
    """The file as a path on this machine: its own when storage is local, otherwise a temporary copy."""
    name = str(file.name)
    try:
        path = file.storage.path(name)
    except NotImplementedError:
        _remove_copies_of_the_dead()
        with tempfile.NamedTemporaryFile(dir=conf.work_dir, prefix=COPY, suffix=Path(name).suffix) as copy:
            fcntl.flock(copy, fcntl.LOCK_EX)
            with file.storage.open(name, "rb") as source:
                shutil.copyfileobj(source, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield Path(path)


@contextmanager
def kept_path(file: FieldFile) -> Iterator[Path]:
    """As ``local_path``, but the copy stays for others on this machine who want the same file soon.

    ``forget_copy`` removes it, or whoever makes a copy after nobody has wanted it for ``KEPT_SECONDS``.
    """
    name = str(file.name)
    try:
        yield Path(file.storage.path(name))
        return
    except NotImplementedError:
        _remove_copies_of_the_dead()
    with _locked_copy(_copy_of(name)) as copy:
        # Whoever died over it has left a part of it.
        if os.fstat(copy.fileno()).st_size != file.storage.size(name):
            copy.truncate(0)
            with file.storage.open(name, "rb") as source:
                shutil.copyfileobj(source, copy)
            copy.flush()
        os.utime(copy.fileno())
        fcntl.flock(copy, fcntl.LOCK_SH)
        yield Path(copy.name)


def forget_copy(file: FieldFile) -> None:
    """Remove the copy that ``kept_path`` has left, unless somebody uses it."""
    _remove_unused(_copy_of(str(file.name)))


def _copy_of(name: str) -> Path:
    return conf.work_dir / f"{KEPT}{hashlib.sha256(name.encode()).hexdigest()[:16]}{Path(name).suffix}"


@contextmanager
def _locked_copy(path: Path) -> Iterator[IO[bytes]]:
    """Open a copy that nobody else writes or removes meanwhile; made, empty, where there is none."""
    while True:
        with path.open("ab") as copy:
            fcntl.flock(copy, fcntl.LOCK_EX)
            # Waiting for the lock, one may be left with a file that was removed.
            if path.exists() and path.stat().st_ino == os.fstat(copy.fileno()).st_ino:
                yield copy
                return


def _remove_unused(path: Path) -> None:
    with suppress(OSError), path.open("rb") as copy:
        fcntl.flock(copy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()


def _remove_copies_of_the_dead() -> None:
    """What killed processes have left. Who lives holds a lock on its copy, which any death undoes."""
    for path in conf.work_dir.glob(f"{COPY}*"):
        with suppress(OSError), path.open("rb") as copy:
            # An empty one may be about to be locked.
            if os.fstat(copy.fileno()).st_size:
                fcntl.flock(copy, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
    for path in conf.work_dir.glob(f"{KEPT}*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                _remove_unused(path)


@contextmanager
def work_folder(label: str) -> Iterator[Path]:
    """An empty local folder for one piece of work, gone afterwards.

    The label names the work, so that what a killed attempt left is removed by the next one.
    """
    folder = conf.work_dir / label
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
