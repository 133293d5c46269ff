import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import Collection

from cms.models import User
from media_library.models import CustomImage
from tests.media import photo_file


@pytest.fixture
def chooser() -> Callable[..., str]:
    """Addresses of the chooser: ``chooser("choose", kinds="image")``, ``chooser("chosen", 7)``."""

    def url(view: str, *args: object, **params: object) -> str:
        address = reverse(f"media_library_chooser:{view}", args=args)
        return f"{address}?{urlencode(params)}" if params else address

    return url


@pytest.fixture
def make_image(db: None) -> Callable[..., CustomImage]:
    """Save a photograph that was just uploaded into a collection."""

    def make(collection: Collection, title: str = "Boats", **fields: Any) -> CustomImage:
        image = CustomImage(title=title, collection=collection, file=photo_file(f"{title.lower()}.jpg"), **fields)
        image.save()
        return image

    return make


@pytest.fixture
def writer(grant: Callable[..., User], harbour: Collection, archive: Collection) -> User:
    """May choose and add everything in Harbour, and nothing in Archive."""
    wagtails = [
        f"wagtail{app}.{action}_{kind}"
        for app, kind in (("images", "image"), ("docs", "document"))
        for action in ("add", "choose")
    ]
    ours = [f"{action}_{kind}" for kind in ("video", "audio") for action in ("add", "choose")]
    return grant(harbour, *wagtails, *ours, username="will")


@pytest.fixture
def writers(writer: User) -> Client:
    client = Client()
    client.force_login(writer)
    return client


@pytest.fixture
def html() -> Callable[..., str]:
    """What the whole modal, or the list alone, shows."""

    def read(response: Any) -> str:
        content = response.content.decode()
        return json.loads(content)["html"] if response["Content-Type"] == "application/json" else content

    return read
