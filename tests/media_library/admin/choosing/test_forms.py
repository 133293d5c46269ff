"""What a form takes in: only media that its user may choose, however their ids got there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Collection, Page

from blog.models import BlogIndexPage, Person, PostPage
from cms.models import User
from media_library.deletion import trash_asset
from media_library.models import Asset, CustomImage, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def boats(make_image: Callable[..., CustomImage], harbour: Collection) -> CustomImage:
    return make_image(harbour, "Boats")


@pytest.fixture
def secret(make_image: Callable[..., CustomImage], archive: Collection) -> CustomImage:
    """A picture that ``writer`` may not choose."""
    return make_image(archive, "Secret")


@pytest.fixture
def post() -> PostPage:
    index = Page.get_first_root_node().add_child(instance=BlogIndexPage(title="Journal", slug="journal-of-tests"))
    return index.add_child(instance=PostPage(title="Tides", slug="tides"))


def words(image: CustomImage | None = None) -> str:
    """Rich text as its editor sends it: a paragraph, and an image."""
    paragraph = {"key": "a", "text": "The tide is out.", "type": "unstyled", "depth": 0}
    place = {
        "key": "b",
        "text": " ",
        "type": "atomic",
        "depth": 0,
        "entityRanges": [{"key": 0, "offset": 0, "length": 1}],
    }
    entity = {
        "type": "IMAGE",
        "mutability": "IMMUTABLE",
        "data": {"id": image and image.pk, "alt": "", "format": "left"},
    }
    blocks = [paragraph | {"inlineStyleRanges": [], "entityRanges": []}]
    if image:
        blocks.append(place | {"inlineStyleRanges": []})
    return json.dumps({"blocks": blocks, "entityMap": {"0": entity} if image else {}})


def errors(post: PostPage, user: User, image: CustomImage, **fields: Any) -> dict[str, list[str]]:
    """What the page editor has against a post with this image in its body."""
    form_class = PostPage.get_edit_handler().get_form_class()
    form = form_class(body(image) | fields, instance=post, for_user=user, parent_page=post.get_parent())
    form.is_valid()
    return {name: [error.code for error in found.as_data()] for name, found in form.errors.items()}


def body(image: CustomImage) -> dict[str, Any]:
    """What the page editor sends of a post with this image in its body."""
    return {
        "title": "Tides",
        "slug": "tides",
        "date": "2026-11-26",
        "body-count": "2",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "image",
        "body-0-value-image": str(image.pk),
        "body-0-value-alt_text": "A picture",
        "body-0-value-caption": "",
        "body-1-deleted": "",
        "body-1-order": "1",
        "body-1-type": "rich_text",
        "body-1-value": words(),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "further_authors-TOTAL_FORMS": "0",
        "further_authors-INITIAL_FORMS": "0",
        "chosen_posts-TOTAL_FORMS": "0",
        "chosen_posts-INITIAL_FORMS": "0",
    }


def test_pictures_of_ones_own_folders_are_taken(post: PostPage, writer: User, boats: CustomImage):
    assert errors(post, writer, boats, featured_image=boats.pk) == {}


def test_a_picture_of_another_folder_is_refused_wherever_it_stands(
    post: PostPage, writer: User, boats: CustomImage, secret: CustomImage
):
    assert errors(post, writer, secret) == {"body": ["not_choosable"]}
    assert errors(post, writer, boats, featured_image=secret.pk) == {"featured_image": ["not_choosable"]}
    assert errors(post, writer, boats, **{"body-1-value": words(secret)}) == {"body": ["not_choosable"]}


def test_what_somebody_else_has_put_there_stays(post: PostPage, writer: User, admin_user: User, secret: CustomImage):
    post.featured_image = secret
    post.body = [("image", {"image": secret, "alt_text": "A picture"})]
    post.save()

    assert errors(PostPage.objects.get(pk=post.pk), writer, secret, featured_image=secret.pk) == {}


def test_an_older_version_brings_back_what_is_in_the_trash(
    post: PostPage, writer: User, boats: CustomImage, secret: CustomImage
):
    post.featured_image = boats
    older = post.save_revision()
    post.featured_image = None
    post.save_revision()
    for image in (boats, secret):
        trash_asset(image)

    assert errors(post, writer, boats, featured_image=boats.pk, revision=older.pk) == {}
    assert errors(post, writer, boats, featured_image=secret.pk, revision=older.pk) == {
        "featured_image": ["not_choosable"]
    }


def test_what_is_in_the_trash_is_refused_with_its_place(post: PostPage, writer: User, boats: CustomImage):
    trash_asset(boats)

    assert errors(post, writer, boats, featured_image=boats.pk) == {
        "body": ["in_trash"],
        "featured_image": ["in_trash"],
    }


def test_what_does_not_exist_is_refused_wherever_it_stands(post: PostPage, writer: User, boats: CustomImage):
    gone = CustomImage(pk=999_999)

    assert list(errors(post, writer, gone)) == ["body"]
    assert errors(post, writer, boats, **{"body-1-value": words(gone)}) == {"body": ["not_choosable"]}
    assert list(errors(post, writer, boats, featured_image=gone.pk)) == ["featured_image"]


def test_a_draft_is_held_to_the_same(post: PostPage, writer: User, boats: CustomImage):
    form_class = PostPage.get_edit_handler().get_form_class()
    form = form_class(body(CustomImage(pk=999_999)), instance=post, for_user=writer, parent_page=post.get_parent())

    form.defer_required_fields()

    (error,) = form.errors["body"].as_data()
    assert "not there any more" in str(error.block_errors[0].block_errors["image"])


def test_a_film_is_no_picture_in_a_text(post: PostPage, writer: User, boats: CustomImage, film: Video):
    Asset.objects.filter(pk=film.pk).update(collection=boats.collection)

    assert errors(post, writer, boats, **{"body-1-value": words(film)}) == {"body": ["wrong_kind"]}


def test_snippets_are_held_to_the_same(writer: User, secret: CustomImage):
    form_class = get_edit_handler(Person).get_form_class()

    form = form_class({"name": "Ada", "slug": "ada", "portrait": secret.pk, "links-count": "0"}, for_user=writer)

    assert form.errors.as_data()["portrait"][0].code == "not_choosable"
    assert "Secret" not in str(form.errors)
