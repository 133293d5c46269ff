"""Files without rows, and rows without files: what crashes, restored backups and lost disks leave behind.

Looks only, unless it is told to act. Whatever was written in the last hours is left alone, since its row may be about
to come, and so is everything of an asset that a worker is busy with.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone

from media_library import jobs
from media_library.conf import conf
from media_library.housekeeping.listing import BATCH, Listing, listing
from media_library.housekeeping.names import Column, asset_of, columns, is_public, is_upload, unnamed
from media_library.models import Asset, CustomRendition, OrphanSweep, ProcessingJob, Track
from media_library.models.files import originals_storage, public_storage
from media_library.storage import StoredFile

EXAMPLES = 20
OTHERS_FOLDERS = {"locks", "uploads"}
"""Of the work folder: locks are removed by their holders, and unfinished uploads have rows and a clock of their
own."""


@dataclass
class Finding:
    """Of one sort: how many, how many bytes, and the first names."""

    count: int = 0
    bytes: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, name: str, size: int = 0) -> None:
        self.count += 1
        self.bytes += size
        if len(self.examples) < EXAMPLES:
            self.examples.append(name)


@dataclass
class Findings:
    public: Finding = field(default_factory=Finding)
    originals: Finding = field(default_factory=Finding)
    temporary: Finding = field(default_factory=Finding)
    """Files without rows, by where they are."""
    missing: Finding = field(default_factory=Finding)
    """Files that workers can make again, and whose row is there."""
    lost: Finding = field(default_factory=Finding)
    """Originals that are gone: only a backup has them."""
    failed: Finding = field(default_factory=Finding)
    """What could not be deleted."""
    files: int = 0
    rows: int = 0
    repaired: int = 0


@dataclass
class Sweep:
    """One look at everything.

    ``delete`` removes files without rows, and rows of what workers make that have no file; ``repair`` has those made
    again. ``send`` takes queued jobs to the broker, ``step`` is called with how many files and rows were looked at.
    """

    hours: float = 24
    delete: bool = False
    repair: bool = False
    send: Callable[[Iterable[ProcessingJob]], None] = lambda queued: None
    step: Callable[[int], Any] = lambda number: None
    found: Findings = field(default_factory=Findings)

    def run(self) -> OrphanSweep:
        """Look at everything, act as told, and note what was found. What a storage raises ends it."""
        started = timezone.now()
        self.before = started - timedelta(hours=self.hours)
        with listing(public_storage()) as public, listing(originals_storage()) as originals:
            ours = self._sweep_files(public, is_public, self.found.public)
            self._sweep_files(originals, is_upload, self.found.originals)
            self._sweep_work_folder(conf.work_dir)
            for column in columns():
                if column.is_original:
                    self._look_for_originals(column, originals)
                else:
                    # Where there is no file at all, a disk is not mounted, or the bucket is another one: that is for
                    # an operator to see, and no reason to drop a row.
                    self._sweep_rows(column, public, originals, may_act=ours > 0)
        return OrphanSweep.objects.create(
            started_at=started, finished_at=timezone.now(), deleted=self.delete, findings=asdict(self.found)
        )

    # Files without rows.

    def _sweep_files(self, listed: Listing, is_ours: Callable[[str], bool], finding: Finding) -> int:
        """Return how many files of ours there are at all."""
        ours = 0
        for batch in listed.read():
            self.found.files += len(batch)
            mine = [file for file in batch if is_ours(file.name)]
            ours += len(mine)
            old = {file.name: file for file in mine if file.modified < self.before}
            orphans = unnamed(old) if old else set()
            busy = _busy({asset_id for name in orphans if (asset_id := asset_of(name)) is not None})
            for name in sorted(orphans):
                if asset_of(name) not in busy:
                    self._remove(listed.storage, old[name], finding)
            self.step(len(batch))
        return ours

    def _remove(self, storage: Storage, file: StoredFile, finding: Finding) -> None:
        finding.add(file.name, file.size)
        if not self.delete:
            return
        try:
            # The same bytes have the same name: a worker may just have stored them anew.
            if storage.get_modified_time(file.name) < self.before:
                storage.delete(file.name)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.found.failed.add(f"{file.name}: {error}")

    def _sweep_work_folder(self, folder: Path) -> None:
        """What dead uploads and dead workers left behind. Whole folders are as young as the youngest file in them."""
        for entry in folder.iterdir():
            if entry.name in OTHERS_FOLDERS:
                continue
            with suppress(FileNotFoundError):
                parts = [entry, *entry.rglob("*")] if entry.is_dir() else [entry]
                if max(part.stat().st_mtime for part in parts) >= self.before.timestamp():
                    continue
                self.found.temporary.add(entry.name, sum(part.stat().st_size for part in parts if part.is_file()))
                if self.delete:
                    _remove_entry(entry, self.found.failed)

    # Rows without files.

    def _look_for_originals(self, column: Column, originals: Listing) -> None:
        for rows in self._batches(column, "title"):
            absent = originals.absent(name for _pk, _owner, name, _title in rows)
            for pk, _owner, name, title in rows:
                if name in absent:
                    self.found.lost.add(f"{pk}: {title}")

    def _sweep_rows(self, column: Column, public: Listing, originals: Listing, *, may_act: bool) -> None:
        for rows in self._batches(column):
            names = {name for _pk, _owner, name in rows}
            absent = public.absent(name for name in names if is_public(name))
            absent |= originals.absent(name for name in names if is_upload(name))
            gone = [row for row in rows if row[2] in absent]
            busy = _busy({owner for _pk, owner, _name in gone})
            gone = [row for row in gone if row[1] not in busy]
            for _pk, _owner, name in gone:
                (self.found.missing if is_public(name) else self.found.lost).add(name)
            if gone and may_act and (self.delete or self.repair):
                self._mend(column, [row for row in gone if is_public(row[2])])

    def _batches(self, column: Column, *more: str) -> Iterable[list[tuple]]:
        """The rows of a column that name a file, as tuples of their own id, their asset's, the name and ``more``."""
        last = 0
        rows = column.model._base_manager.exclude(**{column.field: ""}).order_by("pk")
        while batch := list(rows.filter(pk__gt=last).values_list("pk", column.owner, column.field, *more)[:BATCH]):
            self.found.rows += len(batch)
            yield batch
            self.step(len(batch))
            last = batch[-1][0]

    def _mend(self, column: Column, gone: list[tuple]) -> None:
        """Drop rows that lead nowhere, and have what they stood for made again. Captions are written anew."""
        rows = column.model._base_manager.filter(pk__in=[row[0] for row in gone])
        if column.model is Track:
            if self.repair:
                for track in rows:
                    public_storage().save(track.file.name, ContentFile(track.text.encode()))
                    self.found.repaired += 1
            return
        owners = {owner for _pk, owner, _name in gone}
        if column.model is CustomRendition:
            # What somebody asked for is made when somebody asks again.
            owners = set(rows.exclude(preset="").values_list("image", flat=True))
        rows.delete()
        if self.repair:
            assets = list(Asset.objects.filter(pk__in=owners, trashed_at=None))
            self.send(jobs.enqueue_all(assets))
            self.found.repaired += len(assets)


def _busy(asset_ids: Iterable[int]) -> set[int]:
    """Those of these assets that a worker is at."""
    running = ProcessingJob.objects.filter(asset__in=asset_ids, state=ProcessingJob.State.RUNNING)
    return set(running.values_list("asset", flat=True)) if asset_ids else set()


def _remove_entry(entry: Path, failed: Finding) -> None:
    try:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)
    except OSError as error:
        failed.add(f"{entry.name}: {error}")


def last_sweep() -> OrphanSweep | None:
    """The youngest result that there is."""
    return OrphanSweep.objects.order_by("-finished_at").first()


def forget_old_sweeps(before: datetime) -> None:
    OrphanSweep.objects.filter(finished_at__lt=before).delete()
