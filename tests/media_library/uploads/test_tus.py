"""The protocol, one status after the other: https://tus.io/protocols/resumable-upload."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from cms.models import User
from media_library.models import Asset, CustomImage, UploadSession
from media_library.uploads import remove_stale
from media_library.uploads.parts import Writer, length, path_of
from tests.media import photo_bytes
from tests.tus import PART_TYPE, UPLOADS, VERSION, create, head, metadata, patch, send

PHOTO = photo_bytes(80, 60)


@pytest.fixture
def url(admin_client: Client) -> str:
    """A photograph that is announced, with nothing of it there yet."""
    return create(admin_client, len(PHOTO))["Location"]


def session_at(url: str) -> UploadSession:
    return UploadSession.objects.get(pk=url.rstrip("/").rpartition("/")[2])


def checksum(data: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def test_server_says_what_it_can(admin_client: Client):
    answer = admin_client.options(UPLOADS)

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        *("creation", "creation-with-upload", "checksum", "expiration", "termination")
    }
    assert "sha1" in answer["Tus-Checksum-Algorithm"]
    assert int(answer["Tus-Max-Size"]) == 2 * 1024**3


def test_upload_is_created_grows_and_becomes_a_picture(admin_client: Client, admin_user: User):
    created = create(admin_client, len(PHOTO))
    url = created["Location"]
    half = patch(admin_client, url, 0, PHOTO[:500])
    asked = head(admin_client, url)
    done = patch(admin_client, url, 500, PHOTO[500:])

    assert (created.status_code, created["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in created
    assert (half.status_code, half["Upload-Offset"], half["Tus-Resumable"]) == (204, "500", "1.0.0")
    assert "Upload-Expires" in half
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, "500", str(len(PHOTO)))
    assert "no-store" in asked["Cache-Control"]
    assert (done.status_code, done["Upload-Offset"]) == (204, str(len(PHOTO)))
    image = CustomImage.objects.get()
    assert image.file.open().read() == PHOTO
    assert image.uploaded_by_user == admin_user
    assert not path_of(session_at(url).pk).exists()


def test_first_bytes_may_come_with_the_creation(admin_client: Client):
    said = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(filename="harbour.jpg")}

    answer = admin_client.post(UPLOADS, PHOTO, content_type=PART_TYPE, headers=VERSION | said)

    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(PHOTO)))
    assert CustomImage.objects.count() == 1


@pytest.mark.parametrize("step", [1, 97, 500, len(PHOTO) - 1])
def test_file_arrives_whole_however_it_is_cut(admin_client: Client, url: str, step: int):
    start = 0
    data = PHOTO[:1200] if step == 1 else PHOTO
    while start < len(data):
        start = int(patch(admin_client, url, start, data[start : start + step])["Upload-Offset"])
    patch(admin_client, url, start, PHOTO[start:])

    assert CustomImage.objects.get().file.open().read() == PHOTO


class CutConnection:
    """A body that breaks off in the middle of a block."""

    def __init__(self, data: bytes):
        self.data = data

    def read(self, size: int = -1) -> bytes:
        if not self.data:
            raise OSError("connection reset by peer")
        block, self.data = self.data[:size], self.data[size:]
        return block

    readline = read

    def close(self) -> None:
        pass


@pytest.mark.parametrize("cut", [1, 65_535, 65_536, 65_537, 150_000])
def test_what_arrived_before_a_cut_is_kept(admin_client: Client, cut: int):
    data = b"%PDF-1.4\n" + bytes(200_000)
    url = create(admin_client, len(data), "notes.pdf")["Location"]
    admin_client.generic(
        "PATCH",
        url,
        b"",
        headers={**VERSION, "Upload-Offset": "0"},
        **{"CONTENT_TYPE": PART_TYPE, "wsgi.input": CutConnection(data[:cut]), "CONTENT_LENGTH": str(len(data))},
    )

    offset = int(head(admin_client, url)["Upload-Offset"])
    patch(admin_client, url, offset, data[offset:])

    assert offset == cut
    assert Asset.objects.get().file_hash == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("offset", [0, 499, 501, 5000])
def test_part_that_does_not_begin_at_the_end_is_409(admin_client: Client, url: str, offset: int):
    patch(admin_client, url, 0, PHOTO[:500])

    assert patch(admin_client, url, offset, b"more").status_code == 409
    assert head(admin_client, url)["Upload-Offset"] == "500"


def test_more_than_was_announced_is_not_part_of_the_file(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO + b"and more")

    assert CustomImage.objects.get().file.open().read() == PHOTO


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain"])
def test_part_of_another_content_type_is_415(admin_client: Client, url: str, content_type: str):
    answer = admin_client.patch(url, PHOTO, content_type=content_type, headers={**VERSION, "Upload-Offset": "0"})

    assert answer.status_code == 415


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_other_version_of_the_protocol_is_412(admin_client: Client, url: str, method: str, version: str | None):
    headers = {"Tus-Resumable": version} if version else {}

    answer = admin_client.generic(method, UPLOADS if method == "POST" else url, headers=headers)

    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize("length", [None, "", "-1", "many", "1" * 30, "١٢"])
def test_length_that_is_no_number_is_400(admin_client: Client, length: str | None):
    headers = VERSION if length is None else {**VERSION, "Upload-Length": length.encode().decode("latin-1")}

    assert admin_client.post(UPLOADS, headers=headers).status_code == 400
    assert not UploadSession.objects.exists()


@pytest.mark.parametrize("said", ["filename !!!", "filename aGk=,filename aGk=", "filename /w==", "ä aGk="])
def test_metadata_that_are_not_readable_are_400(admin_client: Client, said: str):
    headers = {**VERSION, "Upload-Length": "10", "Upload-Metadata": said}

    assert admin_client.post(UPLOADS, headers=headers).status_code == 400


@pytest.mark.parametrize("offset", ["", "-1", "nine"])
def test_offset_that_is_no_number_is_400(admin_client: Client, url: str, offset: str):
    assert patch(admin_client, url, 0, b"x", {"Upload-Offset": offset}).status_code == 400


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5"])
def test_part_with_the_right_checksum_is_taken(admin_client: Client, url: str, algorithm: str):
    assert patch(admin_client, url, 0, PHOTO, {"Upload-Checksum": checksum(PHOTO, algorithm)}).status_code == 204
    assert CustomImage.objects.count() == 1


def test_part_with_another_checksum_is_460_and_nothing_of_it_stays(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO[:500])

    answer = patch(admin_client, url, 500, b"x" * 100, {"Upload-Checksum": checksum(b"y" * 100)})

    assert answer.status_code == 460
    assert head(admin_client, url)["Upload-Offset"] == "500"


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1", "sha1 !!", "sha1 AAAA", ""])
def test_checksum_that_can_not_be_read_is_400(admin_client: Client, url: str, header: str):
    assert patch(admin_client, url, 0, PHOTO, {"Upload-Checksum": header}).status_code == 400


def test_cancelled_upload_is_gone_with_its_bytes(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO[:500])
    upload = session_at(url).pk

    assert admin_client.delete(url, headers=VERSION).status_code == 204
    assert head(admin_client, url).status_code == 404
    assert patch(admin_client, url, 500, PHOTO[500:]).status_code == 404
    assert not list(path_of(upload).parent.glob(f"{upload.hex}*"))


def test_cancelling_what_has_become_a_picture_leaves_the_picture(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO)

    assert admin_client.delete(url, headers=VERSION).status_code == 204
    assert CustomImage.objects.count() == 1


def test_method_can_be_said_in_a_header(admin_client: Client, url: str):
    answer = admin_client.post(
        url,
        PHOTO,
        content_type=PART_TYPE,
        headers={**VERSION, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )

    assert answer.status_code == 204
    assert CustomImage.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["5d1f0f0e-0000-4000-8000-000000000000/", "nonsense/", "5d1f0f0e-0000-4000-8000-000000000000/details/"]
)
def test_upload_that_is_none_is_404(admin_client: Client, address: str):
    assert head(admin_client, UPLOADS + address).status_code in (404, 405)


def test_upload_of_another_user_is_404(admin_client: Client, url: str, client: Client):
    patch(admin_client, url, 0, PHOTO[:500])
    other = Client()
    other.force_login(User.objects.create_superuser("bert", "bert@example.org", "a long password"))

    assert head(other, url).status_code == 404
    assert patch(other, url, 500, PHOTO[500:]).status_code == 404
    assert other.delete(url, headers=VERSION).status_code == 404
    assert other.get(url).status_code == 404
    assert other.post(f"{url}details/", {}, content_type="application/json").status_code == 404
    assert other.get(UPLOADS).json()["items"] == []
    assert head(admin_client, url)["Upload-Offset"] == "500"


def test_visitor_gets_nothing(client: Client, db: None):
    assert create(client, 10).status_code == 302
    assert client.get(UPLOADS).status_code == 302


def test_request_without_a_token_against_forgery_is_refused(admin_user: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)

    assert create(strict, 10).status_code == 403
    assert not UploadSession.objects.exists()


# What goes wrong


def test_file_of_no_bytes_is_refused_at_once(admin_client: Client):
    answer = create(admin_client, 0)

    assert answer.status_code == 422
    assert "empty" in answer.json()["message"]


@pytest.mark.parametrize(
    ("name", "limit"), [("film.mp4", "2.0"), ("photo.jpg", "64.0"), ("song.mp3", "1.0"), ("archive.zip", "200.0")]
)
def test_file_that_is_too_large_for_its_kind_is_413_before_it_is_sent(admin_client: Client, name: str, limit: str):
    answer = create(admin_client, 5 * 1024**3, name)

    assert answer.status_code == 413
    assert "too large" in answer.json()["message"]
    assert limit in answer.json()["message"]
    assert not UploadSession.objects.exists()


def test_file_that_the_disk_has_no_room_for_is_507_before_it_is_sent(admin_client: Client):
    with override_settings(MEDIA_LIBRARY={**settings.MEDIA_LIBRARY, "UPLOAD_SPARE_BYTES": 10**18}):
        answer = create(admin_client, 1000)

    assert answer.status_code == 507
    assert "room" in answer.json()["message"]


def test_second_writer_is_423_and_writes_nothing(admin_client: Client, url: str):
    with Writer(session_at(url).pk, 0):
        answer = patch(admin_client, url, 0, PHOTO)

    assert answer.status_code == 423
    assert head(admin_client, url)["Upload-Offset"] == "0"
    assert patch(admin_client, url, 0, PHOTO).status_code == 204


def test_writer_that_fell_silent_gives_way_and_writes_no_more(admin_client: Client, url: str):
    upload = session_at(url).pk
    with Writer(upload, 0) as silent:
        silent.write_all([PHOTO[:500]], 500)
        with override_settings(MEDIA_LIBRARY={**settings.MEDIA_LIBRARY, "UPLOAD_SILENCE_SECONDS": 0}):
            assert patch(admin_client, url, 500, PHOTO[500:700]).status_code == 204
        with pytest.raises(Exception, match="another window"):
            silent.write_all([b"late"], 4)

    assert length(upload) == 700
    assert path_of(upload).read_bytes() == PHOTO[:700]


def test_broken_file_is_422_with_a_sentence_and_is_over(admin_client: Client):
    url = create(admin_client, 1000)["Location"]

    answer = patch(admin_client, url, 0, PHOTO[:1000])

    assert answer.status_code == 422
    assert "damaged or cut off" in answer.json()["message"]
    assert head(admin_client, url).status_code == 410
    state = admin_client.get(url).json()
    assert (state["state"], state["asset"]) == ("refused", None)
    assert "damaged" in state["reason"]
    assert not path_of(session_at(url).pk).exists()


def test_repeated_last_part_makes_one_picture(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO)

    assert patch(admin_client, url, len(PHOTO)).status_code == 204
    assert head(admin_client, url)["Upload-Offset"] == str(len(PHOTO))
    assert CustomImage.objects.count() == 1


def test_upload_whose_server_died_after_the_last_byte_is_finished_by_asking_again(admin_client: Client, url: str):
    with Writer(session_at(url).pk, 0) as writer:
        writer.write_all([PHOTO], len(PHOTO))

    assert head(admin_client, url)["Upload-Offset"] == str(len(PHOTO))
    assert patch(admin_client, url, len(PHOTO)).status_code == 204
    assert CustomImage.objects.count() == 1


def test_uploads_that_nobody_goes_on_with_are_removed(admin_client: Client, url: str):
    patch(admin_client, url, 0, PHOTO[:500])
    fresh = create(admin_client, len(PHOTO), "other.jpg")["Location"]
    stale = session_at(url)
    UploadSession.objects.filter(pk=stale.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert remove_stale() == 1
    assert head(admin_client, url).status_code == 404
    assert head(admin_client, fresh).status_code == 200
    assert not path_of(stale.pk).exists()


@pytest.mark.parametrize(
    ("name", "filename", "title"),
    [
        ("⛵ Tag am Meer.jpg", "⛵ Tag am Meer.jpg", "⛵ Tag am Meer"),
        ("a\u202egnp.jpg", "agnp.jpg", "agnp"),
        ("../../../etc/harbour.jpg", "harbour.jpg", "harbour"),
        ("x" * 300 + ".jpg", "x" * 251 + ".jpg", "x" * 251),
    ],
)
def test_name_of_any_kind_becomes_a_file_and_a_title(admin_client: Client, name: str, filename: str, title: str):
    answer = send(admin_client, PHOTO, name)

    asset = CustomImage.objects.get()
    assert answer["asset"]["id"] == asset.pk
    assert asset.title == title
    assert asset.filename == filename
    assert ".." not in asset.file.name
