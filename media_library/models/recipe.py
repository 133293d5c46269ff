from collections.abc import Iterator
from typing import Any

from django.db import models


class RecipeField(models.JSONField):
    """How a picture is edited (imaging/operations.py); Wagtail's reference index finds the picture of a watermark."""

    def extract_references(self, value: Any) -> Iterator[tuple[type[models.Model], str, str, str]]:
        mark = value.get("watermark")
        if isinstance(mark, dict) and mark.get("image") is not None:
            yield self.model, str(mark["image"]), "watermark", "watermark"

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        # For migrations it is what the database has.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
