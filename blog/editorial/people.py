"""Who works here is nothing that visitors are told: API v3 reads users to tokens only."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model
from wagtail.api.v3.schemas import read_generator
from wagtail.api.v3.schemas.generators.read import foreign_key_schema


def register() -> None:
    """Before Wagtail makes the schemas of pages and snippets from their models."""
    read_generator.register_field_schema(ForeignKey, for_reading)


def for_reading(generator: Any, field: Any) -> tuple[Any, Any, Any]:
    annotation, default, resolver = foreign_key_schema(generator, field)
    related: Any = field.related_model
    if not issubclass(related, get_user_model()):
        return annotation, default, resolver

    def resolve(instance: Model, context: dict[str, Any]) -> Model | None:
        return getattr(instance, field.name) if context["request"].user.is_authenticated else None

    return annotation | None, None, staticmethod(resolve)
