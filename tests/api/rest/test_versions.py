"""Another file in the place of the current one, and back."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import CustomImage, UploadSession
from tests.api.rest.conftest import ApiClient, api_client
from tests.api.rest.test_assets import make_document
from tests.blog.content import make_image
from tests.media import other_photo_bytes, photo_bytes
from tests.tus import VERSION, metadata, patch

pytestmark = pytest.mark.django_db

URL = "/api/media/"
OTHER = other_photo_bytes(1)


def replace(client: ApiClient, pk: int, data: bytes = OTHER, name: str = "quay.jpg", **fields: Any) -> Any:
    return client.post(f"{URL}{pk}/replace/", {"file": SimpleUploadedFile(name, data), **fields})


def revert(client: ApiClient, pk: int, version: Any, **body: Any) -> Any:
    return client.post_json(f"{URL}{pk}/revert/", {"version": version, **body})


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def test_a_file_takes_the_place_of_another_and_has_new_addresses(admin_api: ApiClient, photo: CustomImage) -> None:
    before = admin_api.get(f"{URL}{photo.pk}/").json()
    response = replace(admin_api, photo.pk, note="Sharper")
    assert response.status_code == 200, response.content
    found = response.json()
    assert found["id"] == photo.pk
    assert found["details"]["sha256"] == hashlib.sha256(OTHER).hexdigest()
    assert found["src"] != before["src"]
    assert found["revision"] != before["revision"]
    log = ModelLogEntry.objects.get(action="media_library.replace_file", object_id=str(photo.pk))
    assert (log.user.username, log.data["note"]) == ("ada", "Sharper")


def test_all_files_are_listed_the_current_one_first(
    admin_api: ApiClient, admin_user: User, photo: CustomImage
) -> None:
    assert [one["number"] for one in admin_api.get(f"{URL}{photo.pk}/versions/").json()["items"]] == [1]
    replace(admin_api, photo.pk, note="Sharper")
    current, former = admin_api.get(f"{URL}{photo.pk}/versions/").json()["items"]
    assert (current["number"], current["is_current"], current["note"]) == (2, True, "Sharper")
    assert (current["sha256"], current["created_by"]["id"]) == (hashlib.sha256(OTHER).hexdigest(), admin_user.pk)
    assert (former["number"], former["is_current"], former["filename"]) == (1, False, "harbour.jpg")
    assert (former["width"], former["height"]) == (800, 600)
    assert former["replaced_at"]


def test_a_former_file_comes_back_as_a_new_version(admin_api: ApiClient, photo: CustomImage) -> None:
    replace(admin_api, photo.pk)
    found = revert(admin_api, photo.pk, 1, note="The old one was right").json()
    assert found["details"]["sha256"] == hashlib.sha256(photo_bytes()).hexdigest()
    numbers = [one["number"] for one in admin_api.get(f"{URL}{photo.pk}/versions/").json()["items"]]
    assert numbers == [3, 2, 1]
    assert ModelLogEntry.objects.filter(action="media_library.restore_version", object_id=str(photo.pk)).exists()


@pytest.mark.parametrize("version", [7, 0, -1, "two", None, 10**30])
def test_a_version_that_is_none_does_not_come_back(admin_api: ApiClient, photo: CustomImage, version: Any) -> None:
    response = revert(admin_api, photo.pk, version)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "body.version")


def test_the_current_version_is_there_already(admin_api: ApiClient, photo: CustomImage) -> None:
    replace(admin_api, photo.pk)
    assert refusal(revert(admin_api, photo.pk, 2)) == (409, "not_replaced")


def test_a_version_whose_file_is_missing_does_not_come_back(admin_api: ApiClient, photo: CustomImage) -> None:
    replace(admin_api, photo.pk)
    former = photo.versions.get(number=1)
    former.file.storage.delete(former.file.name)
    assert refusal(revert(admin_api, photo.pk, 1)) == (422, "damaged_file")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"no picture", "a.jpg", (415, "unknown_file_type")),
        (b"", "a.jpg", (422, "damaged_file")),
        (b"%PDF-1.4\n%%EOF", "a.pdf", (415, "unknown_file_type")),
        (photo_bytes(), "again.jpg", (409, "not_replaced")),
    ],
)
def test_a_file_that_can_not_be_its_is_refused_and_nothing_changes(
    admin_api: ApiClient, photo: CustomImage, data: bytes, name: str, expected: tuple[int, str]
) -> None:
    assert refusal(replace(admin_api, photo.pk, data, name)) == expected
    assert admin_api.get(f"{URL}{photo.pk}/").json()["details"]["sha256"] == photo.file_hash
    assert not photo.versions.exists()


def test_a_storage_that_fails_changes_nothing(
    admin_api: ApiClient, photo: CustomImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(storage: FileSystemStorage, name: str, content: Any) -> str:
        raise RuntimeError("500 Internal Server Error")

    monkeypatch.setattr(FileSystemStorage, "_save", save)
    assert refusal(replace(admin_api, photo.pk)) == (503, "storage_away")
    monkeypatch.undo()
    photo.refresh_from_db()
    assert photo.file.open().read() == photo_bytes()
    originals = [path for path in Path(settings.DATA_DIR, "originals").rglob("*") if path.is_file()]
    assert len(originals) == 1


def test_a_document_gets_another_file_of_any_type(admin_api: ApiClient) -> None:
    document = make_document()
    assert replace(admin_api, document.pk, b"%PDF-1.4\n%%EOF", "prices.pdf").json()["filename"] == "prices.pdf"


def test_what_may_only_be_seen_keeps_its_file(press: Collection, grant: Callable[..., None]) -> None:
    image = make_image(collection=press)
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    client = api_client(reader)
    assert refusal(replace(client, image.pk)) == (403, "forbidden")
    assert refusal(revert(client, image.pk, 1)) == (403, "forbidden")
    assert refusal(client.get(f"{URL}{image.pk}/versions/")) == (403, "forbidden")


def test_what_may_not_be_seen_is_not_there(writer_api: ApiClient, photo: CustomImage) -> None:
    assert refusal(replace(writer_api, photo.pk)) == (404, "not_found")
    assert refusal(revert(writer_api, photo.pk, 1)) == (404, "not_found")
    assert refusal(writer_api.get(f"{URL}{photo.pk}/versions/")) == (404, "not_found")


def begin(client: ApiClient, replaces: Any, size: int = len(OTHER)) -> Any:
    said = metadata(filename="quay.jpg", replaces=str(replaces), note="Sharper")
    headers = {**VERSION, "Upload-Length": str(size), "Upload-Metadata": said}
    return client.post("/api/media/uploads/", data=b"", content_type="text/plain", headers=headers)


def test_a_large_file_comes_in_parts_and_takes_the_place_of_another(admin_api: ApiClient, photo: CustomImage) -> None:
    url = begin(admin_api, photo.pk)["Location"]
    patch(admin_api, url, 0, OTHER[:500])
    done = patch(admin_api, url, 500, OTHER[500:])
    assert (done.status_code, done["Content-Location"]) == (204, f"{URL}{photo.pk}/")
    assert CustomImage.objects.count() == 1
    current, _former = admin_api.get(f"{URL}{photo.pk}/versions/").json()["items"]
    assert (current["sha256"], current["note"]) == (hashlib.sha256(OTHER).hexdigest(), "Sharper")


@pytest.mark.parametrize(
    ("replaces", "expected"),
    [("x", (422, "invalid")), ("999999", (404, "not_found")), ("9" * 40, (422, "invalid")), ("", (422, "invalid"))],
)
def test_an_upload_in_place_of_nothing_is_refused_at_once(
    admin_api: ApiClient, replaces: str, expected: tuple[int, str]
) -> None:
    assert refusal(begin(admin_api, replaces)) == expected
    assert not UploadSession.objects.exists()


def test_an_upload_in_place_of_what_others_have_is_refused(writer_api: ApiClient, photo: CustomImage) -> None:
    assert refusal(begin(writer_api, photo.pk)) == (404, "not_found")


def test_a_right_that_is_lost_before_the_last_byte_is_missing_then(
    writer_api: ApiClient, writer: User, press: Collection
) -> None:
    image = make_image(collection=press)
    url = begin(writer_api, image.pk)["Location"]
    writer.groups.clear()
    assert refusal(patch(writer_api, url, 0, OTHER)) == (422, "unwelcome_upload")
    assert not image.versions.exists()


def test_an_upload_with_the_same_file_is_told_so(admin_api: ApiClient, photo: CustomImage) -> None:
    url = begin(admin_api, photo.pk, len(photo_bytes()))["Location"]
    response = patch(admin_api, url, 0, photo_bytes())
    assert response.status_code in (409, 422), response.content
    assert not photo.versions.exists()
