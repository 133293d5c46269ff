"""Rows of a backup on their way into a database, all or none."""

from collections.abc import Iterable

from django.core.files.storage import Storage
from django.core.management.color import no_style
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import IntegrityError

from cms.backup import rows
from cms.backup.errors import BackupError
from cms.backup.manifest import Manifest
from cms.backup.progress import Progress

LOCK_SECONDS = 30


def load(
    target: BaseDatabaseWrapper,
    models_by_label: dict[str, type[models.Model]],
    place: Storage,
    manifest: Manifest,
    progress: Progress,
) -> int:
    """Insert the rows of all tables, which are empty, and check what refers to what. For use in a transaction.

    Returns in how many texts a NUL gave way. Raises ``BackupError``.
    """
    replaced = 0
    with progress.bar("tables", len(manifest.tables), "table") as bar:
        for table in manifest.tables:
            model = models_by_label.get(table.model)
            if model is None:
                raise BackupError(f"The backup has a table that this Darkroom hasn't: {table.model}.")
            with place.open(table.file) as file:
                replaced += rows.write(model, table.columns, rows.lines_of(file), target)
            bar.update()
    try:
        target.check_constraints()
    except IntegrityError as error:
        raise BackupError(
            f"Rows of the backup refer to others that are not in it: {str(error).strip()}. It can't be restored; "
            "restore another one (--at)."
        ) from error
    if statements := target.ops.sequence_reset_sql(no_style(), list(models_by_label.values())):
        with target.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    return replaced


def empty(target: BaseDatabaseWrapper, tables: Iterable[type[models.Model]]) -> None:
    """Delete all rows of these tables in the transaction of the caller, past all signals."""
    names = sorted({model._meta.db_table for model in tables})
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            # Web and workers should not run now; if they do, better a word than waiting for ever.
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        for statement in target.ops.sql_flush(no_style(), names):
            cursor.execute(statement)
