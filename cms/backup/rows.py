"""Rows on their way out of one database and into another.

A row is a list of what stands in its columns, in JSON: numbers, texts, true, false and null as they are; moments,
days, UUIDs, decimals and bytes as Django's ``to_python`` reads them from text; JSON as the text that it is in the
database.
"""

import base64
import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db import DataError, IntegrityError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast
from django.utils.duration import duration_iso_string

from cms.backup.contents import columns
from cms.backup.errors import BackupError

Row = list[Any]

AT_A_TIME = 1_000
BYTES_AT_A_TIME = 8 * 1024**2
"""Revisions may be a megabyte each, so that a thousand of them are too much at a time."""

_EXACT = Context(prec=400)


def read(model: type[models.Model], alias: str) -> Iterator[Row]:
    """All rows by primary key, some at a time: memory stays bounded with any driver and pooler."""
    fields = columns(model)
    key = [field.attname for field in fields].index(model._meta.pk.attname)
    query = model._base_manager.using(alias).order_by("pk")
    # As text: what StreamFields would make of it is of no use here, and numbers keep all their digits.
    query = query.annotate(
        **{f"_{field.attname}": Cast(field.attname, models.TextField()) for field in fields if _is_json(field)}
    )
    names = [f"_{field.attname}" if _is_json(field) else field.attname for field in fields]
    some, size = query, 16
    while batch := list(some.values_list(*names)[:size]):
        yield from map(list, batch)
        length = max(1, sum(len(str(value)) for row in batch for value in row) // len(batch))
        size = max(1, min(AT_A_TIME, BYTES_AT_A_TIME // length))
        some = query.filter(pk__gt=batch[-1][key])


def write(model: type[models.Model], names: list[str], rows: Iterable[Row], connection: BaseDatabaseWrapper) -> int:
    """Insert rows past all managers and signals; return in how many texts a NUL gave way.

    ``names`` are the columns that the rows have. Raises ``BackupError``.
    """
    fields = {field.column: field for field in columns(model)}
    if unknown := set(names) ^ set(fields):
        raise BackupError(f"{model._meta.label} has not the columns of the backup: {', '.join(sorted(unknown))}.")
    writer = _Writer(model, [fields[name] for name in names], connection)
    rows = iter(rows)
    while batch := list(_some(rows)):
        writer.insert(batch)
    return writer.replaced


class _Writer:
    def __init__(self, model: type[models.Model], fields: list[Any], connection: BaseDatabaseWrapper):
        self.model, self.connection, self.replaced = model, connection, 0
        self.plain = [_plain(field) for field in fields]
        self.is_postgres = connection.vendor == "postgresql"
        quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *(one.column for one in fields))]
        self.into = f"{quoted[0]} ({', '.join(quoted[1:])})"

    def insert(self, batch: list[Row]) -> None:
        values = [[self._value(*pair) for pair in zip(self.plain, row, strict=True)] for row in batch]
        try:
            # Django lets errors of COPY through as psycopg's own.
            with self.connection.wrap_database_errors, self.connection.cursor() as cursor:
                if self.is_postgres:
                    with cursor.copy(f"COPY {self.into} FROM STDIN") as copy:
                        for row in values:
                            copy.write_row(row)
                else:
                    marks = ", ".join(["%s"] * len(self.plain))
                    cursor.executemany(f"INSERT INTO {self.into} VALUES ({marks})", values)  # noqa: S608
        except (DataError, IntegrityError) as error:
            raise BackupError(
                f"A row of {self.model._meta.label} doesn't fit this database: {str(error).strip()}. SQLite takes "
                "longer texts and larger numbers than PostgreSQL does: shorten it on the site that was backed up, and "
                "make another backup."
            ) from error

    def _value(self, plain: models.Field, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, str) and self.is_postgres:
            value = self._without_nul(plain, value)
        if _is_json(plain):
            return value
        return plain.get_db_prep_value(plain.to_python(value), self.connection)

    def _without_nul(self, plain: models.Field, text: str) -> str:
        """PostgreSQL has neither NUL nor halves of characters, in texts and in JSON; SQLite takes both."""
        if _is_json(plain):
            if not any(mark in text for mark in ("\\u0000", "\\ud", "\\uD")):
                return text
            clean = json.dumps(_cleaned(json.loads(text)))
        else:
            clean = _cleaned(text)
        self.replaced += clean != text
        return clean


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    return value


def _some(rows: Iterator[Row]) -> Iterator[Row]:
    size = 0
    for row in islice(rows, AT_A_TIME):
        yield row
        size += sum(len(value) for value in row if isinstance(value, str))
        if size > BYTES_AT_A_TIME:
            return


def _is_json(field: Any) -> bool:
    return field.get_internal_type() == "JSONField"


def _plain(field: Any) -> models.Field:
    """Django's own field for what a column holds, without what a field of somebody's makes of it."""
    while field.remote_field:
        field = field.target_field
    kind = getattr(models, field.get_internal_type())
    if kind is models.DecimalField:
        return kind(max_digits=field.max_digits, decimal_places=field.decimal_places)
    return kind()


def encode(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{type(value).__name__} is nothing that a column holds")


class Digest:
    """Of the rows of a table in any order: two databases sort texts differently.

    It is the sum of the SHA-256 of all rows, modulo 2²⁵⁶. JSON counts by what it says, not by how it is written:
    PostgreSQL keeps it in an order of its own.
    """

    def __init__(self, model: type[models.Model]):
        self.count, self._sum = 0, 0
        fields = columns(model)
        # By name: models and migrations may have them in another order.
        self._order = sorted(range(len(fields)), key=lambda place: fields[place].column)
        self._json = {place for place, field in enumerate(fields) if _is_json(field)}

    def add(self, row: Row) -> None:
        self.count += 1
        same = [_normal(row[place]) if place in self._json else row[place] for place in self._order]
        text = json.dumps(same, ensure_ascii=True, sort_keys=True, default=_as_text)
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(text.encode()).digest())) % 2**256

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def _normal(text: str | None) -> Any:
    return None if text is None else json.loads(text, parse_int=_number, parse_float=_number)


def _number(text: str) -> list[str]:
    return ["number", str(_EXACT.create_decimal(text).normalize(_EXACT))]


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """A compressed file of lines; the same lines always give the same bytes."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0, filename="") as packed,
        io.TextIOWrapper(packed, encoding="utf-8", errors="surrogatepass", newline="\n") as lines,
    ):
        yield lines


def lines_of(file: IO[bytes]) -> Iterator[Row]:
    """What stands in such a file. Raises ``BackupError`` for one that is damaged."""
    try:
        with gzip.open(file, "rt", encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"A file of the backup is damaged: {error}. Restore another backup (--at).") from error
