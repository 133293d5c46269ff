"""Deleting many, and the ways out of the trash, for programs."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, ModelLogEntry

from blog.models import BlogIndexPage
from cms.models import User
from media_library.deletion import trash_asset
from media_library.models import Asset, Video
from tests.api.rest.conftest import ApiClient, api_client
from tests.blog.content import block, make_image, make_post

pytestmark = pytest.mark.django_db

URL = "/api/media/"
TRASH = "/api/media/trash/"
BULK = "/api/media/bulk_delete/"


def test_the_trash_is_listed_the_last_deleted_first(admin_api: ApiClient, admin_user: User) -> None:
    first, second, kept = make_image("First"), make_image("Second"), make_image("Kept")
    for image in (second, first):
        trash_asset(image, admin_user)
    items = admin_api.get(TRASH).json()["items"]
    assert [one["id"] for one in items] == [first.pk, second.pk]
    assert items[0]["details"]["trashed_by"] == {"id": admin_user.pk, "name": "ada"}
    assert items[0]["details"]["trashed_at"] < items[0]["details"]["trashed_until"]
    page = admin_api.get(TRASH, {"limit": 1}).json()
    assert [one["id"] for one in admin_api.get(TRASH, {"cursor": page["next"]}).json()["items"]] == [second.pk]
    assert kept.pk not in [one["id"] for one in items]


def test_a_writer_sees_the_trash_of_their_folders(writer_api: ApiClient, press: Collection) -> None:
    theirs, other = make_image(collection=press), make_image()
    for image in (theirs, other):
        trash_asset(image)
    assert [one["id"] for one in writer_api.get(TRASH).json()["items"]] == [theirs.pk]
    assert writer_api.post_json(f"{URL}{other.pk}/restore/", {}).status_code == 404


def test_who_may_only_choose_is_shown_no_trash(press: Collection, grant: Callable[..., None]) -> None:
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    assert api_client(reader).get(TRASH).status_code == 403


def test_restoring_brings_it_back_and_is_noted(admin_api: ApiClient) -> None:
    image = make_image()
    trash_asset(image)
    response = admin_api.post_json(f"{URL}{image.pk}/restore/", {})
    assert (response.status_code, response.json()["id"]) == (200, image.pk)
    assert admin_api.get(f"{URL}{image.pk}/").status_code == 200
    assert ModelLogEntry.objects.filter(action="media_library.restore", object_id=str(image.pk)).exists()


def test_restoring_twice_is_no_error(admin_api: ApiClient) -> None:
    image = make_image()
    trash_asset(image)
    assert [admin_api.post_json(f"{URL}{image.pk}/restore/", {}).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("asset_id", ["0", "999999", "9" * 30])
def test_what_is_not_there_is_not_restored(admin_api: ApiClient, asset_id: str) -> None:
    assert admin_api.post_json(f"{URL}{asset_id}/restore/", {}).status_code == 404


def test_what_is_in_the_trash_is_deleted_for_good(admin_api: ApiClient) -> None:
    image = make_image()
    trash_asset(image)
    response = admin_api.delete(f"{URL}{image.pk}/?permanently=true")
    assert (response.status_code, response.content) == (204, b"")
    assert not Asset.objects.filter(pk=image.pk).exists()


def test_what_is_in_the_library_is_not_deleted_for_good(admin_api: ApiClient) -> None:
    image = make_image()
    response = admin_api.delete(f"{URL}{image.pk}/?permanently=true")
    assert (response.status_code, response.json()["code"]) == (409, "not_in_trash")
    assert Asset.objects.filter(pk=image.pk).exists()


def test_each_of_many_has_a_result_of_its_own(
    writer: User, writer_api: ApiClient, press: Collection, blog: BlogIndexPage, grant: Callable[..., None]
) -> None:
    free, used = make_image("Free", collection=press), make_image("Used", collection=press)
    make_post(blog, body=[block("image", {"image": used.pk, "alt_text": "", "decorative": False})])
    readable = press.get_parent().add_child(name="Archive")
    grant(writer, readable, "choose_image")
    theirs, unseen = make_image("Archived", collection=readable), make_image("Unseen")
    ids = [used.pk, free.pk, theirs.pk, unseen.pk, 999_999, free.pk]
    response = writer_api.post_json(BULK, {"ids": ids})
    assert response.status_code == 200, response.content
    results = {one["id"]: one for one in response.json()["results"]}
    assert list(results) == ids[:5]
    codes = {pk: one["problem"]["code"] for pk, one in results.items() if one["problem"]}
    assert codes == {used.pk: "in_use", theirs.pk: "forbidden", unseen.pk: "not_found", 999_999: "not_found"}
    assert results[used.pk]["problem"]["number"] == 1
    assert results[free.pk]["trashed_until"]
    assert set(Asset.objects.filter(trashed_at__isnull=False)) == {Asset.objects.get(pk=free.pk)}


def test_what_only_others_of_them_use_goes_with_these(admin_api: ApiClient, film: Video) -> None:
    poster = make_image("Poster")
    film.poster_image = poster
    film.save()
    # The picture comes first by its id, or after it.
    response = admin_api.post_json(BULK, {"ids": [poster.pk, film.pk]})
    assert [one["problem"] for one in response.json()["results"]] == [None, None]


def test_ten_thousand_are_refused_with_the_limit(admin_api: ApiClient) -> None:
    response = admin_api.post_json(BULK, {"ids": list(range(1, 10_001))})
    assert response.status_code == 422
    assert "1000" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("ids", [[], [0], ["x"], [2**70], "1", None, [1.5], [[1]]])
def test_ids_that_are_none_are_refused(admin_api: ApiClient, ids: object) -> None:
    assert admin_api.post_json(BULK, {"ids": ids}).status_code == 422


def test_each_of_many_takes_four_queries_more(admin_api: ApiClient) -> None:
    def queries(number: int) -> int:
        ids = [make_image(f"Picture {one}").pk for one in range(number)]
        with CaptureQueriesContext(connection) as captured:
            admin_api.post_json(BULK, {"ids": ids})
        return len(captured)

    queries(1)
    # Out of the index, into the log, and a savepoint around that.
    assert queries(6) - queries(2) == 16
