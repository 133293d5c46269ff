"""A database as it was at one moment, brought back while the processes of a stack go on: quicker than a new stack.

What they keep in their cache of anything since then is forgotten with it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Protocol

import psycopg
import redis
from psycopg import sql

from tests.stack import Stack


class Snapshot(Protocol):
    def restore(self) -> None:
        """Make all tables what they were. Numbers that were given to rows since are not given again."""


def take(stack: Stack) -> Snapshot:
    """Remember what the database of a stack holds now."""
    url = stack.env.get("DATABASE_URL", "")
    of_database = _PostgresSnapshot(url) if url.startswith("postgres") else _SQLiteSnapshot(stack.data_dir)
    return _StackSnapshot(of_database, stack)


class _StackSnapshot:
    def __init__(self, of_database: Snapshot, stack: Stack) -> None:
        self.of_database, self.stack = of_database, stack

    def restore(self) -> None:
        self.of_database.restore()
        self._forget_cache()

    def _forget_cache(self) -> None:
        """Presets that a manifest has put in force, for one, are believed for a minute."""
        if url := self.stack.env.get("REDIS_URL"):
            with redis.Redis.from_url(url) as client:
                # Keys of Django's. Those of the broker, who has the same database, stay.
                for key in client.scan_iter(":*"):
                    client.delete(key)
        for file in (self.stack.data_dir / "cache").glob("*.djcache"):
            file.unlink(missing_ok=True)


class _SQLiteSnapshot:
    def __init__(self, data_dir: Path) -> None:
        self.database, self.copy = data_dir / "darkroom.sqlite3", data_dir / "snapshot.sqlite3"
        with self._connect() as connection, contextlib.closing(sqlite3.connect(self.copy)) as copy:
            connection.backup(copy)

    def restore(self) -> None:
        with self._connect() as connection:
            connection.execute("ATTACH DATABASE ? AS snapshot", [str(self.copy)])
            # Indexes for search are virtual tables with tables of their own; triggers keep them up to date.
            names = connection.execute(
                "SELECT name FROM pragma_table_list"
                " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            ).fetchall()
            connection.execute("BEGIN IMMEDIATE")
            for (name,) in names:
                connection.execute(f'DELETE FROM main."{name}"')  # noqa: S608
                connection.execute(f'INSERT INTO main."{name}" SELECT * FROM snapshot."{name}"')  # noqa: S608
            connection.execute("COMMIT")

    def _connect(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self.database, timeout=30, isolation_level=None))


class _PostgresSnapshot:
    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            self.names = [name for (name,) in rows]
            connection.execute("CREATE SCHEMA snapshot")
            for name in self.names:
                table = sql.Identifier(name)
                connection.execute(sql.SQL("CREATE TABLE snapshot.{} AS TABLE public.{}").format(table, table))

    def restore(self) -> None:
        with psycopg.connect(self.url) as connection:
            # Without checking foreign keys, whose order nobody knows here.
            connection.execute("SET session_replication_role = replica")
            tables = [sql.Identifier("public", name) for name in self.names]
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))
            for name in self.names:
                table = sql.Identifier(name)
                connection.execute(sql.SQL("INSERT INTO public.{} SELECT * FROM snapshot.{}").format(table, table))
