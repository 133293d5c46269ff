"""Databases for a while: to try a backup out, and to bring an older one forward."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.db.utils import load_backend
from wagtail.models import Site

from cms.backup.errors import BackupError
from media_library.conf import conf

SCRATCH = "backup_scratch"


@contextmanager
def scratch_sqlite() -> Iterator[BaseDatabaseWrapper]:
    """An empty SQLite database in a temporary folder, whatever the site's own is."""
    with tempfile.TemporaryDirectory(dir=conf.work_dir, prefix="scratch-") as folder:
        asked: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder) / "scratch.sqlite3"),
            # Nothing here outlives the block.
            "OPTIONS": {"init_command": "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"},
        }
        completed = connections.configure_settings({DEFAULT_DB_ALIAS: asked})[DEFAULT_DB_ALIAS]
        with _known(load_backend(asked["ENGINE"]).DatabaseWrapper(completed, alias=SCRATCH)) as scratch:
            yield scratch


@contextmanager
def scratch_of_this_kind() -> Iterator[BaseDatabaseWrapper]:
    """An empty database of the kind that the site has. Raises ``BackupError`` where the site may make none."""
    if connection.vendor != "postgresql":
        with scratch_sqlite() as scratch:
            yield scratch
        return
    own = connection.copy(alias=SCRATCH)
    name = f"{own.settings_dict['NAME'][:40]}_scratch_{secrets.token_hex(4)}"
    quoted = own.ops.quote_name(name)
    # A connection of its own: a database is made outside of every transaction.
    server = connection.copy(alias="backup_server")
    try:
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quoted}")
        try:
            own.settings_dict["NAME"] = name
            with _known(own) as scratch:
                yield scratch
        finally:
            with server.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
    except ProgrammingError as error:
        raise BackupError(
            f"The site may make no database to try the backup out: {str(error).strip()}. Let it "
            "(ALTER ROLE … CREATEDB), or verify without DATABASE_URL, which tries the backup out on SQLite."
        ) from error
    finally:
        server.close()


@contextmanager
def _known(scratch: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    connections[SCRATCH] = scratch
    try:
        yield scratch
    finally:
        scratch.close()
        del connections[SCRATCH]


@contextmanager
def in_place_of_the_site(scratch: BaseDatabaseWrapper) -> Iterator[None]:
    """Let all of this thread that uses the site's database use this one: migrations name none."""
    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = scratch
    scratch.alias = DEFAULT_DB_ALIAS
    _forget()
    try:
        yield
    finally:
        scratch.alias = SCRATCH
        connections[DEFAULT_DB_ALIAS] = own
        _forget()


def _forget() -> None:
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


def apps_at(migrations: set[tuple[str, str]]) -> Apps:
    """The models as they are after these migrations."""
    loader = MigrationLoader(None)
    return loader.project_state([node for node in migrations if node in loader.graph.nodes]).apps


def create_tables(scratch: BaseDatabaseWrapper, models: dict[str, type[Model]]) -> None:
    """Make the tables of these models, with all their constraints and without running a migration."""
    with scratch.schema_editor() as editor:
        for model in models.values():
            # Those of many-to-many relations come with what they belong to.
            if not model._meta.auto_created:
                editor.create_model(model)
        # An app's migrations may end with the same index twice, which only running them tells apart.
        editor.deferred_sql = list(dict.fromkeys(map(str, editor.deferred_sql)))
