"""The library on Cloudinary, against a server that keeps the contract of its public API."""

import logging

import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from media_library.conf import conf
from media_library.models import CustomDocument
from media_library.models.files import originals_storage, public_storage
from media_library.storage import local_path, walk
from media_library.storage.cloudinary import CloudinaryError
from tests.cloudinary_server import answers

pytestmark = pytest.mark.django_db

ORIGINAL = "image/9/1/0123456789ab-harbour.jpeg"


def ids(server, kind: str, delivery: str) -> set[str]:
    return {key[2] for key in server.resources if key[:2] == (kind, delivery)}


def test_photo_is_kept_signed_and_its_renditions_are_delivered(cloudinary_library, photo, develop):
    develop(photo)

    assert photo.status == "ready"
    assert ids(cloudinary_library, "image", "authenticated") == {f"site/originals/{photo.file.name}"}
    names = {f"site/media/{name.rpartition('.')[0]}" for name in photo.renditions.values_list("file", flat=True)}
    assert ids(cloudinary_library, "image", "upload") == names


def test_asset_knows_its_public_id(cloudinary_library, photo):
    photo.refresh_from_db()

    assert photo.public_id == f"site/originals/{photo.file.name}"


def test_asset_on_disk_has_no_public_id(photo):
    photo.refresh_from_db()

    assert photo.public_id == ""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("9/1/w640-0123456789ab.avif", "image/upload/v1/site/media/9/1/w640-0123456789ab.avif"),
        ("9/1/720p-0123456789ab.mp4", "raw/upload/v1/site/media/9/1/720p-0123456789ab.mp4"),
        # Beside the film that it names.
        ("9/1/720p-ab0123456789.m3u8", "raw/upload/v1/site/media/9/1/720p-ab0123456789.m3u8"),
    ],
)
def test_address_of_a_rendition_is_that_of_the_cdn(cloudinary_library, name, address):
    assert public_storage().url(name) == f"https://res.cloudinary.com/harbour/{address}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("video/9/1/0123456789ab-tide.mov", "video"), ("audio/9/1/ab-bells.mp3", "video"), ("document/9/1/a.pdf", "raw")],
)
def test_original_is_of_the_type_that_it_is(cloudinary_library, name, kind):
    originals_storage().save(name, ContentFile(b"bytes"))

    assert ids(cloudinary_library, kind, "authenticated") == {f"site/originals/{name}"}


def test_bytes_come_back_as_they_went(cloudinary_library):
    storage = storages["originals"]
    storage.save(ORIGINAL, ContentFile(b"picture"))

    with storage.open(ORIGINAL) as file:
        assert file.read() == b"picture"
    assert storage.size(ORIGINAL) == 7
    assert storage.exists(ORIGINAL)


def test_large_file_goes_in_parts(cloudinary_library, monkeypatch):
    monkeypatch.setattr("media_library.storage.cloudinary.PART_BYTES", 1000)
    data = bytes(range(250)) * 10

    originals_storage().save("video/9/1/ab-tide.mov", ContentFile(data))

    with originals_storage().open("video/9/1/ab-tide.mov") as file:
        assert file.read() == data
    assert len([path for _method, path, _sent in cloudinary_library.requests if path.endswith("/upload")]) == 3


def test_walk_finds_every_file_under_its_own_name(cloudinary_library):
    names = {ORIGINAL, "video/9/1/ab-tide.mov", "document/9/1/ab-menu.pdf"}
    for name in names:
        originals_storage().save(name, ContentFile(b"1234"))
    public_storage().save("9/1/w640-0123456789ab.avif", ContentFile(b"123456"))

    assert {one.name for one in walk(originals_storage())} == names
    assert [(one.name, one.size) for one in walk(public_storage())] == [("9/1/w640-0123456789ab.avif", 6)]


def test_deleting_has_the_cdn_forget_it(cloudinary_library):
    originals_storage().save(ORIGINAL, ContentFile(b"picture"))

    originals_storage().delete(ORIGINAL)

    assert cloudinary_library.resources == {}
    assert cloudinary_library.requests[-1][2]["invalidate"] in ("1", "true", "True")


def test_what_is_not_there_is_no_mystery(cloudinary_library):
    for ask in (originals_storage().open, originals_storage().size, originals_storage().delete):
        with pytest.raises(FileNotFoundError):
            ask(ORIGINAL)
    assert not originals_storage().exists(ORIGINAL)


@pytest.mark.parametrize(
    "fault",
    [
        answers(500, {"error": {"message": "General Error"}}),
        answers(503, "<html>Service Unavailable</html>"),
        answers(200, "not JSON"),
        answers(200, {"public_id": "something/else", "bytes": 1}),
        answers(200, []),
    ],
)
def test_wrong_answer_to_an_upload_is_an_error(cloudinary_library, fault):
    cloudinary_library.faults.append(fault)

    with pytest.raises(CloudinaryError, match="Cloudinary"):
        originals_storage().save(ORIGINAL, ContentFile(b"picture"))


@pytest.mark.parametrize("fault", [answers(500, {"error": {"message": "x"}}), answers(200, {"result": "maybe"})])
def test_wrong_answer_to_a_deletion_is_an_error(cloudinary_library, fault):
    originals_storage().save(ORIGINAL, ContentFile(b"picture"))
    cloudinary_library.faults.append(fault)

    with pytest.raises(CloudinaryError):
        originals_storage().delete(ORIGINAL)


def test_signed_address_is_good_for_its_time(cloudinary_library):
    originals_storage().save(ORIGINAL, ContentFile(b"picture"))
    sign = storages["originals"].signed_url

    good = sign(ORIGINAL, 60, "harbour.jpeg", "image/jpeg", as_attachment=True)
    late = sign(ORIGINAL, -60, "harbour.jpeg", "image/jpeg", as_attachment=True)

    assert requests.get(good, timeout=60).content == b"picture"
    assert requests.get(late, timeout=60).status_code == 401
    assert requests.get(good.replace("harbour.jpeg", "other.jpeg"), timeout=60).status_code == 401


def test_no_secret_stands_in_what_may_be_queued_or_logged(cloudinary_library, caplog):
    caplog.set_level(logging.DEBUG)
    originals_storage().save(ORIGINAL, ContentFile(b"picture"))

    assert "secret" not in str(storages["originals"].deconstruct()) + caplog.text


def test_worker_reads_it_as_a_file_of_its_own(cloudinary_library, photo):
    with local_path(photo.file) as path:
        assert path.read_bytes()[:2] == b"\xff\xd8"


def test_copy_of_a_worker_that_was_killed_is_removed_by_the_next_one_and_no_other(cloudinary_library, photo):
    dead = conf.work_dir / "copy-dead.mp4"
    dead.write_bytes(b"film")

    with local_path(photo.file) as first, local_path(photo.file) as second:
        assert not dead.exists()
        assert first != second
        assert first.read_bytes() == second.read_bytes()
    assert not list(conf.work_dir.glob("copy-*"))


@pytest.mark.parametrize("path", ["/api/v2/images/?fields=*", "/api/v2/documents/?fields=*", "/admin/media/"])
def test_listing_asks_cloudinary_nothing(cloudinary_library, admin_client, develop, photo, path):
    CustomDocument(title="Menu", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="menu.pdf")).save()
    develop()
    cloudinary_library.requests.clear()

    assert admin_client.get(path).status_code == 200

    assert cloudinary_library.requests == []
