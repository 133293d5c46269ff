"""Curated sets, for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry

from cms.models import User
from media_library import media_collections
from media_library.models import CustomImage, MediaCollection
from tests.api.rest.conftest import ApiClient, api_client
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db

URL = "/api/collections/"


@pytest.fixture
def images(press: Collection) -> list[CustomImage]:
    return [make_image(title, collection=press) for title in "ABCDE"]


@pytest.fixture
def summer(images: list[CustomImage]) -> MediaCollection:
    """A public set of A, B and C."""
    found = MediaCollection.objects.create(title="Summer", is_public=True)
    media_collections.add(found, images[:3])
    return found


@pytest.fixture
def editor(press: Collection, grant: Callable[..., None]) -> User:
    """Somebody who may choose pictures of the press, and change collections."""
    user = User.objects.create_user("edith", "edith@example.org", "a long password")
    grant(user, press, "choose_image")
    group = Group.objects.create(name="Curators")
    group.permissions.set(Permission.objects.filter(codename__in=["add_mediacollection", "change_mediacollection"]))
    user.groups.add(group)
    return user


def titles(client: ApiClient, collection: MediaCollection, **query: Any) -> str:
    response = client.get(f"{URL}{collection.pk}/", query)
    assert response.status_code == 200, response.content
    return "".join(one["asset"]["title"] for one in response.json()["items"])


def change(client: ApiClient, collection: MediaCollection, what: str, **body: Any) -> Any:
    return client.post_json(f"{URL}{collection.pk}/{what}/", body)


def test_a_collection_is_made_and_noted_in_the_history(admin_api: ApiClient, admin_user: User) -> None:
    response = admin_api.post_json(URL, {"title": "Summer at sea", "kind": "event"})
    assert response.status_code == 201, response.content
    found = response.json()
    assert (found["slug"], found["kind"], found["is_public"], found["count"]) == ("summer-at-sea", "event", False, 0)
    assert MediaCollection.objects.get(pk=found["id"]).created_by == admin_user
    assert ModelLogEntry.objects.filter(action="wagtail.create", object_id=str(found["id"])).exists()


def test_a_collection_is_shown_in_its_order_page_by_page(
    admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    first = admin_api.get(f"{URL}{summer.pk}/", {"limit": 2}).json()
    assert (first["title"], first["count"], first["cover"]["id"]) == ("Summer", 3, images[0].pk)
    assert [one["asset"]["title"] for one in first["items"]] == ["A", "B"]
    assert titles(admin_api, summer, cursor=first["next"]) == "C"


def test_the_list_is_filtered(admin_api: ApiClient, summer: MediaCollection) -> None:
    kit = MediaCollection.objects.create(title="Kit", kind="press_kit", description="For the harbour fair")
    for query, expected in (
        ("", [kit.pk, summer.pk]),
        ("kind=press_kit", [kit.pk]),
        ("is_public=true", [summer.pk]),
        ("slug=summer", [summer.pk]),
        ("q=harbour", [kit.pk]),
        ("q=nothing", []),
    ):
        assert [one["id"] for one in admin_api.get(f"{URL}?{query}").json()["items"]] == expected, query
    cursor = admin_api.get(URL, {"limit": 1}).json()["next"]
    assert [one["id"] for one in admin_api.get(URL, {"cursor": cursor}).json()["items"]] == [summer.pk]
    assert admin_api.get(f"{URL}?kind=zoo").status_code == 422


def test_anybody_sees_the_public_ones_and_what_is_open_in_them(
    anybody: ApiClient, summer: MediaCollection, images: list[CustomImage], root_collection: Collection
) -> None:
    secret = MediaCollection.objects.create(title="Secret")
    closed = root_collection.add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    CustomImage.objects.filter(pk=images[0].pk).update(collection=closed)
    listed = anybody.get(URL).json()["items"]
    assert [(one["id"], one["count"], one["cover"]["id"]) for one in listed] == [(summer.pk, 2, images[1].pk)]
    assert titles(anybody, summer) == "BC"
    assert anybody.get(f"{URL}{secret.pk}/").status_code == 404


def test_who_works_in_the_library_alone_sees_the_public_ones(
    writer_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    secret = MediaCollection.objects.create(title="Secret")
    assert titles(writer_api, summer) == "ABC"
    assert writer_api.get(f"{URL}{secret.pk}/").status_code == 404
    assert change(writer_api, summer, "add", ids=[images[3].pk]).status_code == 403
    assert writer_api.post_json(URL, {"title": "Mine"}).status_code == 403


def test_nobody_in_particular_changes_anything(anybody: ApiClient, summer: MediaCollection) -> None:
    assert anybody.delete(f"{URL}{summer.pk}/").status_code == 401
    assert change(anybody, summer, "remove", ids=[1]).status_code == 401


def test_fields_are_changed_and_noted_in_the_history(
    admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    response = admin_api.patch_json(f"{URL}{summer.pk}/", {"title": "Autumn", "cover": images[4].pk})
    assert response.status_code == 200, response.content
    assert (response.json()["title"], response.json()["slug"]) == ("Autumn", "summer")
    assert response.json()["cover"]["title"] == "E"
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=str(summer.pk)).exists()
    assert admin_api.patch_json(f"{URL}{summer.pk}/", {"cover": None}).json()["cover"]["title"] == "A"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "body.title"),
        ({"title": None}, "body.title"),
        ({"slug": "no slug"}, "body.slug"),
        ({"slug": "taken"}, "body.slug"),
        ({"kind": "zoo"}, "body.kind"),
        ({"cover": 999_999}, "body.cover"),
        ({"colour": "red"}, "body.colour"),
        ({"description": "a\x00b"}, "body.description"),
    ],
)
def test_what_can_not_be_written_is_refused(
    admin_api: ApiClient, summer: MediaCollection, changes: dict, field: str
) -> None:
    MediaCollection.objects.create(title="Taken", slug="taken")
    response = admin_api.patch_json(f"{URL}{summer.pk}/", changes)
    assert response.status_code == 422
    assert field in [one["field"] for one in response.json()["errors"]]


def test_a_collection_is_deleted_and_its_assets_stay(
    admin_api: ApiClient, editor: User, summer: MediaCollection
) -> None:
    assert api_client(editor).delete(f"{URL}{summer.pk}/").status_code == 403
    assert admin_api.delete(f"{URL}{summer.pk}/").status_code == 204
    assert not MediaCollection.objects.exists()
    assert CustomImage.objects.count() == 5
    assert ModelLogEntry.objects.filter(action="wagtail.delete", object_id=str(summer.pk)).exists()


def test_assets_are_added_at_the_end(editor: User, summer: MediaCollection, images: list[CustomImage]) -> None:
    client, unseen = api_client(editor), make_image("Unseen")
    response = change(client, summer, "add", ids=[images[4].pk, images[0].pk, unseen.pk, images[3].pk])
    assert response.json() == {
        "added": [images[4].pk, images[3].pk],
        "present": [images[0].pk],
        "missing": [unseen.pk],
        "count": 5,
    }
    assert titles(client, summer) == "ABCED"
    assert ModelLogEntry.objects.filter(action=media_collections.LOG_ADD, user=editor).exists()


def test_assets_are_taken_out(admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]) -> None:
    response = change(admin_api, summer, "remove", ids=[images[1].pk, images[4].pk])
    assert response.json() == {"removed": [images[1].pk], "count": 2}
    assert titles(admin_api, summer) == "AC"


def test_assets_are_put_in_order(admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]) -> None:
    a, b, c = (image.pk for image in images[:3])
    assert change(admin_api, summer, "reorder", ids=[c], before=a).status_code == 204
    assert titles(admin_api, summer) == "CAB"
    assert change(admin_api, summer, "reorder", ids=[b, a, c]).status_code == 204
    assert titles(admin_api, summer) == "BAC"


def test_what_somebody_has_taken_out_can_not_be_moved(
    admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    a, _b, _c, d, _e = (image.pk for image in images)
    for body in ({"ids": [d]}, {"ids": [a], "before": d}):
        response = change(admin_api, summer, "reorder", **body)
        assert (response.status_code, response.json()["code"]) == (409, "item_gone")
    assert change(admin_api, summer, "reorder", ids=[a], before=a).status_code == 422
    assert titles(admin_api, summer) == "ABC"


def test_an_asset_has_a_caption_in_a_collection(
    admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    path = f"{URL}{summer.pk}/items/{images[0].pk}/"
    assert admin_api.patch_json(path, {"caption": "At dawn"}).status_code == 204
    assert admin_api.get(f"{URL}{summer.pk}/").json()["items"][0]["caption"] == "At dawn"
    assert admin_api.patch_json(f"{URL}{summer.pk}/items/{images[4].pk}/", {"caption": "x"}).status_code == 404
    assert admin_api.patch_json(path, {"caption": "x" * 501}).status_code == 422


@pytest.mark.parametrize("path", ["0/", "999999/", "9" * 30 + "/", "x/", "-1/"])
def test_what_is_not_there_is_not_found(admin_api: ApiClient, path: str) -> None:
    assert admin_api.get(URL + path).status_code == 404
    assert admin_api.patch_json(URL + path, {}).status_code == 404


def test_ten_thousand_are_refused(admin_api: ApiClient, summer: MediaCollection) -> None:
    assert change(admin_api, summer, "add", ids=list(range(1, 10_001))).status_code == 422


def test_a_list_of_many_takes_no_more_queries_than_one_of_few(
    admin_api: ApiClient, summer: MediaCollection, images: list[CustomImage]
) -> None:
    def queries() -> int:
        admin_api.get(URL)
        with CaptureQueriesContext(connection) as captured:
            assert admin_api.get(URL).status_code == 200
        return len(captured)

    few = queries()
    for number in range(4):
        media_collections.add(MediaCollection.objects.create(title=f"Set {number}"), images[number:])
    assert queries() == few <= 10
