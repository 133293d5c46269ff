"""tus for programs, and what is told of uploads. The protocol itself: tests/media_library/uploads/test_tus.py."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings
from wagtail.models import Collection

from cms.models import User
from media_library.models import Asset, CustomImage, UploadSession
from media_library.uploads import fetching
from tests.api.rest.conftest import ApiClient, api_client
from tests.media import photo_bytes
from tests.tus import PART_TYPE, VERSION, create, head, metadata, patch

pytestmark = pytest.mark.django_db

UPLOADS = "/api/media/uploads/"
PHOTO = photo_bytes(80, 60)


def begin(client: ApiClient, size: int = len(PHOTO), name: str = "harbour.jpg", **details: Any) -> Any:
    headers = {"Idempotency-Key": details.pop("key")} if "key" in details else {}
    return create_with(client, size, name, headers, **details)


def create_with(client: ApiClient, size: int, name: str, headers: dict[str, str], **details: Any) -> Any:
    said = metadata(filename=name, **{key: str(value) for key, value in details.items()})
    sent = {**VERSION, "Upload-Length": str(size), "Upload-Metadata": said, **headers}
    return client.post(UPLOADS, data=b"", content_type="text/plain", headers=sent)


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


@pytest.fixture
def url(admin_api: ApiClient) -> str:
    """A photograph that is announced."""
    return begin(admin_api, alt_text="Boats", tags="sea, low tide")["Location"]


def test_a_file_arrives_in_parts_and_the_last_answer_names_the_asset(admin_api: ApiClient, url: str) -> None:
    half = patch(admin_api, url, 0, PHOTO[:500])
    asked = head(admin_api, url)
    done = patch(admin_api, url, 500, PHOTO[500:])
    assert (half.status_code, half["Upload-Offset"], "Content-Location" in half.headers) == (204, "500", False)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, "500", str(len(PHOTO)))
    image = CustomImage.objects.get()
    assert (done.status_code, done["Content-Location"]) == (204, f"/api/media/{image.pk}/")
    assert head(admin_api, url)["Content-Location"] == f"/api/media/{image.pk}/"
    assert image.file_hash == hashlib.sha256(PHOTO).hexdigest()
    assert image.alt_text == "Boats"
    assert sorted(image.tags.names()) == ["low tide", "sea"]
    assert admin_api.get(done["Content-Location"]).status_code == 200


def test_all_bytes_may_come_with_the_creation(admin_api: ApiClient) -> None:
    said = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(filename="harbour.jpg")}
    response = admin_api.post(UPLOADS, PHOTO, content_type=PART_TYPE, headers=VERSION | said)
    assert (response.status_code, response["Upload-Offset"]) == (201, str(len(PHOTO)))
    assert response["Content-Location"] == f"/api/media/{CustomImage.objects.get().pk}/"


def test_another_client_of_the_same_user_sees_how_far_it_is(admin_api: ApiClient, admin_user: User, url: str) -> None:
    other = api_client(admin_user)
    patch(admin_api, url, 0, PHOTO[:500])
    found = other.get(url).json()
    assert (found["offset"], found["size"], found["state"], found["asset"]) == (500, len(PHOTO), "receiving", None)
    assert [one["id"] for one in other.get(UPLOADS).json()["items"]] == [found["id"]]
    patch(admin_api, url, 500, PHOTO[500:])
    found = other.get(url).json()
    assert (found["state"], found["asset"]) == ("finished", CustomImage.objects.get().pk)
    assert other.get(UPLOADS).json()["items"] == []


def test_it_is_told_when_the_library_has_the_file(admin_api: ApiClient, url: str) -> None:
    patch(admin_api, url, 0, PHOTO)
    again = begin(admin_api)["Location"]
    patch(admin_api, again, 0, PHOTO)
    first, second = CustomImage.objects.order_by("pk")
    assert admin_api.get(again).json() | {"asset": second.pk, "duplicate": first.pk} == admin_api.get(again).json()


def test_uploads_of_others_are_not_there(url: str, writer_api: ApiClient) -> None:
    assert writer_api.get(UPLOADS).json()["items"] == []
    assert refusal(writer_api.get(url)) == (404, "not_found")
    assert head(writer_api, url).status_code == 404
    assert refusal(patch(writer_api, url, 0, PHOTO)) == (404, "not_found")
    assert refusal(writer_api.delete(url, headers=VERSION)) == (404, "not_found")
    assert UploadSession.objects.exists()


@pytest.mark.parametrize("upload_id", ["5d1f0f0e-0000-4000-8000-000000000000", "nonsense", "..%2f..%2fetc"])
def test_an_upload_that_is_none_is_not_found(admin_api: ApiClient, upload_id: str) -> None:
    assert refusal(admin_api.get(f"{UPLOADS}{upload_id}/")) == (404, "not_found")
    assert refusal(patch(admin_api, f"{UPLOADS}{upload_id}/", 0, b"x")) == (404, "not_found")


def test_a_cancelled_upload_is_gone(admin_api: ApiClient, url: str) -> None:
    assert admin_api.delete(url, headers=VERSION).status_code == 204
    assert refusal(admin_api.get(url)) == (404, "not_found")


def test_a_part_from_the_wrong_place_is_a_problem(admin_api: ApiClient, url: str) -> None:
    assert refusal(patch(admin_api, url, 7, PHOTO)) == (409, "wrong_offset")


def test_a_part_that_was_changed_on_its_way_is_a_problem(admin_api: ApiClient, url: str) -> None:
    checksum = base64.b64encode(hashlib.sha1(b"other", usedforsecurity=False).digest()).decode()
    response = patch(admin_api, url, 0, PHOTO, {"Upload-Checksum": f"sha1 {checksum}"})
    assert refusal(response) == (460, "checksum_mismatch")
    assert head(admin_api, url)["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Tus-Resumable": "0.2.2"}, (412, "precondition_failed")),
        ({"Upload-Length": "many"}, (400, "bad_request")),
        ({"Upload-Length": "0"}, (422, "damaged_file")),
        ({"Upload-Length": str(10**15)}, (413, "file_too_large")),
        ({"Upload-Metadata": "filename !!!"}, (400, "bad_request")),
        ({"Idempotency-Key": "x" * 300}, (400, "invalid_idempotency_key")),
    ],
)
def test_a_creation_that_makes_no_sense_is_a_problem(
    admin_api: ApiClient, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert refusal(create_with(admin_api, 10, "a.jpg", headers)) == expected
    assert not UploadSession.objects.exists()


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"expires_on": "soon"}, "metadata.expires_on"),
        ({"title": "x" * 300}, "metadata.title"),
        ({"legal_basis": "because"}, "metadata.legal_basis"),
        ({"tags": "x" * 101}, "metadata.tags.0"),
        ({"collection": "999999"}, "metadata.collection"),
        ({"collection": "Press"}, "metadata.collection"),
    ],
)
def test_what_is_said_of_a_file_is_looked_at_before_it_is_sent(
    admin_api: ApiClient, details: dict[str, str], field: str
) -> None:
    response = begin(admin_api, **details)
    assert refusal(response) == (422, "invalid")
    assert response.json()["errors"][0]["field"] == field
    assert not UploadSession.objects.exists()


def test_a_file_that_is_none_is_refused_for_good(admin_api: ApiClient) -> None:
    url = begin(admin_api, 12)["Location"]
    assert refusal(patch(admin_api, url, 0, b"no picture!!")) == (422, "unknown_file_type")
    assert refusal(patch(admin_api, url, 12)) == (410, "gone")
    assert admin_api.get(url).json()["state"] == "refused"
    assert not Asset.objects.exists()


def test_nobody_begins_an_upload_without_saying_who_they_are(anybody: ApiClient) -> None:
    assert refusal(begin(anybody)) == (401, "not_authenticated")
    assert refusal(anybody.get(UPLOADS)) == (401, "not_authenticated")


def test_a_session_sends_its_csrf_token(anybody: ApiClient, admin_user: User, url: str) -> None:
    anybody.force_login(admin_user)
    assert refusal(begin(anybody)) == (403, "csrf_failed")
    assert refusal(patch(anybody, url, 0, PHOTO)) == (403, "csrf_failed")
    anybody.cookies["csrftoken"] = csrf = "a" * 32
    assert patch(anybody, url, 0, PHOTO, {"X-CSRFToken": csrf}).status_code == 204


def test_who_may_add_nothing_begins_nothing(press: Collection, grant: Callable[..., None]) -> None:
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    assert refusal(begin(api_client(reader))) == (403, "forbidden")


def test_who_may_add_pictures_only_begins_no_film(press: Collection, grant: Callable[..., None]) -> None:
    photographer = User.objects.create_user("paula", "p@example.org", "a long password")
    grant(photographer, press, "add_image")
    assert refusal(begin(api_client(photographer), name="tide.mp4")) == (403, "forbidden")


def test_a_method_can_be_said_in_a_header(admin_api: ApiClient, url: str) -> None:
    sent = {**VERSION, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert admin_api.post(url, PHOTO, content_type=PART_TYPE, headers=sent).status_code == 204
    assert refusal(admin_api.post(url, PHOTO, content_type=PART_TYPE, headers=VERSION)) == (405, "method_not_allowed")


def test_anybody_may_ask_what_tus_may_do_here(anybody: ApiClient) -> None:
    response = anybody.options(UPLOADS)
    assert (response.status_code, response["Tus-Version"]) == (204, "1.0.0")
    assert int(response["Tus-Max-Size"]) > 0


@pytest.mark.parametrize("where", ["header", "metadata"])
def test_an_upload_that_is_begun_again_with_its_key_is_the_same(admin_api: ApiClient, where: str) -> None:
    said = {"key": "one"} if where == "header" else {"idempotency_key": "one"}
    first, second = begin(admin_api, **said), begin(admin_api, **said)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first["Location"] == second["Location"]
    assert UploadSession.objects.count() == 1


def test_an_upload_with_its_bytes_that_is_sent_again_makes_one_asset(admin_api: ApiClient) -> None:
    said = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(filename="a.jpg"), "Idempotency-Key": "one"}
    first, second = (admin_api.post(UPLOADS, PHOTO, content_type=PART_TYPE, headers=VERSION | said) for _ in range(2))
    assert first["Content-Location"] == second["Content-Location"]
    assert second["Upload-Offset"] == str(len(PHOTO))
    assert CustomImage.objects.count() == 1


def test_a_key_of_another_upload_is_refused(admin_api: ApiClient) -> None:
    begin(admin_api, key="one")
    assert refusal(begin(admin_api, 999, key="one")) == (422, "idempotency_key_reused")
    assert UploadSession.objects.count() == 1


def test_what_the_admin_has_begun_goes_on_over_the_api(admin_api: ApiClient, admin_client: Any) -> None:
    pk = create(admin_client, len(PHOTO))["Location"].split("/")[-2]
    assert patch(admin_api, f"{UPLOADS}{pk}/", 0, PHOTO)["Content-Location"]


def test_a_file_is_got_from_an_address(
    admin_api: ApiClient, press: Collection, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        response = admin_api.post_json(
            f"{UPLOADS}import/", {"url": "https://example.org/Low%20tide.jpg", "collection": press.pk, "tags": ["a"]}
        )
    assert response.status_code == 202, response.content
    found = response.json()
    assert (found["filename"], found["state"], found["url"]) == ("Low tide.jpg", "receiving", response["Location"])
    assert len(callbacks) == 1
    assert fetching.is_due(UploadSession.objects.get())


@pytest.mark.parametrize("address", ["file:///etc/passwd", "", "x" * 3000, "ftp://example.org/a"])
@override_settings(MEDIA_LIBRARY={"IMPORT_ALLOWED_HOSTS": []})
def test_an_address_that_may_not_be_asked_is_refused(admin_api: ApiClient, address: str) -> None:
    assert admin_api.post_json(f"{UPLOADS}import/", {"url": address}).status_code == 422
    assert not UploadSession.objects.exists()
