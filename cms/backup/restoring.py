"""Reading a backup back: everything is verified first, files are laid down, and rows come in one transaction."""

import logging
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from wagtail.models import Page, Site

from cms.backup.contents import tables
from cms.backup.developing import develop_again
from cms.backup.errors import BackupError
from cms.backup.files import THREADS, entries, hash_of, object_name
from cms.backup.loading import empty, load
from cms.backup.locking import alone
from cms.backup.making import dump, make_backup, snapshot
from cms.backup.manifest import Manifest, applied_migrations, begin, newest, unapplied
from cms.backup.places import Folder, describe, told
from cms.backup.progress import Progress
from cms.backup.scratch import apps_at, in_place_of_the_site, scratch_sqlite
from cms.backup.verifying import verify_files
from cms.delivery.changes import announce
from cms.models import User
from media_library.conf import conf
from media_library.housekeeping.listing import batches
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video

logger = logging.getLogger(__name__)

AT_A_TIME = 500
PAGES_OF_MIGRATIONS = 2
"""The root, and Wagtail's page of welcome."""


def restore(
    place: Storage,
    *,
    at: str = "",
    replace: bool = False,
    safety: Storage | None = None,
    progress: Progress | None = None,
) -> tuple[Manifest, int]:
    """Make this site what it was in a backup, by default the latest; return its manifest and how many jobs wait.

    A site that isn't empty needs ``replace``, and is backed up to ``safety`` first. Whatever interrupts it, the rows
    stay what they were, and it can be repeated. Raises ``BackupError``.
    """
    progress = progress or Progress()
    with alone(), told(describe(place)):
        manifest = newest(place, at)
        is_older = _is_older(manifest)
        verify_files(place, manifest, progress)
        _prepare_tables()
        if not is_empty():
            if not replace or safety is None:
                raise BackupError(
                    "This site is not empty. To put the backup in its place, after a backup of what is here now: "
                    "--replace."
                )
            make_backup(safety, reason="before a restore", progress=progress, is_alone=True)
        _lay_down_files(place, manifest, progress)
        if is_older:
            with brought_forward(place, manifest, progress) as (newer_place, newer):
                queued = _replace_rows(newer_place, newer, progress)
        else:
            queued = _replace_rows(place, manifest, progress)
    logger.info("Restored backup %s from %s", manifest.stamp, describe(place))
    return manifest, queued


def _is_older(manifest: Manifest) -> bool:
    """Whether there are migrations here that the backup hasn't seen. Raises ``BackupError`` if it has seen others."""
    loader = MigrationLoader(None)
    if unknown := manifest.applied - set(loader.disk_migrations):
        named = ", ".join(f"{app}.{name}" for app, name in sorted(unknown)[:5])
        raise BackupError(
            f"Backup {manifest.stamp} was made by Darkroom {manifest.versions.get('darkroom')}, which knows "
            f"migrations that this one doesn't ({named}). Install the version that made it, and restore with that."
        )
    return bool(set(loader.graph.nodes) - manifest.applied)


def _prepare_tables() -> None:
    if not applied_migrations(connection):
        call_command("migrate", interactive=False, verbosity=0)
    elif unapplied(connection):
        raise BackupError("This site's database is of an older version: run `manage.py migrate` first.")


def is_empty() -> bool:
    """Whether there is nothing but what migrations have made."""
    return not (Asset.objects.exists() or User.objects.exists() or Page.objects.count() > PAGES_OF_MIGRATIONS)


def _lay_down_files(place: Storage, manifest: Manifest, progress: Progress) -> None:
    """Copy what the site's storages haven't got. Names hold a hash, so no file that is there means something else."""
    with ThreadPoolExecutor(THREADS) as pool, progress.bar("files", manifest.files, "file") as bar:
        for batch in batches(entries(place, manifest)):
            for _done in pool.map(partial(_lay_down, place), batch):
                bar.update()


