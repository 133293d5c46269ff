"""Whether a backup is what its manifest says: every file by its hash, and every row after a restore."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.core.files.storage import Storage
from django.db import transaction

from cms.backup import rows
from cms.backup.contents import tables
from cms.backup.errors import BackupError
from cms.backup.files import THREADS, entries, hash_of, ledger, object_name
from cms.backup.loading import load
from cms.backup.manifest import Manifest, Part
from cms.backup.progress import Progress
from cms.backup.scratch import apps_at, create_tables, scratch_of_this_kind
from media_library.housekeeping.listing import batches

FAULTS_TOLD = 20


def verify_files(place: Storage, manifest: Manifest, progress: Progress) -> None:
    """Read all that the manifest names, and compare sizes and hashes. Raises ``BackupError`` with what is wrong."""
    parts = list(manifest.parts)
    faults = [fault for part in parts if (fault := _fault_of_part(place, part))]
    if not faults:
        faults = list(_faults_of_objects(place, manifest, progress))
    if faults:
        raise BackupError(_summary(manifest, faults))


def _faults_of_objects(place: Storage, manifest: Manifest, progress: Progress) -> Iterator[str]:
    # The same bytes may have many names, and are read once.
    with ledger() as book, ThreadPoolExecutor(THREADS) as pool, progress.bar("verify", manifest.files, "file") as bar:
        for batch in batches(entries(place, manifest)):
            fresh = {}
            for _storage, name, sha256, size, _modified in batch:
                if not book.has_object(sha256, size):
                    fresh[sha256] = (name, size)
                    book.add_object(sha256, size)
            for fault in pool.map(partial(_fault_of_object, place), fresh.items()):
                if fault:
                    yield fault
            bar.update(len(batch))


def _fault_of_object(place: Storage, one: tuple[str, tuple[str, int]]) -> str:
    sha256, (name, size) = one
    fault = _fault(place, object_name(sha256), size, sha256)
    return f"{fault} ({name})" if fault else ""


def _fault_of_part(place: Storage, part: Part) -> str:
    return _fault(place, part.file, part.size, part.sha256)


def _fault(place: Storage, name: str, size: int, sha256: str) -> str:
    if not place.exists(name):
        return f"{name} is gone"
    with place.open(name) as file:
        if file.size != size:
            return f"{name} has {file.size} bytes instead of {size}"
        return "" if hash_of(file) == sha256 else f"{name} has other bytes than it had"


def _summary(manifest: Manifest, faults: list[str]) -> str:
    told = "\n".join(f"  {fault}" for fault in faults[:FAULTS_TOLD])
    more = f"\n  and {len(faults) - FAULTS_TOLD} more" if len(faults) > FAULTS_TOLD else ""
    return (
        f"Backup {manifest.stamp} is damaged, and nothing was changed:\n{told}{more}\n"
        "Restore another one (--at). Objects that are damaged may be deleted: the next backup copies them again from "
        "the site, if it still has them."
    )


def verify_rows(place: Storage, manifest: Manifest, progress: Progress) -> int:
    """Restore the rows into a scratch database of the site's kind, read them back, and compare table by table.

    Returns how many rows that were. Raises ``BackupError`` with what differs.
    """
    models = {model._meta.label_lower: model for model in tables(apps_at(manifest.applied))}
    models = {table.model: models[table.model] for table in manifest.tables if table.model in models}
    with scratch_of_this_kind() as scratch:
        create_tables(scratch, models)
        with transaction.atomic(using=scratch.alias):
            replaced = load(scratch, models, place, manifest, progress)
        differing = []
        with progress.bar("compare", len(manifest.tables), "table") as bar:
            for table in manifest.tables:
                model = models[table.model]
                digest = rows.Digest(model)
                for row in rows.read(model, scratch.alias):
                    digest.add(row)
                if digest.count != table.rows:
                    differing.append(f"{table.model}: {digest.count} rows instead of {table.rows}")
                elif str(digest) != table.digest and not replaced:
                    differing.append(f"{table.model}: rows say something else")
                bar.update()
    if differing:
        raise BackupError(_summary(manifest, differing))
    return manifest.rows
