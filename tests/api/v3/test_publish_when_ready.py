"""Pages are published by token only with media that can be shown, or as soon as these are ready."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, PostPage
from media_library.models import Asset, CustomImage
from media_library.tasks import publish_awaited_task
from tests.api.v3.conftest import Bearer
from tests.blog.content import image_block, make_image, make_post


@pytest.fixture(autouse=True)
def _as_operators_have_it(settings: Settings) -> None:
    """Tests of other things do without these checks (cms/settings/test.py)."""
    settings.MEDIA_LIBRARY = {
        key: value for key, value in settings.MEDIA_LIBRARY.items() if key != "PUBLISHING_CHECKS"
    }


@pytest.fixture
def image(db: None) -> CustomImage:
    """A picture that nobody has developed yet."""
    return make_image()


@pytest.fixture
def post(blog: BlogIndexPage, image: CustomImage) -> PostPage:
    post = make_post(blog, live=False, body=[image_block(image)])
    post.save_revision()
    return post


def test_refusal_names_each_asset_its_place_and_what_to_do(chief: Bearer, post: PostPage, image: CustomImage):
    response = chief.post(f"pages/{post.pk}/actions/publish/")

    assert response.status_code == 409
    assert response.json() | {"detail": ""} == {
        "type": "about:blank",
        "title": "Not publishable",
        "status": 409,
        "code": "not_publishable",
        "detail": "",
        "when_ready": True,
        "assets": [
            {
                "id": image.pk,
                "code": "unfinished",
                "reason": "“Harbour” is still being processed.",
                "places": [{"name": "Body → Image", "path": f"body.{post.body[0].id}.image"}],
            }
        ],
    }


def test_failed_picture_is_not_worth_waiting_for(chief: Bearer, post: PostPage, image: CustomImage):
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.FAILED, status_reason="It is cut off.")

    for action in ("publish", "publish_when_ready"):
        answer = chief.post(f"pages/{post.pk}/actions/{action}/")
        assert (answer.status_code, answer.json()["when_ready"]) == (409, False)
        assert [one["code"] for one in answer.json()["assets"]] == ["failed"]


def test_page_goes_live_when_its_media_are_ready(
    chief: Bearer, post: PostPage, image: CustomImage, develop: Callable[..., None]
):
    asked = chief.post(f"pages/{post.pk}/actions/publish_when_ready/")
    assert asked.status_code == 202, asked.content
    assert (asked.json()["state"], asked.json()["unfinished"], asked.json()["media"]) == ("waiting", 1, 1)

    develop(image)
    publish_awaited_task()

    assert chief.get(f"pages/{post.pk}/actions/publish_when_ready/").json()["state"] == "published"
    assert PostPage.objects.get().live


def test_page_whose_media_are_ready_is_published_at_once(
    chief: Bearer, post: PostPage, image: CustomImage, develop: Callable[..., None]
):
    develop(image)

    answer = chief.post(f"pages/{post.pk}/actions/publish_when_ready/")

    assert (answer.status_code, answer.json()["state"]) == (200, "published")
    assert PostPage.objects.get().live


def test_it_can_be_taken_back(chief: Bearer, post: PostPage, image: CustomImage, develop: Callable[..., None]):
    chief.post(f"pages/{post.pk}/actions/publish_when_ready/")

    assert chief.delete(f"pages/{post.pk}/actions/publish_when_ready/").status_code == 204

    develop(image)
    publish_awaited_task()
    assert not PostPage.objects.get().live
    assert chief.get(f"pages/{post.pk}/actions/publish_when_ready/").json()["state"] == "cancelled"


def test_who_may_not_publish_may_not_ask(hired: Callable[..., Bearer], blog: BlogIndexPage, post: PostPage):
    writer = hired(("wagtailcore.change_page", blog))

    assert writer.post(f"pages/{post.pk}/actions/publish_when_ready/").status_code == 403
    assert writer.delete(f"pages/{post.pk}/actions/publish_when_ready/").status_code == 403


def test_nobody_is_told_of_a_page_that_does_not_wait(chief: Bearer, post: PostPage):
    assert chief.get(f"pages/{post.pk}/actions/publish_when_ready/").status_code == 404
    assert chief.post("pages/999999/actions/publish_when_ready/").status_code == 404


def test_without_a_token_nothing_is_said(post: PostPage, client):
    for method in ("get", "post", "delete"):
        assert getattr(client, method)(f"/api/v3/pages/{post.pk}/actions/publish_when_ready/").status_code == 401


@pytest.mark.parametrize("where", ["body", "text", "field"])
def test_page_that_names_media_that_are_not_there_is_refused_with_the_place(
    chief: Bearer, blog: BlogIndexPage, where: str
):
    values = {
        "body": {"body": [{"type": "image", "value": {"image": 999_999, "alt_text": "Boats"}}]},
        "text": {
            "body": [
                {"type": "rich_text", "value": '<embed embedtype="image" id="999999" alt="Boats" format="left"/>'}
            ]
        },
        "field": {"featured_image_id": 999_999},
    }
    new = {"meta": {"type": "blog.PostPage", "parent_id": blog.pk}, "title": "Waiting", "date": "2026-01-02"}

    response = chief.post("pages/", new | values[where])

    assert response.status_code == 422, response.content
    place = {"body": "body.0.image: ", "text": "Body → Text: ", "field": ""}[where]
    (error,) = response.json()["errors"]
    assert place in error["msg"]
    assert error["loc"][-1] == ("featured_image" if where == "field" else "body")
    assert not PostPage.objects.exists()
