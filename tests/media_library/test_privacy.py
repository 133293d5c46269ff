"""Nothing of what an original says of itself is in anything public."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from media_library.models import CollectionSettings, CustomImage, Video
from tests.photographs import MARK, POSITION, telling_file, telling_film, telling_photo, tells

pytestmark = pytest.mark.django_db

ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "HEIF": "heic"}


@pytest.fixture
def telling(root_collection) -> CustomImage:
    """A photograph full of metadata, in a collection that keeps even where it was taken."""
    CollectionSettings.objects.create(collection=root_collection, keep_location=True)
    image = CustomImage(title="Quay", caption="Boats", alt_text="Boats", credit="Ada", file=telling_file())
    image.save()
    return image


def _assert_says_nothing(data: bytes) -> None:
    assert not tells(data)
    with Image.open(BytesIO(data)) as picture:
        picture.load()
        assert not picture.getexif()
        assert not {"exif", "xmp", "photoshop", "comment", "icc_profile"} & set(picture.info)
        assert not getattr(picture, "text", {})


@pytest.mark.parametrize("format", ENDINGS)
def test_original_of_these_tests_does_tell(format):
    assert tells(telling_photo(format))


@pytest.mark.parametrize("format", ENDINGS)
def test_no_file_of_the_ladder_says_anything_of_the_original(format, develop, public_files):
    file = ContentFile(telling_photo(format, size=(400, 300)), name=f"quay.{ENDINGS[format]}")
    image = CustomImage(title="Quay", file=file)
    image.save()
    first = {name: (Path(settings.MEDIA_ROOT) / name).read_bytes() for name in public_files()}

    develop(image)

    files = first | {name: (Path(settings.MEDIA_ROOT) / name).read_bytes() for name in public_files()}
    assert len(files) > len(first) > 0
    for data in files.values():
        _assert_says_nothing(data)


@pytest.mark.parametrize("original", ENDINGS)
@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "avif", "gif"])
def test_no_rendition_on_demand_says_anything_of_the_original(format, original):
    file = ContentFile(telling_photo(original, size=(200, 150)), name=f"quay.{ENDINGS[original]}")
    image = CustomImage(title="Quay", file=file)
    image.save()

    rendition = image.get_rendition(f"fill-100x80|format-{format}")

    with rendition.file.open("rb") as file:
        _assert_says_nothing(file.read())


@pytest.mark.parametrize("spec", ["original", "width-9000", "max-800x600|preserve-svg"])
def test_rendition_of_the_same_size_is_no_copy_of_the_original(telling, spec):
    rendition = telling.get_rendition(spec)

    with rendition.file.open("rb") as file:
        _assert_says_nothing(file.read())


def test_neither_poster_nor_film_says_anything_of_the_original(small_film, develop, public_files):
    data = telling_film(small_film)
    assert tells(data)
    film = Video(title="Tide", file=ContentFile(data, name="tide.mp4"))
    film.save()

    develop(film)

    files = {name: (Path(settings.MEDIA_ROOT) / name).read_bytes() for name in public_files()}
    assert {Path(name).suffix for name in files} >= {".avif", ".webp", ".jpg", ".mp4"}
    for name, made in files.items():
        assert not tells(made)
        if name.endswith((".avif", ".webp", ".jpg")):
            _assert_says_nothing(made)


@pytest.mark.parametrize("path", ["/api/v2/images/", "/api/v2/images/{pk}/", "/api/v2/images/?fields=*"])
def test_api_tells_nothing_of_camera_and_place(telling, develop, client: Client, path):
    develop(telling)

    answer = client.get(path.format(pk=telling.pk)).content.decode()

    assert "Quay" in answer
    assert MARK not in answer
    assert not re.search(r"33\.85|151\.21|metadata|taken_at|gps", answer)


def test_file_that_the_api_offers_for_download_says_nothing(telling, develop, client: Client):
    develop(telling)

    url = client.get(f"/api/v2/images/{telling.pk}/").json()["meta"]["download_url"]

    answer = client.get(url)
    assert answer.status_code == 200
    _assert_says_nothing(b"".join(answer.streaming_content))


@pytest.mark.parametrize("field", ["metadata", "taken_at"])
def test_api_neither_shows_nor_filters_nor_orders_by_private_fields(telling, client: Client, field):
    queries = ({"fields": field}, {field: "x"}, {"order": field})

    assert [client.get("/api/v2/images/", query).status_code for query in queries] == [400, 400, 400]


@pytest.mark.parametrize("word", [MARK, "lens", "2024", "Quay lens", "Quay ISO"])
def test_search_of_the_api_does_not_tell_what_is_in_the_metadata(telling, client: Client, word):
    assert client.get("/api/v2/images/", {"search": word}).json()["items"] == []


@pytest.mark.parametrize("word", ["quay", "Boats", "ada"])
def test_search_of_the_api_finds_what_visitors_can_read(telling, client: Client, word):
    telling.title = "Quay by Ada"
    telling.save()

    found = client.get("/api/v2/images/", {"search": word}).json()["items"]

    assert [one["id"] for one in found] == [telling.pk]


def test_every_picture_of_the_edit_page_says_nothing(telling, admin_client: Client):
    page = admin_client.get(reverse("wagtailimages:edit", args=(telling.pk,))).content.decode()

    sources = set(re.findall(r'(?:src|href)="(/media/[^"]+)"', page))
    assert sources
    for url in sources:
        _assert_says_nothing(b"".join(admin_client.get(url).streaming_content))


def test_position_is_in_no_word_that_is_searched(telling):
    assert telling.metadata["gps"] == POSITION
    assert "33.85" not in telling.metadata_text
    assert "gps" not in json.dumps(telling.metadata_text)
