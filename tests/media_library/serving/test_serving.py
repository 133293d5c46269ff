"""Documents and files of private collections: who gets them, in which parts, and what guards them."""

import re
import time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import CustomDocument
from media_library.models.files import public_storage
from media_library.serving import private_address
from media_library.serving.ranges import Unsatisfiable, read_ranges

pytestmark = pytest.mark.django_db

BODY = bytes(range(256)) * 40


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


@pytest.fixture
def document() -> CustomDocument:
    made = CustomDocument(title="Tides", file=ContentFile(b"Tides of the year\n" * 500, name="tides.txt"))
    made.save()
    return made


@pytest.fixture
def private_collection(root_collection: Collection) -> Collection:
    collection = root_collection.add_child(name="Board")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


@pytest.fixture
def private_photo(photo, develop, private_collection):
    develop(photo)
    photo.collection = private_collection
    photo.save()
    return photo


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-99", [(0, 99)]),
        ("bytes=900-", [(900, 999)]),
        ("bytes=-100", [(900, 999)]),
        ("bytes=-5000", [(0, 999)]),
        ("bytes=990-5000", [(990, 999)]),
        ("bytes=0-9, 20-29", [(0, 9), (20, 29)]),
        ("bytes=20-29,0-9,5-15", [(0, 15), (20, 29)]),
        ("bytes=0-9,5000-", [(0, 9)]),
        ("lines=1-2", []),
        ("bytes=9-1", []),
        ("bytes=-", []),
        ("bytes=a-b", []),
        ("bytes=" + ",".join(f"{n * 3}-{n * 3}" for n in range(100)), []),
    ],
)
def test_ranges_are_read_as_the_standard_says(header, ranges):
    assert read_ranges(header, 1000) == ranges


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_range_outside_of_the_file_is_unsatisfiable(header):
    with pytest.raises(Unsatisfiable):
        read_ranges(header, 1000)


def test_document_comes_whole_with_what_guards_it(client, document):
    response = client.get(document.url)

    assert body(response) == b"Tides of the year\n" * 500
    assert response["ETag"] == f'"{document.file_hash}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["Content-Disposition"] == 'attachment; filename="tides.txt"'


def test_document_comes_in_parts(client, document):
    response = client.get(document.url, headers={"Range": "bytes=6-7"})

    assert (response.status_code, body(response)) == (206, b"of")
    assert response["Content-Range"] == "bytes 6-7/9000"
    assert response["Content-Length"] == "2"


def test_several_ranges_are_one_answer_of_several_parts(client, document):
    response = client.get(document.url, headers={"Range": "bytes=0-4,8990-8999"})

    sent = body(response)
    assert response.status_code == 206
    assert response["Content-Type"].startswith("multipart/byteranges; boundary=")
    assert len(sent) == int(response["Content-Length"])
    mark = response["Content-Type"].rpartition("=")[2].encode()
    parts = [part.partition(b"\r\n\r\n")[2].rstrip(b"\r\n") for part in sent.split(b"--" + mark)[1:-1]]
    assert parts == [b"Tides", b" the year"]


def test_range_beyond_the_end_is_refused_with_the_size(client, document):
    response = client.get(document.url, headers={"Range": "bytes=9000-"})

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */9000"


@pytest.mark.parametrize(("same", "status"), [(True, 206), (False, 200)])
def test_who_has_a_part_of_another_file_gets_the_whole(client, document, same, status):
    condition = client.get(document.url)["ETag"] if same else '"another"'

    response = client.get(document.url, headers={"Range": "bytes=0-4", "If-Range": condition})

    assert response.status_code == status


