"""A library moves from one kind of storage to another, while it is in use, and nothing is deleted until asked.

Files are copied under their names, and read back: the copy of an original has the SHA-256 that its row has, any other
copy that of its source. What the target has already, of the same size, and a run before this one has read back, is not
copied again: names hold a hash of the bytes. See docs/storage.md for the steps.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.files.storage.handler import StorageHandler

from media_library.conf import conf
from media_library.models import Asset, AssetVersion
from media_library.storage import walk

logger = logging.getLogger(__name__)

ALIASES = ("originals", "default")


@dataclass
class Moved:
    """What became of the files."""

    copied: int = 0
    bytes: int = 0
    there_before: int = 0
    deleted: int = 0
    failed: list[str] = field(default_factory=list)


class Journal:
    """Names whose copies were read back and found right, in a file, so that a run goes on where one before ended."""

    def __init__(self, path: Path):
        self.path = path
        self.names: set[str] = set()
        with suppress(FileNotFoundError):
            for line in path.read_text().splitlines():
                # The last line of a run that was killed may be half of one.
                with suppress(ValueError):
                    self.names.add(json.loads(line))

    def add(self, name: str) -> None:
        self.names.add(name)
        with self.path.open("a") as file:
            file.write(json.dumps(name) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def __contains__(self, name: str) -> bool:
        return name in self.names


@dataclass
class Move:
    """One run from one kind of storage to another, each as in ``settings.MEDIA_STORAGES``.

    ``step`` is called with the bytes of each file that is done with. Deleting from the source is for a run after
    everything uses the target.
    """

    source: dict[str, Any]
    target: dict[str, Any]
    label: str
    step: Callable[[int], Any] = lambda size: None
    done: Moved = field(default_factory=Moved)

    def __post_init__(self) -> None:
        self._from, self._to = StorageHandler(self.source), StorageHandler(self.target)

    def size(self) -> int:
        """Bytes of everything in the source."""
        return sum(file.size for alias in ALIASES for file in walk(self._from[alias]))

    def run(self, *, delete_source: bool = False) -> Moved:
        """Copy what is not there yet; with ``delete_source``, delete what was copied and read back, in any run.

        A file that fails is named in the result, and the others go on; the next run tries it again.
        """
        for alias in ALIASES:
            journal = Journal(conf.work_dir / f"move-{self.label}-{alias}.jsonl")
            source, target = self._from[alias], self._to[alias]
            there = {file.name: file.size for file in walk(target)}
            for file in list(walk(source)):
                try:
                    if file.name in journal and there.get(file.name) == file.size:
                        self.done.there_before += 1
                    else:
                        self._copy(source, target, file.name)
                        journal.add(file.name)
                        self.done.copied += 1
                        self.done.bytes += file.size
                    if delete_source:
                        source.delete(file.name)
                        self.done.deleted += 1
                except Exception as error:
                    logger.exception("%r of %s could not be moved (%s)", file.name, alias, self.label)
                    self.done.failed.append(f"{file.name}: {error}")
                self.step(file.size)
        self._note_public_ids()
        return self.done

    def _copy(self, source: Storage, target: Storage, name: str) -> None:
        with source.open(name, "rb") as file:
            wanted = digest(file)
        if (known := known_digest(name)) and known != wanted:
            raise OSError("the source is not what was uploaded: its SHA-256 is another than in the database")
        with suppress(FileNotFoundError):
            # What a run before this one left half done; storages of originals overwrite nothing.
            target.delete(name)
        with source.open(name, "rb") as file:
            stored = target.save(name, File(file, name))
        with target.open(stored, "rb") as copy:
            found = digest(copy)
        if stored != name or found != wanted:
            target.delete(stored)
            raise OSError("the copy is not what was sent")

    def _note_public_ids(self) -> None:
        """What the storage that is in use calls the originals; in the run after the library uses another one."""
        public_id = getattr(storages["originals"], "public_id", None)
        if public_id is None:
            Asset.objects.exclude(public_id="").update(public_id="")
            return
        for kind in Asset.__subclasses__():
            for asset_id, name, noted in kind._base_manager.values_list("pk", "file", "public_id").iterator():
                if noted != public_id(name):
                    Asset.objects.filter(pk=asset_id).update(public_id=public_id(name))


def digest(file: Any) -> str:
    """SHA-256 of an open file, in 64 hexadecimal digits."""
    found = hashlib.sha256()
    for block in iter(lambda: file.read(1024**2), b""):
        found.update(block)
    return found.hexdigest()


def known_digest(name: str) -> str:
    """The SHA-256 that the database has of an original, ``<kind>/<asset>/…``; blank for what was made."""
    kind, _slash, rest = name.partition("/")
    asset_id = rest.partition("/")[0]
    models = {one.KIND: one for one in Asset.__subclasses__()}
    if kind not in models or not (asset_id.isascii() and asset_id.isdigit()):
        return ""
    rows = (
        models[kind]._base_manager.filter(pk=asset_id, file=name),
        AssetVersion.objects.filter(asset=asset_id, file=name),
    )
    return next((str(found) for one in rows for found in one.values_list("file_hash", flat=True) if found), "")
