"""Files that come whole: one, or many at once."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import Asset, CustomDocument, CustomImage, IdempotencyKey, UploadSession
from media_library.tasks import tend_uploads_task
from tests.api.rest.conftest import ApiClient, api_client
from tests.blog.content import make_image
from tests.media import other_photo_bytes, photo_bytes

pytestmark = pytest.mark.django_db

URL = "/api/media/"
BULK = "/api/media/bulk_upload/"
PHOTO = photo_bytes(80, 60)


def upload(client: ApiClient, data: bytes = PHOTO, name: str = "harbour.jpg", key: str = "", **fields: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(URL, {"file": SimpleUploadedFile(name, data), **fields}, headers=headers)


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def files_on_disk() -> set[str]:
    """All originals, public files and temporary files."""
    folders = (settings.DATA_DIR / "originals", Path(settings.MEDIA_ROOT), Path(settings.FILE_UPLOAD_TEMP_DIR))
    return {str(path) for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def nothing_left(db: None) -> Iterator[None]:
    """What a test does leaves neither rows nor files."""
    before = files_on_disk()
    yield
    assert not Asset.objects.exists()
    assert not UploadSession.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert files_on_disk() == before


def test_a_file_becomes_an_asset_with_all_that_is_said_about_it(
    admin_api: ApiClient, admin_user: User, press: Collection
) -> None:
    response = upload(
        admin_api,
        title="Quay",
        alt_text="A quay",
        caption="Two\nlines",
        credit="Ada",
        licence="CC BY 4.0",
        source="Archive",
        expires_on="2030-05-01",
        model_release="signed",
        tags=["sea", "low tide", "a, b"],
        collection=press.pk,
    )
    assert response.status_code == 201, response.content
    found = response.json()
    image = CustomImage.objects.get()
    assert response["Location"] == f"{URL}{image.pk}/"
    assert (found["id"], found["kind"], found["title"], found["alt"]) == (image.pk, "image", "Quay", "A quay")
    assert found["meta"]["tags"] == ["a, b", "low tide", "sea"]
    assert found["details"]["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert found["details"]["collection"]["id"] == press.pk
    assert found["details"]["expires_on"] == "2030-05-01"
    assert found["details"]["uploaded_by"]["id"] == admin_user.pk
    assert found["src"]
    assert image.file.open().read() == PHOTO
    log = ModelLogEntry.objects.get(action="wagtail.create", object_id=str(image.pk))
    assert log.user == admin_user


def test_the_bytes_decide_what_it_becomes(admin_api: ApiClient) -> None:
    assert upload(admin_api, b"%PDF-1.4\n%%EOF", "prices.pdf").json()["kind"] == "document"
    assert upload(admin_api, PHOTO).json()["kind"] == "image"


def test_without_a_title_it_is_called_like_its_file(admin_api: ApiClient) -> None:
    assert upload(admin_api, name="../../Low tide.jpg").json()["title"] == "Low tide"


def test_a_file_that_the_library_has_is_refused_with_its_id(admin_api: ApiClient) -> None:
    first = upload(admin_api).json()
    response = upload(admin_api, name="again.jpg")
    assert refusal(response) == (409, "duplicate")
    assert response.json()["asset"] == first["id"]
    assert CustomImage.objects.count() == 1


def test_a_duplicate_that_is_wanted_is_taken(admin_api: ApiClient) -> None:
    upload(admin_api)
    assert upload(admin_api, allow_duplicate="true").status_code == 201
    assert CustomImage.objects.count() == 2


def test_of_a_duplicate_that_one_may_not_choose_nothing_is_said(
    admin_api: ApiClient, writer_api: ApiClient, root_collection: Collection
) -> None:
    upload(admin_api, collection=root_collection.pk)
    assert upload(writer_api).status_code == 201


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "empty.jpg", (422, "damaged_file")),
        (PHOTO[:-200][:900], "cut.jpg", (422, "damaged_file")),
        (b"no picture at all", "photo.jpg", (415, "unknown_file_type")),
    ],
)
@pytest.mark.usefixtures("nothing_left")
def test_a_file_that_is_none_is_refused_in_words(
    admin_api: ApiClient, data: bytes, name: str, expected: tuple[int, str]
) -> None:
    response = upload(admin_api, data, name)
    assert refusal(response) == expected
    assert len(response.json()["detail"]) > 20


@override_settings(WAGTAILIMAGES_MAX_UPLOAD_SIZE=1000)
@pytest.mark.usefixtures("nothing_left")
def test_a_file_above_the_limit_of_its_kind_is_413(admin_api: ApiClient) -> None:
    assert refusal(upload(admin_api)) == (413, "file_too_large")


@pytest.mark.usefixtures("nothing_left")
def test_a_request_above_all_limits_is_refused_before_it_is_read(admin_api: ApiClient) -> None:
    with override_settings(MEDIA_LIBRARY={**settings.MEDIA_LIBRARY, "MAX_VIDEO_BYTES": 10, "MAX_AUDIO_BYTES": 10}):
        response = admin_api.generic(
            "POST", URL, b"--x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(300 * 1024**2)
        )
    assert refusal(response) == (413, "too_large")


@pytest.mark.usefixtures("nothing_left")
def test_a_disk_without_room_is_told_before_anything_is_read(admin_api: ApiClient) -> None:
    with override_settings(MEDIA_LIBRARY={**settings.MEDIA_LIBRARY, "UPLOAD_SPARE_BYTES": 10**18}):
        assert refusal(upload(admin_api)) == (507, "no_room")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "form.title"),
        ({"title": "x" * 256}, "form.title"),
        ({"title": "a\x00b"}, "form.title"),
        ({"expires_on": "soon"}, "form.expires_on"),
        ({"legal_basis": "because"}, "form.legal_basis"),
        ({"collection": "999999"}, "form.collection"),
        ({"collection": "Press"}, "form.collection"),
        ({"tags": ["x" * 101]}, "form.tags.0"),
        ({"allow_duplicate": "perhaps"}, "form.allow_duplicate"),
        ({"price": "3"}, "form.price"),
    ],
)
@pytest.mark.usefixtures("nothing_left")
def test_what_makes_no_sense_is_refused_with_the_field(
    admin_api: ApiClient, fields: dict[str, Any], field: str
) -> None:
    response = upload(admin_api, **fields)
    assert response.status_code == 422, response.content
    assert field in [one["field"] for one in response.json()["errors"]], response.json()


@pytest.mark.usefixtures("nothing_left")
def test_a_document_has_no_alt_text(admin_api: ApiClient) -> None:
    response = upload(admin_api, b"%PDF-1.4\n%%EOF", "prices.pdf", alt_text="Paper")
    assert response.json()["errors"][0]["field"] == "form.alt_text"


@pytest.mark.usefixtures("nothing_left")
def test_a_folder_of_others_takes_nothing(writer_api: ApiClient, root_collection: Collection) -> None:
    response = upload(writer_api, collection=root_collection.pk)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "form.collection")


def test_a_writer_adds_to_the_folder_that_they_work_in(writer_api: ApiClient, press: Collection) -> None:
    assert upload(writer_api).json()["details"]["collection"]["id"] == press.pk


@pytest.mark.usefixtures("nothing_left")
def test_who_may_add_nothing_is_told_so(press: Collection, grant: Callable[..., None]) -> None:
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    assert refusal(upload(api_client(reader))) == (403, "forbidden")


@pytest.mark.usefixtures("nothing_left")
def test_who_may_add_pictures_only_is_told_so_for_a_document(press: Collection, grant: Callable[..., None]) -> None:
    photographer = User.objects.create_user("paula", "p@example.org", "a long password")
    grant(photographer, press, "add_image")
    assert refusal(upload(api_client(photographer), b"%PDF-1.4\n%%EOF", "prices.pdf")) == (403, "forbidden")


@pytest.mark.usefixtures("nothing_left")
def test_nobody_uploads_without_saying_who_they_are(anybody: ApiClient) -> None:
    assert refusal(upload(anybody)) == (401, "not_authenticated")


@pytest.mark.usefixtures("nothing_left")
def test_a_session_uploads_with_its_csrf_token_only(anybody: ApiClient, admin_user: User) -> None:
    anybody.force_login(admin_user)
    assert refusal(upload(anybody)) == (403, "csrf_failed")


FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nbytes\r\n--x--\r\n'
BASE64 = b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!"


@pytest.mark.parametrize(
    ("body", "content_type", "statuses"),
    [
        (FORM, "multipart/form-data", {400}),
        (FORM, "multipart/form-data; boundary=", {400}),
        (FORM, f"multipart/form-data; boundary={'x' * 300}", {400}),
        (FORM[:40], "multipart/form-data; boundary=x", {400, 422}),
        (FORM[:-20], "multipart/form-data; boundary=x", {400, 415, 422}),
        (FORM.replace(b"name=", b"nome="), "multipart/form-data; boundary=x", {400, 422}),
        (FORM.replace(b"a.jpg", b"\xff\xfe.jpg"), "multipart/form-data; boundary=x", {400, 415, 422}),
        (FORM.replace(b"\r\n\r\n", BASE64), "multipart/form-data; boundary=x", {400}),
        (b"--x\r\n" * 2000, "multipart/form-data; boundary=x", {400, 422}),
        (b"{}", "application/json", {415}),
        (b"", "multipart/form-data; boundary=x", {400, 411, 415, 422}),
    ],
)
@pytest.mark.usefixtures("nothing_left")
def test_a_form_that_is_none_is_refused(
    admin_api: ApiClient, body: bytes, content_type: str, statuses: set[int]
) -> None:
    response = admin_api.generic("POST", URL, body, content_type=content_type)
    assert response.status_code in statuses, response.content
    assert response["Content-Type"] == "application/problem+json"


class CutConnection:
    """A body that breaks off."""

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


@pytest.mark.usefixtures("nothing_left")
def test_a_connection_that_is_cut_leaves_nothing(admin_api: ApiClient) -> None:
    body = FORM.replace(b"bytes", bytes(300_000))
    response = admin_api.generic(
        "POST",
        URL,
        b"",
        **{
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": CutConnection(body[:200_000]),
        },
    )
    assert refusal(response) == (400, "bad_request")


@pytest.mark.usefixtures("nothing_left")
def test_a_storage_that_fails_leaves_nothing(admin_api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(storage: FileSystemStorage, name: str, content: Any) -> str:
        raise RuntimeError("500 Internal Server Error")

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    response = upload(admin_api, key="one")
    assert refusal(response) == (503, "storage_away")
    assert int(response["Retry-After"]) > 0


@pytest.mark.usefixtures("nothing_left")
def test_a_history_that_can_not_be_written_leaves_nothing(
    admin_api: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def log(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("The log is full.")

    monkeypatch.setattr("wagtail.actions.create.log", log)
    before = files_on_disk()
    assert upload(admin_api, PHOTO).status_code == 503
    assert files_on_disk() == before


# Idempotency


def test_the_same_request_again_makes_nothing_new_and_gets_the_same_answer(admin_api: ApiClient) -> None:
    first, second = (upload(admin_api, key="8e03978e", title="Quay") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first["Location"] == second["Location"]
    assert first.json() == second.json()
    assert CustomImage.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=str(first.json()["id"])).count() == 1


@pytest.mark.parametrize(
    "other", [{"data": other_photo_bytes(1)}, {"title": "Pier"}, {"name": "other.jpg"}, {"allow_duplicate": "true"}]
)
def test_a_key_is_for_one_request_only(admin_api: ApiClient, other: dict[str, Any]) -> None:
    upload(admin_api, key="one", title="Quay")
    assert refusal(upload(admin_api, **{"key": "one", "title": "Quay", **other})) == (422, "idempotency_key_reused")
    assert CustomImage.objects.count() == 1


def test_a_key_in_quotation_marks_is_the_same_key(admin_api: ApiClient) -> None:
    assert upload(admin_api, key='"one"').json()["id"] == upload(admin_api, key="one").json()["id"]


def test_keys_of_two_users_have_nothing_to_do_with_each_other(admin_api: ApiClient, writer_api: ApiClient) -> None:
    assert upload(admin_api, key="one").status_code == 201
    assert upload(writer_api, key="one").status_code == 201
    assert CustomImage.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 256, '""', "é"])
@pytest.mark.usefixtures("nothing_left")
def test_a_key_that_is_none_is_refused(admin_api: ApiClient, key: str) -> None:
    assert refusal(upload(admin_api, key=key)) == (400, "invalid_idempotency_key")


def test_a_request_that_was_refused_may_be_sent_again_with_its_key(admin_api: ApiClient, press: Collection) -> None:
    assert upload(admin_api, key="one", collection="999999").status_code == 422
    assert upload(admin_api, key="one", collection=press.pk).status_code == 201


def test_what_was_made_and_deleted_since_is_not_made_again(admin_api: ApiClient) -> None:
    upload(admin_api, key="one")
    CustomImage.objects.get().delete()
    assert refusal(upload(admin_api, key="one")) == (410, "gone")


def test_a_key_is_forgotten_after_a_day(admin_api: ApiClient) -> None:
    upload(admin_api, key="one")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=23))
    tend_uploads_task()
    assert IdempotencyKey.objects.exists()
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    tend_uploads_task()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("key", ["one", ""])
def test_two_at_once_make_one(admin_user: User, key: str) -> None:
    client, answers, begin = api_client(admin_user), [], threading.Barrier(2)

    def send() -> None:
        begin.wait()
        answers.append(upload(api_client_of(client), key=key))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert CustomImage.objects.count() == 1, connection.vendor
    image = CustomImage.objects.get()
    assert sorted(one.status_code for one in answers) == ([201, 201] if key else [201, 409])
    named = {one.json()["id"] if one.status_code == 201 else one.json()["asset"] for one in answers}
    assert named == {image.pk}


def api_client_of(client: ApiClient) -> ApiClient:
    """Another client with the same token: one is not for two threads."""
    token = client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    return ApiClient(token)


# Many at once


def test_each_of_many_files_has_its_own_result(admin_api: ApiClient, press: Collection) -> None:
    make_image()
    files = [
        SimpleUploadedFile("one.jpg", other_photo_bytes(1)),
        SimpleUploadedFile("none.jpg", b"no picture"),
        SimpleUploadedFile("empty.pdf", b""),
        SimpleUploadedFile("one-again.jpg", other_photo_bytes(1)),
        SimpleUploadedFile("prices.pdf", b"%PDF-1.4\n%%EOF"),
    ]
    response = admin_api.post(BULK, {"files": files, "tags": ["sea"], "credit": "Ada", "collection": press.pk})
    assert response.status_code == 200, response.content
    results = response.json()["results"]
    assert [one["status"] for one in results] == [201, 415, 422, 409, 201]
    assert [one["filename"] for one in results] == [file.name for file in files]
    assert results[1]["problem"]["code"] == "unknown_file_type"
    assert results[3]["problem"]["asset"] == results[0]["asset"]["id"]
    assert results[0]["asset"]["meta"]["tags"] == ["sea"]
    assert results[4]["asset"]["details"]["collection"]["id"] == press.pk
    assert {one.title for one in Asset.objects.filter(collection=press)} == {"one", "prices"}


def test_many_files_sent_again_with_their_key_make_nothing_new(admin_api: ApiClient) -> None:
    def send() -> list[int]:
        files = [SimpleUploadedFile(f"{seed}.jpg", other_photo_bytes(seed)) for seed in (1, 2)]
        response = admin_api.post(BULK, {"files": files}, headers={"Idempotency-Key": "one"})
        return [one["asset"]["id"] for one in response.json()["results"]]

    assert send() == send()
    assert CustomImage.objects.count() == 2


def test_more_files_than_one_request_may_hold_are_refused(admin_api: ApiClient) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(101)]
    assert refusal(admin_api.post(BULK, {"files": files})) == (413, "too_many_files")
    assert not CustomDocument.objects.exists()


@pytest.mark.usefixtures("nothing_left")
def test_many_files_of_none_are_refused(admin_api: ApiClient) -> None:
    assert admin_api.post(BULK, {"credit": "Ada"}).status_code == 422