def test_who_has_the_file_is_told_so(client, document):
    etag = client.get(document.url)["ETag"]

    assert client.get(document.url, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("name", ["Gezeiten übersicht.txt", 'a "quoted".txt', "日本.txt", "semi;colon.txt"])
def test_any_file_name_survives(client, name):
    document = CustomDocument(title="Any", file=ContentFile(b"text of a document", name=name))
    document.save()

    disposition = client.get(document.url)["Content-Disposition"]

    assert disposition.startswith("attachment; filename")
    assert "\n" not in disposition


def test_server_in_front_sends_the_bytes_where_it_is_told_to(client, document, settings):
    settings.MEDIA_SENDFILE = "nginx"

    response = client.get(document.url)

    assert response["X-Accel-Redirect"] == f"/protected/originals/{document.file.name}"
    assert body(response) == b""
    assert response["Content-Type"] == "text/plain"


def test_apache_is_told_the_path(client, document, settings):
    settings.MEDIA_SENDFILE = "apache"

    assert client.get(document.url)["X-Sendfile"] == document.file.path


def test_document_in_s3_is_reached_by_an_address_with_an_end(client, s3_library, document):
    import requests

    response = client.get(document.url)

    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    answer = requests.get(response["Location"], timeout=60)
    assert answer.content == b"Tides of the year\n" * 500
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tides.txt"'


def test_picture_of_a_private_collection_is_not_public(client, private_photo):
    url = private_photo.renditions.first().url

    assert client.get(url).status_code == 404


def test_who_may_see_the_collection_sees_its_pictures(admin_client, private_photo):
    response = admin_client.get(private_photo.renditions.first().url)

    assert response.status_code == 200
    assert response["Cache-Control"].startswith("private")


def test_collection_that_is_opened_again_is_public_at_once(client, private_photo):
    url = private_photo.renditions.first().url
    assert client.get(url).status_code == 404

    CollectionViewRestriction.objects.all().delete()

    assert client.get(url).status_code == 200


def test_api_gives_who_may_see_it_signed_addresses(client, admin_client, private_photo):
    shown = admin_client.get(f"/api/v2/images/{private_photo.pk}/?fields=*").content.decode()
    src = re.search(r"/files/[^\s\"]+\.jpg", shown)[0]

    assert client.get(src).status_code == 200


@pytest.mark.parametrize(("kind", "name"), [("photo", "images"), ("film", "videos"), ("sound", "audio")])
def test_no_api_gives_a_plain_address_of_a_private_asset(
    request, client, admin_client, develop, private_collection, kind, name
):
    asset = request.getfixturevalue(kind)
    develop(asset)
    asset.collection = private_collection
    asset.save()

    for path in (f"/api/v2/{name}/{asset.pk}/?fields=*", f"/api/media/{asset.pk}/?include=variants"):
        shown = admin_client.get(path).content.decode()
        assert "/files/" in shown
        assert not re.search(rf"/media/{asset.pk}/(\d|tracks)", shown)
        for download in re.findall(r'"download_url": ?"([^"]+)"', shown):
            assert client.get(download).status_code == 200


def test_signed_address_is_good_for_its_asset_and_its_time(client, private_photo, monkeypatch):
    name = private_photo.renditions.first().file.name
    address = private_address(private_photo.pk)

    assert client.get(address + name).status_code == 200
    assert client.get(address + f"{private_photo.pk + 1}/1/w640.avif").status_code == 403
    assert client.get(address.replace("/files/", "/files/x") + name).status_code == 403
    now = time.time()
    monkeypatch.setattr("media_library.serving.views.time.time", lambda: now + 2 * 60 * 60)
    assert client.get(address + name).status_code == 410


@pytest.mark.parametrize("rest", ["1/../../secret.txt", "1/nothing.avif", "1/"])
def test_signed_address_leads_nowhere_else(client, private_photo, rest):
    assert client.get(f"{private_address(private_photo.pk)}{private_photo.pk}/{rest}").status_code in (400, 404)


def test_drawing_at_a_signed_address_runs_nothing(client):
    public_storage().save("9/1/original-0123456789ab.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))

    response = client.get(private_address(9) + "9/1/original-0123456789ab.svg")

    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "image/svg+xml"


def test_playlist_in_s3_comes_from_here_and_its_film_from_there(client, s3_library):
    public_storage().save("9/1/hls-0123456789ab.m3u8", ContentFile(b"#EXTM3U"))

    playlist = client.get(private_address(9) + "9/1/hls-0123456789ab.m3u8")
    film = client.get(private_address(9) + "9/1/720p-0123456789ab.mp4")

    assert playlist.content == b"#EXTM3U"
    assert film.status_code == 302
    assert "X-Amz-Signature" in film["Location"]
