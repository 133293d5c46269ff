"""Every file that was made of an asset, alone and in lists."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction

from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Sidecar, Transcode, Video
from tests.api.rest.conftest import ApiClient
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db

URL = "/api/media/"


def variants(client: ApiClient, asset: Asset) -> list[dict[str, Any]]:
    response = client.get(f"{URL}{asset.pk}/variants/")
    assert response.status_code == 200, response.content
    return response.json()["items"]


def file_of(one: dict[str, Any]) -> Path:
    return Path(settings.MEDIA_ROOT) / one["url"].partition(settings.MEDIA_URL)[2]


def test_renditions_of_a_picture_are_listed_with_what_they_are(
    admin_api: ApiClient, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    found = variants(admin_api, photo)
    assert len(found) == photo.renditions.count()
    assert {one["kind"] for one in found} == {"rendition"}
    assert {"ladder", "thumbnail", "admin"} <= {one["preset"] for one in found}
    assert {"avif", "webp", "jpeg"} <= {one["format"] for one in found}
    for one in found:
        assert file_of(one).stat().st_size == one["bytes"]
        assert one["width"] and one["height"] and one["quality"]


def test_a_film_has_transcodes_posters_and_sidecars(
    admin_api: ApiClient, film: Video, develop: Callable[..., None]
) -> None:
    develop()
    found = variants(admin_api, film)
    assert {one["kind"] for one in found} == {"transcode", "poster", "sidecar"}
    assert len([one for one in found if one["kind"] == "transcode"]) == Transcode.objects.count()
    assert {"storyboard", "sprite"} <= {one["preset"] for one in found}
    assert len([one for one in found if one["kind"] == "sidecar"]) == Sidecar.objects.count()
    assert all(file_of(one).exists() and one["mime_type"] for one in found)
    # Its public object shows what is played, and no rung of the ladder by itself.
    sources = {one["src"] for one in admin_api.get(f"{URL}{film.pk}/").json()["sources"]}
    whole = admin_api.get(f"{URL}{film.pk}/", {"include": "variants"}).json()
    assert {one["src"] for one in whole["sources"]} == sources < {one["url"] for one in found}
    assert whole["variants"] == found


def test_a_sound_has_a_waveform_and_a_document_nothing(
    admin_api: ApiClient, sound: Audio, develop: Callable[..., None]
) -> None:
    develop()
    document = CustomDocument.objects.create(title="Prices", file=ContentFile(b"Paper", name="paper.txt"))
    assert {"mp3", "json"} <= {one["format"] for one in variants(admin_api, sound)}
    assert variants(admin_api, document) == []


def test_files_of_a_closed_folder_are_not_told(anybody: ApiClient, press: Collection) -> None:
    image, closed = make_image(), make_image("Backstage", collection=press)
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    assert variants(anybody, image)
    assert anybody.get(f"{URL}{closed.pk}/variants/").status_code == 404


def test_without_being_asked_a_list_has_no_variants(admin_api: ApiClient) -> None:
    make_image()
    assert admin_api.get(URL).json()["items"][0]["variants"] is None
    assert admin_api.get(URL, {"include": "everything"}).status_code == 422


def test_fifty_of_all_kinds_with_all_variants_take_ten_queries(
    admin_api: ApiClient,
    writer: User,
    writer_api: ApiClient,
    press: Collection,
    grant: Callable[..., None],
    film: Video,
    sound: Audio,
    develop: Callable[..., None],
) -> None:
    # One who works in one folder with some kinds, and in another with others.
    grant(writer, press.add_child(name="Archive"), "choose_image", "add_document")
    CustomDocument.objects.create(title="Prices", file=ContentFile(b"Paper", name="paper.txt"))
    for number in range(3):
        make_image(f"Picture {number}").tags.add("sea")
    develop()
    # One is still being developed.
    make_image("Just come")
    Asset.objects.update(collection=press)
    Asset.objects.filter(kind__in=("video", "audio")).update(status=Asset.Status.PROCESSING)

    def queries(client: ApiClient, number: int) -> int:
        ask = {"limit": 50, "include": "variants", "kind": ["image", "video", "audio", "document"]}
        client.get(URL, ask)
        with CaptureQueriesContext(connection) as captured:
            items = client.get(URL, ask).json()["items"]
        assert len(items) == number
        assert {one["kind"] for one in items if one["variants"]} == {"image", "video", "audio"}
        return len(captured)

    few = queries(admin_api, 7), queries(writer_api, 7)
    for number in range(4):
        make_image(f"Another {number}", collection=press).tags.add("moon")
    assert (queries(admin_api, 11), queries(writer_api, 11)) == few
    # Two more for one who may not see all: which folders there are, and what may be done in them.
    assert few[0] <= 8
    assert few[1] <= 10
