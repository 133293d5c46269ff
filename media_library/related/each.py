"""The same question about each of several things, in one query."""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.models import QuerySet


def of_each(question: QuerySet, stand_in: Any, things: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What ``question`` gives when each of ``things`` is asked instead of ``stand_in``: its place there, then the row.

    ``stand_in`` is a parameter of the question, or a part of one that is text. Django takes longer to write a union of
    twelve such than a database to answer it, so one is written, and its SQL repeated.
    """
    if not things:
        return []
    connection = connections[question.db]
    sql, params = question.query.get_compiler(connection=connection).as_sql()
    # SQLite takes no LIMIT in a part of a union, but for one further within.
    parts = [f"SELECT {number}, part.* FROM ({sql}) AS part" for number in range(len(things))]  # noqa: S608 - numbers
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [_put(one, stand_in, thing) for thing in things for one in params])
        return cursor.fetchall()


def _put(param: Any, stand_in: Any, thing: Any) -> Any:
    if isinstance(param, str) and isinstance(stand_in, str):
        return param.replace(stand_in, thing)
    return thing if param == stand_in else param
