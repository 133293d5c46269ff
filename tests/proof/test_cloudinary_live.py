"""Cloudinary itself, where an account's keys are in the environment."""

import os
from secrets import token_hex

import pytest
import requests
from django.core.files.base import ContentFile

from media_library.storage import walk
from media_library.storage.cloudinary import CloudinaryOriginals, CloudinaryRenditions
from tests.media import photo_bytes

pytestmark = pytest.mark.skipif(
    not os.environ.get("CLOUDINARY_API_SECRET"), reason="needs CLOUDINARY_CLOUD_NAME, _API_KEY and _API_SECRET"
)


@pytest.mark.parametrize("name", ["image/9/1/0123456789ab-harbour.jpeg", "document/9/1/0123456789ab-menu.txt"])
def test_original_comes_back_as_it_went(name):
    storage, data = CloudinaryOriginals(f"darkroom-test-{token_hex(6)}"), photo_bytes(80, 60)
    storage.save(name, ContentFile(data))
    try:
        with storage.open(name) as file:
            assert file.read() == data
        assert [(one.name, one.size) for one in walk(storage)] == [(name, len(data))]
        signed = storage.signed_url(name, 60, "harbour", "image/jpeg", as_attachment=True)
        assert requests.get(signed, timeout=30).content == data
    finally:
        storage.delete(name)
    assert not storage.exists(name)


def test_rendition_is_delivered_as_it_was_made():
    storage, data = CloudinaryRenditions(f"darkroom-test-{token_hex(6)}"), photo_bytes(80, 60)
    storage.save("9/1/w80-0123456789ab.jpg", ContentFile(data))
    try:
        assert requests.get(storage.url("9/1/w80-0123456789ab.jpg"), timeout=30).content == data
    finally:
        storage.delete("9/1/w80-0123456789ab.jpg")