def _lay_down(place: Storage, entry: list[Any]) -> None:
    alias, name, sha256, size, _modified = entry
    storage = storages[alias if alias in storages.backends else "default"]
    if _has(storage, name, sha256, size):
        return
    if storage.exists(name):
        storage.delete(name)
    with place.open(object_name(sha256)) as source:
        saved = storage.save(name, File(source, name=name))
    if saved != name:
        storage.delete(saved)
        raise BackupError(f"The storage {alias} calls {name} {saved}. Somebody else writes there; try again.")


def _has(storage: Storage, name: str, sha256: str, size: int) -> bool:
    if not storage.exists(name) or storage.size(name) != size:
        return False
    with storage.open(name, "rb") as file:
        return hash_of(file) == sha256


@contextmanager
def brought_forward(place: Storage, manifest: Manifest, progress: Progress) -> Iterator[tuple[Storage, Manifest]]:
    """The rows of an older backup as today's migrations make them, in a folder for the block.

    They are migrated in a scratch database on SQLite, so that the site's own has only ever one step to do.
    """
    with scratch_sqlite() as scratch, tempfile.TemporaryDirectory(dir=conf.work_dir) as folder:
        with in_place_of_the_site(scratch):
            _migrate_to(manifest.applied)
            then = apps_at(manifest.applied)
            models = {model._meta.label_lower: model for model in tables(then)}
            with transaction.atomic():
                empty(scratch, models.values())
                load(scratch, models, place, manifest, progress)
            call_command("migrate", interactive=False, verbosity=0)
            newer = begin(scratch, manifest.with_derived)
            newer_place = Folder(folder)
            with snapshot() as source:
                dump(source, newer_place, newer, progress)
        yield newer_place, newer


def _migrate_to(applied: set[tuple[str, str]]) -> None:
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    # The last of each app only: to name an earlier one is to ask for the way back to it.
    executor.migrate([node for node in nodes if node in applied and not _follows(nodes[node], applied)])


def _follows(node: Any, applied: set[tuple[str, str]]) -> bool:
    """Whether there is another migration of the same app after this one."""
    return any(child.key in applied and child.key[0] == node.key[0] for child in node.children)


def _note_public_ids() -> None:
    """Another kind of storage has other names for files, or none."""
    for model in (CustomImage, Video, Audio, CustomDocument):
        name_there = getattr(model._meta.get_field("file").storage, "public_id", None)
        if name_there is None:
            Asset.objects.filter(kind=model.KIND).exclude(public_id="").update(public_id="")
            continue
        for batch in batches(model._base_manager.order_by("pk").values_list("pk", "file").iterator(AT_A_TIME)):
            assets = [Asset(pk=pk, public_id=name_there(name)) for pk, name in batch]
            Asset.objects.bulk_update(assets, ["public_id"])


def _replace_rows(place: Storage, manifest: Manifest, progress: Progress) -> int:
    """Put the rows of a backup in the place of all that there are, with what follows from them; return jobs queued."""
    models = {model._meta.label_lower: model for model in tables()}
    try:
        with transaction.atomic(durable=True):
            empty(connection, models.values())
            replaced = load(connection, models, place, manifest, progress)
            ContentType.objects.clear_cache()
            for command in ("rebuild_references_index", "update_index"):
                with progress.bar(command, 1, "index") as bar:
                    call_command(command, verbosity=0)
                    bar.update()
            _note_public_ids()
            queued = 0 if manifest.with_derived else develop_again()
            # Caches only: it is no event that webhooks tell of.
            announce(["all"])
    except OperationalError as error:
        raise BackupError(
            f"The database would not take the backup, and is as it was: {str(error).strip()}. Stop web, workers "
            "and beat, and try again."
        ) from error
    finally:
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()
    cache.clear()
    if replaced:
        logger.warning("PostgreSQL has no NUL: it gave way in %s texts", replaced)
    return queued
