"""Two hundred migrations take longer than a few hundred tests do, so that databases begin as copies of a migrated one.

SQLite's is kept for the next run; PostgreSQL's is on its server, for all processes of the run. It is known by all
there is to migrate; where that has changed, or there is none, a database is migrated as ever.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.processes import ROOT

FOLDER = ROOT / ".pytest_cache" / "d" / "migrated"


def kept_database() -> Path | None:
    """Where the SQLite database of these migrations is kept, or will be; None where the tests' database is no file."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        return None
    return FOLDER / f"{_all_there_is_to_migrate()}.sqlite3"


def migrated_template(url: str) -> str:
    """Name of a database with all tables on the PostgreSQL server of ``url``: whoever asks first makes it."""
    name = f"migrated_{_all_there_is_to_migrate()}"
    new = sql.Identifier(f"{name}_new")
    with psycopg.connect(url, autocommit=True) as server:
        # Goes with the connection.
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(new))
            server.execute(sql.SQL("CREATE DATABASE {}").format(new))
            environment = {
                **os.environ,
                "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}_new").geturl(),
                "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            }
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)
            # Half a database has another name.
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, sql.Identifier(name)))
    return name


def _all_there_is_to_migrate() -> str:
    known = hashlib.sha256(sqlite3.sqlite_version.encode())
    for app in apps.get_app_configs():
        # Permissions and content types are made of the models, after the migrations.
        known.update("".join(f"{model._meta}{model._meta.permissions}" for model in app.get_models()).encode())
        spec = find_spec(f"{app.name}.migrations")
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(folder).glob("*.py")):
                known.update(file.read_bytes())
    return known.hexdigest()[:20]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Begin with the kept database, if there is one. Each process has a folder of its own, which goes with it."""
    kept = kept_database()
    if kept is None or not kept.exists():
        return False
    shutil.copyfile(kept, connection.creation._get_test_db_name())
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> Iterator[None]:
    kept = kept_database()
    if kept is not None and not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        # Written under another name: other processes may be about to read it, or to write it, too.
        new = kept.with_name(f"{kept.name}.{os.getpid()}.new")
        new.unlink(missing_ok=True)
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(new)])
        new.rename(kept)
    yield
