"""Editing pictures, and developing anything anew."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import Asset, Audio, CustomImage, ProcessingJob, Video
from tests.api.rest.conftest import ApiClient, api_client
from tests.api.rest.test_assets import make_document
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db

URL = "/api/media/"


def edit(client: ApiClient, pk: int, recipe: Any, **body: Any) -> Any:
    return client.post_json(f"{URL}{pk}/edit/", {"recipe": recipe, **body})


def refusal(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["code"]


def test_a_picture_is_cropped_and_turned_and_has_new_addresses(
    admin_api: ApiClient, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    before = admin_api.get(f"{URL}{photo.pk}/").json()
    response = edit(admin_api, photo.pk, {"rotate": 90, "crop": [0, 0, 1, 0.5], "tone": "sepia", "blur": 0.01})
    assert response.status_code == 200, response.content
    found = response.json()
    assert (found["width"], found["height"], found["status"]) == (600, 400, "uploaded")
    develop(photo)
    after = admin_api.get(f"{URL}{photo.pk}/").json()
    assert after["status"] == "ready"
    assert after["revision"] != before["revision"]
    assert after["src"] != before["src"]
    assert after["details"]["sha256"] == before["details"]["sha256"]
    log = ModelLogEntry.objects.get(action="media_library.edit_picture", object_id=str(photo.pk))
    assert (log.user.username, log.data["recipe"]["rotate"]) == ("ada", 90)


def test_an_empty_recipe_is_the_original(admin_api: ApiClient, photo: CustomImage) -> None:
    edit(admin_api, photo.pk, {"rotate": 90})
    assert edit(admin_api, photo.pk, {}).json()["width"] == 800
    assert ModelLogEntry.objects.filter(action="media_library.revert_picture", object_id=str(photo.pk)).exists()


def test_a_focal_point_is_set_kept_and_taken_away(admin_api: ApiClient, photo: CustomImage) -> None:
    assert edit(admin_api, photo.pk, {}, focal_point={"x": 0.25, "y": 0.5}).json()["focal_point"] == {
        "x": 0.25,
        "y": 0.5,
    }
    flipped = edit(admin_api, photo.pk, {"flip_horizontal": True}).json()
    assert flipped["focal_point"] == {"x": 0.75, "y": 0.5}
    assert edit(admin_api, photo.pk, {}, focal_point=None).json()["focal_point"] is None


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        ({"rotate": 45}, "body.recipe.rotate"),
        ({"straighten": 46}, "body.recipe.straighten"),
        ({"crop": [0, 0, 1]}, "body.recipe.crop.3"),
        ({"crop": [0, 0, 1, 2]}, "body.recipe.crop.3"),
        ({"brightness": "much"}, "body.recipe.brightness"),
        ({"blur": 1}, "body.recipe.blur"),
        ({"tone": "blue"}, "body.recipe.tone"),
        ({"sharpen": 1}, "body.recipe.sharpen"),
        (None, "body.recipe"),
        ([], "body.recipe"),
    ],
)
def test_edits_that_make_no_sense_are_refused_with_the_field(
    admin_api: ApiClient, photo: CustomImage, recipe: Any, field: str
) -> None:
    response = edit(admin_api, photo.pk, recipe)
    assert response.status_code == 422
    assert field in [one["field"] for one in response.json()["errors"]], response.json()
    photo.refresh_from_db()
    assert photo.recipe == {}


@pytest.mark.parametrize(
    "recipe",
    [
        {"crop": [0.5, 0, 0.5, 1]},
        {"watermark": {"text": "  "}},
        {"watermark": {"image": 999999}},
        {"watermark": {"text": "\U0001f6a2"}},
    ],
)
def test_edits_that_leave_nothing_or_can_not_be_drawn_are_refused(
    admin_api: ApiClient, photo: CustomImage, recipe: dict[str, Any]
) -> None:
    assert refusal(edit(admin_api, photo.pk, recipe)) == (422, "unacceptable_recipe")


def test_a_watermark_is_stamped(admin_api: ApiClient, photo: CustomImage) -> None:
    mark = {"text": "© Press", "position": "top-left", "opacity": 0.5}
    assert edit(admin_api, photo.pk, {"watermark": mark}).status_code == 200
    photo.refresh_from_db()
    assert photo.recipe["watermark"]["text"] == "© Press"


def test_a_logo_of_others_is_no_watermark(
    writer_api: ApiClient, press: Collection, root_collection: Collection
) -> None:
    logo = make_image("Logo", collection=root_collection.add_child(name="Secret"))
    image = make_image(collection=press)
    assert refusal(edit(writer_api, image.pk, {"watermark": {"image": logo.pk}})) == (422, "unacceptable_recipe")


def test_who_has_seen_another_picture_is_told_so(admin_api: ApiClient, photo: CustomImage) -> None:
    seen = admin_api.get(f"{URL}{photo.pk}/").json()["revision"]
    assert edit(admin_api, photo.pk, {"rotate": 90}, revision=seen).status_code == 200
    assert refusal(edit(admin_api, photo.pk, {"rotate": 180}, revision=seen)) == (409, "changed_meanwhile")
    photo.refresh_from_db()
    assert photo.recipe == {"rotate": 90}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_at_once_who_have_seen_the_same_one_is_refused(admin_user: User, photo: CustomImage) -> None:
    clients = [api_client(admin_user) for _ in range(2)]
    seen = clients[0].get(f"{URL}{photo.pk}/").json()["revision"]
    begin, answers = threading.Barrier(2), []

    def send(client: ApiClient, angle: int) -> None:
        begin.wait()
        answers.append(edit(client, photo.pk, {"rotate": angle}, revision=seen).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=one) for one in zip(clients, (90, 180), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 409]


def test_only_pictures_are_edited(admin_api: ApiClient, film: Video) -> None:
    assert refusal(edit(admin_api, film.pk, {"rotate": 90})) == (422, "not_a_picture")


def test_what_may_only_be_seen_stays_as_it_is(press: Collection, grant: Callable[..., None]) -> None:
    image = make_image(collection=press)
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    client = api_client(reader)
    assert refusal(edit(client, image.pk, {"rotate": 90})) == (403, "forbidden")
    assert refusal(client.post_json(f"{URL}{image.pk}/redevelop/", {})) == (403, "forbidden")


@pytest.mark.parametrize("kind", ["photo", "film", "sound"])
def test_anything_is_developed_anew(
    admin_api: ApiClient, request: pytest.FixtureRequest, develop: Callable[..., None], kind: str
) -> None:
    asset: CustomImage | Video | Audio = request.getfixturevalue(kind)
    develop()
    response = admin_api.post_json(f"{URL}{asset.pk}/redevelop/", {})
    assert (response.status_code, response.json()["status"]) == (200, "uploaded")
    assert ProcessingJob.objects.filter(asset=asset.pk, state=ProcessingJob.State.QUEUED).exists()
    develop()
    assert Asset.objects.get(pk=asset.pk).status == Asset.Status.READY
    assert ModelLogEntry.objects.filter(action="media_library.bulk_develop", object_id=str(asset.pk)).exists()


def test_nothing_is_made_of_documents(admin_api: ApiClient) -> None:
    assert refusal(admin_api.post_json(f"{URL}{make_document().pk}/redevelop/", {})) == (422, "not_developed")
