"""Pages by cursor: where the last one ended, so that page 1,000 costs what page 1 does."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Schema

from media_library.api.rest.errors import invalid
from media_library.api.rest.ids import MAX_ID
from media_library.uploads.names import storable

MAX_LENGTH = 2_000


class Paging(Schema):
    limit: int = Field(20, ge=1, le=100)
    cursor: str = Field("", description="From ``next`` of the page before.")


@dataclass(frozen=True)
class Column:
    """A column, or an annotation, by which rows are ordered. The first one may be null, and nulls come last."""

    name: str
    type: Any = int
    descending: bool = False
    nullable: bool = False

    @property
    def ordering(self) -> str:
        return f"{'-' if self.descending else ''}{self.name}"

    def beyond(self, value: Any) -> Q:
        """Rows that come after this value, among those that have one."""
        return Q(pk__in=[]) if value is None else Q((f"{self.name}__{'lt' if self.descending else 'gt'}", value))

    def at(self, value: Any) -> Q:
        return Q((f"{self.name}__isnull", True)) if value is None else Q((self.name, value))

    def from_here(self, value: Any) -> Q:
        """Rows that come after this value or have it, as one range of an index."""
        return self.at(None) if value is None else Q((f"{self.name}__{'lte' if self.descending else 'gte'}", value))

    def read(self, value: Any) -> Any:
        """A value out of a cursor. Raises ``ValueError`` for what was never in this column."""
        if value is None and self.nullable:
            return None
        if self.type is datetime and isinstance(value, str):
            value = datetime.fromisoformat(value)
        if type(value) is not self.type or (self.type is int and abs(value) > MAX_ID):
            raise ValueError(value)
        return storable(value) if self.type is str else value


def page(rows: QuerySet, columns: Sequence[Column], cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """At most ``limit`` rows after ``cursor`` in the order of the columns, and the cursor of what follows.

    The last column must be unique. Raises a 422 for a cursor that is none of ours, or of another order.
    """
    rows = rows.order_by(*(column.ordering for column in columns))
    found: list[Any] = []
    for part in _parts(rows, columns, _decode(cursor, columns) if cursor else None):
        found += part[: limit + 1 - len(found)]
        if len(found) > limit:
            return found[:limit], cursor_of(found[limit - 1], columns)
    return found, None


def _parts(rows: QuerySet, columns: Sequence[Column], values: Sequence[Any] | None) -> Iterator[QuerySet]:
    """What follows: the rows with a value in the first column, and then, where it may be null, those without.

    Each is one range of an index, and both together are not.
    """
    first = columns[0]
    following = rows if values is None else rows.filter(_after(columns, values))
    if not first.nullable:
        yield following
        return
    if values is None or values[0] is not None:
        yield following.exclude(first.at(None))
        following = rows
    yield following.filter(first.at(None))


def _after(columns: Sequence[Column], values: Sequence[Any]) -> Q:
    after = Q(pk__in=[])
    for number, (column, value) in enumerate(zip(columns, values, strict=True)):
        same = Q()
        for former, at in zip(columns[:number], values, strict=False):
            same &= former.at(at)
        after |= same & column.beyond(value)
    return columns[0].from_here(values[0]) & after


def cursor_of(row: Model, columns: Sequence[Column]) -> str:
    """The cursor of what follows this row in the order of the columns."""
    values = [getattr(row, column.name) for column in columns]
    texts = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([_order(columns), *texts]).encode()).decode().rstrip("=")


def _decode(cursor: str, columns: Sequence[Column]) -> list[Any]:
    try:
        if len(cursor) > MAX_LENGTH:
            raise ValueError(cursor)
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        order, *values = json.loads(text)
        if order != _order(columns):
            raise ValueError(order)
        return [column.read(value) for column, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid("query.cursor", _("This cursor belongs to another list. Begin without one.")) from error


def _order(columns: Sequence[Column]) -> str:
    return ",".join(column.ordering for column in columns)
