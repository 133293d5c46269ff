"""Making a backup: rows of one moment, then the files that they name, then the manifest."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext

from django.apps import apps as installed
from django.apps.registry import Apps
from django.core.files.storage import Storage
from django.db import connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.backup import rows
from cms.backup.contents import columns, kept_tables
from cms.backup.errors import BackupError
from cms.backup.files import Ledger, alias_of, copy_files, ledger, save_lines
from cms.backup.locking import alone
from cms.backup.manifest import FOLDER, Manifest, Table, applied_migrations, begin, stamps, unapplied
from cms.backup.places import describe, told
from cms.backup.progress import Progress
from cms.backup.pruning import prune

logger = logging.getLogger(__name__)

SNAPSHOT = "backup_snapshot"


def make_backup(
    place: Storage,
    *,
    with_derived: bool = False,
    keep: int = 0,
    reason: str = "",
    progress: Progress | None = None,
    is_alone: bool = False,
) -> Manifest:
    """Back up this site; return the manifest. What an interrupted backup has copied is not copied again.

    ``keep`` is how many backups stay, 0 all; ``is_alone`` says that the caller holds the lock. Raises ``BackupError``.
    """
    progress = progress or Progress()
    if missing := unapplied(connection):
        raise BackupError(
            f"The database is of an earlier version than the code ({missing[0]} is not applied): run "
            "`manage.py migrate`, or make the backup with the version before."
        )
    with nullcontext() if is_alone else alone(), told(describe(place)), ledger() as book:
        former = stamps(place)
        book.learn(place, [*former[-1:], *unfinished(place, former)])
        with snapshot() as source:
            manifest = begin(source, with_derived, reason, former)
            manifest.migrations = applied_migrations(source)
            dump(source, place, manifest, progress, book)
        copy_files(book, place, manifest, progress)
        manifest.write(place)
        prune(place, keep)
    logger.info("Backup %s: %s rows, %s files in %s", manifest.stamp, manifest.rows, manifest.files, describe(place))
    for one in manifest.missing:
        logger.warning("Backup %s is without a file that is gone: %s", manifest.stamp, one)
    return manifest


def unfinished(place: Storage, whole: Iterable[str]) -> list[str]:
    """What interrupted backups have left."""
    try:
        return sorted(set(place.listdir(FOLDER)[0]) - set(whole))
    except FileNotFoundError:
        return []


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection that sees one moment, however long it reads, and keeps nobody from writing."""
    own = connection.copy(alias=SNAPSHOT)
    if own.vendor == "sqlite":
        # Readers of WAL see one moment; the site's own mode would keep everybody from writing.
        own.settings_dict["OPTIONS"] = own.settings_dict.get("OPTIONS", {}) | {"transaction_mode": "DEFERRED"}
    connections[SNAPSHOT] = own
    try:
        with closing(own), transaction.atomic(using=SNAPSHOT):
            if own.vendor == "postgresql":
                with own.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield own
    finally:
        del connections[SNAPSHOT]


def dump(
    source: BaseDatabaseWrapper,
    place: Storage,
    manifest: Manifest,
    progress: Progress,
    book: Ledger | None = None,
    apps: Apps = installed,
) -> None:
    """Write the rows of all tables, and note in ``book`` which files they name."""
    kept = kept_tables(manifest.with_derived, apps)
    with progress.bar("tables", len(kept), "table") as bar:
        for model in kept:
            digest = rows.Digest(model)
            found = rows.read(model, source.alias)
            if book is not None and (names := _file_columns(model)):
                found = _noting(found, names, book)
            name = f"{manifest.folder}/tables/{model._meta.label_lower}.jsonl.gz"
            part = save_lines(place, name, _counted(found, digest))
            manifest.tables.append(
                Table(
                    **part,
                    model=model._meta.label_lower,
                    columns=[field.column for field in columns(model)],
                    rows=digest.count,
                    digest=str(digest),
                )
            )
            bar.update()


def _counted(found: Iterable[rows.Row], digest: rows.Digest) -> Iterator[rows.Row]:
    for row in found:
        digest.add(row)
        yield row


def _file_columns(model: type[models.Model]) -> dict[int, str]:
    """Where in a row of this model names of files stand, and in which storage these are."""
    return {
        place: alias_of(field) for place, field in enumerate(columns(model)) if isinstance(field, models.FileField)
    }


def _noting(found: Iterable[rows.Row], names: dict[int, str], book: Ledger) -> Iterator[rows.Row]:
    for row in found:
        book.want((alias, row[column]) for column, alias in names.items() if row[column])
        yield row
