from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model


def add_up(model: type[Model], keys: Sequence[str], numbers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add numbers to those that a table has, in one statement that needs no look beforehand.

    ``keys`` and ``numbers`` name columns, and each row has values for the ones and then for the others; there is a
    unique constraint over ``keys``.
    """
    rows = list(rows)
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns, unique, added = (", ".join(map(quote, names)) for names in ((*keys, *numbers), keys, numbers))
    places = ", ".join([f"({', '.join(['%s'] * (len(keys) + len(numbers)))})"] * len(rows))
    more = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in added.split(", "))
    statement = (
        f"INSERT INTO {table} ({columns}) VALUES {places} "  # noqa: S608
        f"ON CONFLICT ({unique}) DO UPDATE SET {more}"
    )
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(one) if isinstance(one, date) else one for row in rows for one in row])
