"""Another kind of storage for the whole library, for one test."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db.models import FileField

from cms.media_storages import Storages
from media_library.models.files import originals_storage, public_storage

ALIASES = {public_storage: "default", originals_storage: "originals"}


class Environment:
    """What an operator sets, as django-environ reads it."""

    def __new__(cls, values: Mapping[str, str]) -> Any:
        import environ

        env = environ.Env()
        env.ENVIRON = dict(values)
        return env


def use_storages(monkeypatch: pytest.MonkeyPatch, settings: Any, chosen: Storages) -> None:
    """Have every column of the library keep its files there; columns chose their storage when they were made."""
    settings.STORAGES = {**settings.STORAGES, **chosen}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and (alias := ALIASES.get(field.deconstruct()[3].get("storage"))):
                monkeypatch.setattr(field, "storage", storages[alias])
