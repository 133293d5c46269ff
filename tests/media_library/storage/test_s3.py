"""The library in S3, against the process of a server."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from cms.media_storages import s3
from media_library.models import CustomDocument
from media_library.models.files import originals_storage, public_storage
from media_library.storage import walk
from tests.storages import Environment, use_storages

pytestmark = pytest.mark.django_db


@pytest.fixture
def objects(s3_server, s3_library):
    """What the bucket holds, by key, as S3 tells of it."""

    def read() -> dict:
        client = s3_server.client()
        keys = [one["Key"] for one in client.list_objects_v2(Bucket=s3_library).get("Contents", ())]
        return {key: client.head_object(Bucket=s3_library, Key=key) for key in keys}

    return read


def test_photo_lies_in_the_bucket_and_its_renditions_beside_it(objects, photo, develop):
    develop(photo)

    originals = [key for key in objects() if key.startswith("originals/")]
    renditions = {key.removeprefix("media/") for key in objects() if key.startswith("media/")}
    assert originals == [f"originals/{photo.file.name}"]
    assert renditions == set(photo.renditions.values_list("file", flat=True))
    assert photo.status == "ready"


def test_renditions_are_cached_for_ever_and_originals_never(objects, photo, develop):
    develop(photo)

    for key, told in objects().items():
        wanted = "public, max-age=31536000, immutable" if key.startswith("media/") else "private, no-store"
        assert told["CacheControl"] == wanted


def test_every_object_says_what_it_is(objects, photo, develop):
    develop(photo)

    types = {key.rpartition(".")[2]: told["ContentType"] for key, told in objects().items()}
    assert types == {"jpg": "image/jpeg", "avif": "image/avif", "webp": "image/webp"}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("9/1/hls-0123456789ab.m3u8", "application/vnd.apple.mpegurl"), ("9/tracks/captions-en-01.vtt", "text/vtt")],
)
def test_what_players_read_has_the_type_that_they_ask_for(objects, name, content_type):
    public_storage().save(name, ContentFile(b"#"))

    assert objects()[f"media/{name}"]["ContentType"] == content_type


def test_rendition_is_written_again_under_its_name_and_an_original_never(objects):
    for _twice in range(2):
        public_storage().save("9/1/w640-0123456789ab.avif", ContentFile(b"same"))
        originals_storage().save("image/9/1/0123456789ab-harbour.jpg", ContentFile(b"same"))

    assert len([key for key in objects() if key.startswith("media/")]) == 1
    assert len([key for key in objects() if key.startswith("originals/")]) == 2


def test_address_of_a_rendition_is_plain(s3_library, s3_environment):
    url = public_storage().url("9/1/w640-0123456789ab.avif")

    assert url == f"{s3_environment['S3_ENDPOINT_URL']}/{s3_library}/media/9/1/w640-0123456789ab.avif"


def test_address_of_a_rendition_has_the_domain_before_the_bucket(s3_environment, monkeypatch, settings):
    domain = {"S3_CUSTOM_DOMAIN": "media.example.org", "S3_PREFIX": "site"}
    use_storages(monkeypatch, settings, s3(Environment(s3_environment | domain)))

    assert public_storage().url("9/1/a.avif") == "https://media.example.org/site/media/9/1/a.avif"


@pytest.fixture
def closed_bucket(s3_environment, monkeypatch, settings) -> None:
    use_storages(monkeypatch, settings, s3(Environment(s3_environment | {"S3_RENDITIONS": "signed"})))


def test_signed_renditions_are_read_by_who_has_the_address(closed_bucket):
    public_storage().save("9/1/a.avif", ContentFile(b"picture"))

    url = public_storage().url("9/1/a.avif")

    assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["3600"]
    assert requests.get(url, timeout=60).content == b"picture"


def test_film_in_a_closed_bucket_can_be_played(closed_bucket, client, film, develop):
    develop(film)
    shown = client.get(f"/api/v2/videos/{film.pk}/").json()
    master = next(one["src"] for one in shown["sources"] if one["type"] == "application/vnd.apple.mpegurl")

    for start in (master, shown["storyboard"]):
        told = client.get(urlsplit(start).path).content.decode()
        named = re.search(r"^[^#\n]+\.m3u8$|^[^\n]+\.jpg(?=#)", told, re.MULTILINE)
        assert client.get(urlsplit(urljoin(start, named[0])).path).status_code in (200, 302)
    mp4 = next(one["src"] for one in shown["sources"] if one["type"] == "video/mp4")
    assert "X-Amz-Signature" in mp4


def test_original_has_no_address(photo, s3_library):
    with pytest.raises(NotImplementedError):
        storages["originals"].url("image/9/1/0123456789ab-harbour.jpg")


def test_no_key_stands_in_what_may_be_queued(s3_library):
    for alias in ("default", "originals"):
        assert "test" not in str(storages[alias].deconstruct())


def test_walk_tells_of_everything_in_one_request(s3_server, s3_library):
    for number in range(5):
        public_storage().save(f"9/{number}/a.avif", ContentFile(b"1234"))
    before = len(s3_server.requests())

    found = list(walk(public_storage(), "9"))

    assert [(one.name, one.size) for one in found] == [(f"9/{number}/a.avif", 4) for number in range(5)]
    assert len(s3_server.requests()) == before + 1


@pytest.fixture
def asked(s3_server, s3_library):
    """What the server was asked while a function ran."""

    def ask(function) -> list[str]:
        before = len(s3_server.requests())
        function()
        return [method for method, _path in s3_server.requests()[before:]]

    return ask


LISTINGS = ["/api/v2/images/?fields=*", "/api/v2/documents/?fields=*", "/api/media/?kind=image", "/admin/media/"]


@pytest.mark.parametrize("path", LISTINGS)
def test_listing_asks_the_storage_nothing(asked, admin_client, develop, photo, path):
    CustomDocument(title="Menu", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="menu.pdf")).save()
    develop()

    def read() -> None:
        response = admin_client.get(path)
        assert (b"Menu" if "documents" in path else b"Harbour") in response.content

    assert asked(read) == []
