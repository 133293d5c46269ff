"""Relations to many in API v3: lists of ids, which may be left out where a form may leave them empty."""

from typing import Any

from django.db.models import ManyToManyField
from wagtail.api.v3.schemas import create_generator


def register() -> None:
    """Before Wagtail makes the schemas of pages and snippets from their models."""
    create_generator.register_field_schema(ManyToManyField, for_creating)


def for_creating(generator: Any, field: ManyToManyField) -> tuple[Any, Any]:
    return list[int], [] if field.blank else ...
