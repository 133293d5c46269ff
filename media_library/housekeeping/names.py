"""Which files should be there: the names that rows have, looked up by the asset that a name tells of.

Columns of names have no index, and need none: a public file is ``<asset>/…``, an original ``<kind>/<asset>/…``. What
has another shape in the same storage is not the library's, and is left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import FileField, ForeignKey

from media_library.models import Asset, SupersededFile

MAX_DIGITS = 18
"""Longer numbers don't fit the database's integers, so they are no id."""


@dataclass(frozen=True)
class Column:
    """A column that names files. ``owner`` is the field that leads to their asset."""

    model: Any
    field: str
    owner: str

    @property
    def is_original(self) -> bool:
        """What was uploaded: nobody can make it again."""
        return issubclass(self.model, Asset)


@lru_cache
def columns() -> list[Column]:
    """All columns of the library that hold files, whoever added them."""
    return [
        Column(model, field.name, "pk" if issubclass(model, Asset) else _owner(model))
        for model in apps.get_app_config("media_library").get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileField) and (issubclass(model, Asset) or _owner(model))
    ]


def _owner(model: Any) -> str:
    owners = (
        field.name
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, Asset)
    )
    return next(owners, "")


def is_public(name: str) -> bool:
    """Whether a name has the shape of what workers make, e.g. ``12/1/w640-2c26b46b68ff.avif``."""
    return "/" in name and _is_id(name.partition("/")[0])


def is_upload(name: str) -> bool:
    """Whether a name has the shape of an original, e.g. ``image/12/1/9f86d081884c-harbour.jpg``."""
    return name.count("/") > 1 and name.partition("/")[0] in Asset.Kind.values


def asset_of(name: str) -> int | None:
    """The asset that a file belongs to by its name; None where it was stored before its row (``image/new/…``)."""
    part = name.split("/", 2)[0 if is_public(name) else 1]
    return int(part) if _is_id(part) else None


def _is_id(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= MAX_DIGITS


def unnamed(names: Iterable[str]) -> set[str]:
    """Those of these names that no row has, superseded files among the rows."""
    rest = set(names)
    asset_ids = {asset_of(name) for name in rest} - {None}
    nameless = [name for name in rest if asset_of(name) is None]
    for column in (*columns(), Column(SupersededFile, "name", "asset")):
        rows = column.model._base_manager
        if asset_ids:
            rest -= set(rows.filter(**{f"{column.owner}__in": asset_ids}).values_list(column.field, flat=True))
        if nameless:
            rest -= set(rows.filter(**{f"{column.field}__in": nameless}).values_list(column.field, flat=True))
    return rest
