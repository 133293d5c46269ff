"""One asset, and lists of them, for programs."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, ModelLogEntry

from blog.models import BlogIndexPage
from media_library.deletion import trash_asset
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from tests.api.rest.conftest import ApiClient
from tests.blog.content import block, make_image, make_post

pytestmark = pytest.mark.django_db

URL = "/api/media/"


def make_document(title: str = "Prices", **values) -> CustomDocument:
    return CustomDocument.objects.create(title=title, file=ContentFile(b"Paper", name="paper.txt"), **values)


def ids(response) -> list[int]:
    assert response.status_code == 200, response.content
    return [one["id"] for one in response.json()["items"]]


def test_an_asset_of_any_kind_is_shown_as_everywhere(
    admin_api: ApiClient, film: Video, sound: Audio, develop: Callable[..., None]
) -> None:
    image, document = make_image(), make_document()
    develop()
    for asset, name in ((image, "images"), (film, "videos"), (sound, "audio"), (document, "documents")):
        found = admin_api.get(f"{URL}{asset.pk}/").json()
        public = admin_api.get(f"/api/v2/{name}/{asset.pk}/").json()
        del public["meta"]["detail_url"]
        assert public.items() <= (found | {"meta": public["meta"]}).items()
        assert found["meta"] == public["meta"]
        assert found["kind"] == asset.kind


def test_editors_are_told_what_is_known_of_the_file(admin_api: ApiClient, photo: CustomImage) -> None:
    details = admin_api.get(f"{URL}{photo.pk}/").json()["details"]
    photo.refresh_from_db()
    assert details["sha256"] == photo.file_hash
    assert details["filename"] == photo.filename
    assert details["collection"] == {"id": photo.collection_id, "name": "Root"}


def test_while_it_is_developed_it_says_when_to_ask_again(
    admin_api: ApiClient, photo: CustomImage, develop: Callable[..., None]
) -> None:
    assert int(admin_api.get(f"{URL}{photo.pk}/")["Retry-After"]) > 0
    develop()
    assert "Retry-After" not in admin_api.get(f"{URL}{photo.pk}/").headers


@pytest.mark.parametrize(
    "order", ["-created_at", "title", "-title", "file_size", "-file_size", "taken_at", "-taken_at"]
)
def test_pages_follow_each_other_without_gap_or_repetition(admin_api: ApiClient, order: str) -> None:
    images = [make_image(title) for title in ("b", "A", "c", "B", "a")]
    for number, image in enumerate(images[:3]):
        Asset.objects.filter(pk=image.pk).update(file_size=number // 2, taken_at=image.created_at)
    Asset.objects.filter(pk=images[4].pk).update(file_size=None)
    whole = ids(admin_api.get(URL, {"order": order}))
    assert sorted(whole) == sorted(image.pk for image in images)
    found, cursor = [], ""
    while cursor is not None:
        response = admin_api.get(URL, {"order": order, "limit": 2, "cursor": cursor})
        found += ids(response)
        cursor = response.json()["next"]
    assert found == whole


def test_what_comes_in_meanwhile_moves_no_page(admin_api: ApiClient) -> None:
    first, second = make_image("First"), make_image("Second")
    page = admin_api.get(URL, {"limit": 1}).json()
    make_image("Third")
    assert [one["id"] for one in page["items"]] == [second.pk]
    assert ids(admin_api.get(URL, {"limit": 1, "cursor": page["next"]})) == [first.pk]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "bnVsbA", "W10", "WyItY3JlYXRlZF9hdCwtaWQiLCAxLCAyXQ", "é", "a" * 5000]
)
def test_a_cursor_that_is_none_is_refused(admin_api: ApiClient, cursor: str) -> None:
    response = admin_api.get(URL, {"cursor": cursor})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "query.cursor")


def test_a_cursor_of_another_order_is_refused(admin_api: ApiClient) -> None:
    make_image(), make_image()
    cursor = admin_api.get(URL, {"limit": 1}).json()["next"]
    assert admin_api.get(URL, {"limit": 1, "order": "title", "cursor": cursor}).status_code == 422


def test_the_filters_narrow_down(admin_api: ApiClient, press: Collection, blog: BlogIndexPage) -> None:
    image = make_image(collection=press, alt_text="")
    image.tags.add("Sea", "Dawn")
    used, document = make_image("Used", size=96), make_document()
    make_post(blog, body=[block("image", {"image": used.pk, "alt_text": "", "decorative": False})])
    everything = {image.pk, used.pk, document.pk}
    for query, expected in (
        ("kind=document", {document.pk}),
        ("kind=document&kind=image", everything),
        (f"collection={press.pk}", {image.pk}),
        ("tag=sea&tag=dawn", {image.pk}),
        ("tag=sea&tag=night", set()),
        ("status=failed", set()),
        ("min_width=90", {used.pk}),
        ("orientation=portrait", set()),
        ("missing_alt=true", {image.pk}),
        ("unused=false", {used.pk}),
        ("created_after=2020-01-01T00:00:00Z", everything),
        ("created_before=2020-01-01T00:00:00Z", set()),
        ("mine=true", set()),
    ):
        assert set(ids(admin_api.get(f"{URL}?{query}"))) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        "order=price",
        "colour=red",
        "kind=cat",
        "limit=101",
        "limit=x",
        "collection=0",
        "collection=99999999999999999999",
        "created_after=soon",
        "tag=%00",
        "min_width=1e99",
        "mine=perhaps",
    ],
)
def test_an_unknown_filter_or_order_is_refused_with_what_there_is(admin_api: ApiClient, query: str) -> None:
    response = admin_api.get(f"{URL}?{query}")
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    error = response.json()["errors"][0]
    assert error["field"].startswith(f"query.{query.partition('=')[0]}")
    if query in ("order=price", "colour=red"):
        assert "created_at" in error["message"] or "created_after" in error["message"]


def test_a_folder_of_others_is_no_valid_filter(writer_api: ApiClient, root_collection: Collection) -> None:
    secret = root_collection.add_child(name="Secret")
    there, not_there = (writer_api.get(URL, {"collection": pk}) for pk in (secret.pk, secret.pk + 1000))
    assert (there.status_code, there.json()) == (not_there.status_code, not_there.json())


def test_the_trash_is_in_no_list(admin_api: ApiClient) -> None:
    image = make_image()
    trash_asset(image)
    assert ids(admin_api.get(URL)) == []
    assert admin_api.get(f"{URL}{image.pk}/").status_code == 404


@pytest.mark.parametrize("asset_id", ["0", "99999", "99999999999999999999999", "-1", "abc", "1%00", "..%2f..%2fetc"])
def test_an_id_that_is_none_is_not_found(admin_api: ApiClient, asset_id: str) -> None:
    response = admin_api.get(f"{URL}{asset_id}/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_fields_are_written_and_noted_in_the_history(admin_api: ApiClient, press: Collection) -> None:
    image = make_image()
    changes = {
        "title": "Quay",
        "alt_text": "A quay",
        "caption": "Two\nlines",
        "tags": ["sea", "low tide", "a, b"],
        "collection": press.pk,
        "expires_on": "2030-05-01",
        "model_release": "signed",
        "focal_point": {"x": 0.25, "y": 0.5},
    }
    response = admin_api.patch_json(f"{URL}{image.pk}/", changes)
    assert response.status_code == 200, response.content
    found = response.json()
    assert (found["title"], found["alt"], found["focal_point"]) == ("Quay", "A quay", {"x": 0.25, "y": 0.5})
    assert found["meta"]["tags"] == ["a, b", "low tide", "sea"]
    assert found["details"]["collection"] == {"id": press.pk, "name": "Press"}
    assert found["details"]["expires_on"] == "2030-05-01"
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=str(image.pk), user__username="ada").exists()


def test_what_is_not_sent_stays(admin_api: ApiClient) -> None:
    image = make_image(caption="Kept")
    image.tags.add("kept")
    found = admin_api.patch_json(f"{URL}{image.pk}/", {"credit": "Ada"}).json()
    assert (found["caption"], found["credit"], found["meta"]["tags"]) == ("Kept", "Ada", ["kept"])


def test_a_date_can_be_taken_away(admin_api: ApiClient) -> None:
    image = make_image(expires_on="2030-05-01")
    found = admin_api.patch_json(f"{URL}{image.pk}/", {"expires_on": None}).json()
    assert found["details"]["expires_on"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "body.title"),
        ({"title": None}, "body.title"),
        ({"title": "x" * 256}, "body.title"),
        ({"title": "a\x00b"}, "body.title"),
        ({"price": 3}, "body.price"),
        ({"collection": 999999}, "body.collection"),
        ({"legal_basis": "because"}, "body.legal_basis"),
        ({"expires_on": "soon"}, "body.expires_on"),
        ({"tags": ["x" * 101]}, "body.tags.0"),
        ({"focal_point": {"x": 2, "y": 0}}, "body.focal_point.x"),
        ({"title": "Kept back", "collection": 999999}, "body.collection"),
    ],
)
def test_what_can_not_be_written_is_refused_whole(admin_api: ApiClient, changes: dict, field: str) -> None:
    image = make_image()
    response = admin_api.patch_json(f"{URL}{image.pk}/", changes)
    assert response.status_code == 422
    assert field in [one["field"] for one in response.json()["errors"]], response.json()
    image.refresh_from_db()
    assert image.title == "Harbour"


def test_only_pictures_have_a_focal_point(admin_api: ApiClient) -> None:
    document = make_document()
    response = admin_api.patch_json(f"{URL}{document.pk}/", {"focal_point": {"x": 0.5, "y": 0.5}})
    assert response.json()["errors"][0]["field"] == "body.focal_point"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b'{"title": "\\ud800"}', b"", b"1" * 5000])
def test_a_body_that_is_none_is_refused(admin_api: ApiClient, body: bytes) -> None:
    image = make_image()
    response = admin_api.patch(f"{URL}{image.pk}/", body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"


def test_a_writer_moves_nothing_to_where_they_may_not_add(
    writer_api: ApiClient, press: Collection, root_collection: Collection
) -> None:
    image = make_image(collection=press)
    response = writer_api.patch_json(f"{URL}{image.pk}/", {"collection": root_collection.pk})
    assert response.status_code == 422
    image.refresh_from_db()
    assert image.collection_id == press.pk


def test_deleting_puts_it_in_the_trash(admin_api: ApiClient) -> None:
    image = make_image()
    response = admin_api.delete(f"{URL}{image.pk}/")
    assert response.status_code == 200, response.content
    assert response.json().keys() == {"id", "filename", "trashed_until"}
    image.refresh_from_db()
    assert image.trashed_at


def test_what_is_used_stays_and_says_where(admin_api: ApiClient, blog: BlogIndexPage) -> None:
    image = make_image()
    make_post(blog, body=[block("image", {"image": image.pk, "alt_text": "", "decorative": False})])
    response = admin_api.delete(f"{URL}{image.pk}/")
    assert (response.status_code, response.json()["code"], response.json()["number"]) == (409, "in_use", 1)
    assert response.json()["places"][0]["title"] == "Post 1"
    assert Asset.objects.filter(pk=image.pk, trashed_at__isnull=True).exists()


def test_a_list_of_fifty_takes_no_more_queries_than_one_of_five(
    admin_api: ApiClient, film: Video, sound: Audio, develop: Callable[..., None]
) -> None:
    make_document()
    for number in range(3):
        make_image(f"Picture {number}").tags.add("sea")
    develop()

    def queries() -> int:
        admin_api.get(URL, {"limit": 50})
        with CaptureQueriesContext(connection) as captured:
            assert admin_api.get(URL, {"limit": 50}).status_code == 200
        return len(captured)

    few = queries()
    for number in range(12):
        make_image(f"Another {number}").tags.add("moon")
    develop()
    assert queries() == few <= 10


def test_a_method_that_there_is_not_is_a_problem_that_names_those_there_are(admin_api: ApiClient) -> None:
    response = admin_api.put(URL)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in response["Allow"]
