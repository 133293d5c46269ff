from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from wagtail.models import Collection

from cms.models import User
from media_library.admin.library.querying import library_assets
from media_library.models import Asset, CustomImage
from tests.blog.content import make_image

ALL = [
    *(f"wagtailimages.{action}_image" for action in ("add", "change", "choose")),
    *(f"wagtaildocs.{action}_document" for action in ("add", "change", "choose")),
    *(f"{action}_{kind}" for kind in ("video", "audio") for action in ("add", "change", "choose")),
]
"""Permissions to do everything with all kinds, for ``grant``."""


@pytest.fixture
def writer(grant: Callable[..., User], harbour: Collection, archive: Collection) -> User:
    """Somebody who may do everything in ``harbour``, and nothing in ``archive``."""
    return grant(harbour, *ALL, username="wendy")


@pytest.fixture
def shelve(root_collection: Collection) -> Callable[..., Asset]:
    """Put a small picture into the library, and write down what workers would have found out about it."""

    def make(title: str = "Boat", *, tags: tuple[str, ...] = (), **values: Any) -> CustomImage:
        found_out = {
            name: values.pop(name)
            for name in list(values)
            if name in ("status", "width", "height", "file_size", "file_hash", "taken_at", "created_at", "trashed_at")
        }
        image = make_image(title, size=8, **{"collection": root_collection} | values)
        if tags:
            image.tags.add(*tags)
            image.save()
        Asset.objects.filter(pk=image.pk).update(**{"status": Asset.Status.READY} | found_out)
        return image

    return make


@pytest.fixture
def titles(admin_user: User) -> Callable[..., list[str]]:
    """Titles of what the library shows for a query, as somebody sees it: ``titles("q=boat", writer)``."""

    def ask(query: str = "", user: User | None = None) -> list[str]:
        return [asset.title for asset in library_assets(user or admin_user, QueryDict(query))]

    return ask
