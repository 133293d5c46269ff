"""The page "Replace everywhere": places with boxes, and what became of each."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from blog.models import PostPage
from cms.models import User
from media_library.models import CustomImage, Video
from media_library.usage import places
from tests.blog.content import make_blog, make_image, make_person, make_post


@pytest.fixture
def used(db: None) -> CustomImage:
    image = make_image("Old quay")
    make_post(make_blog(), 1, featured_image=image)
    make_person(portrait=image)
    return image


@pytest.fixture
def other(db: None) -> CustomImage:
    return make_image("New quay")


def url(image: CustomImage) -> str:
    return reverse("media_library_replace_everywhere", args=(image.pk,))


def keys(image: CustomImage) -> list[str]:
    return [f"{place.source[0]}:{place.source[1]}" for place in places(image)]


def test_refusal_leads_there(admin_client: Client, used: CustomImage):
    content = admin_client.get(reverse("wagtailimages:delete", args=(used.pk,))).content.decode()

    assert f'href="{url(used)}"' in content


def test_page_lists_the_places_with_boxes(admin_client: Client, used: CustomImage):
    content = admin_client.get(url(used)).content.decode()

    assert "Post 1</label>" in content
    assert "Ada Example</label>" in content
    assert content.count(" checked>") == 2


def test_all_is_replaced_and_then_it_can_be_deleted(admin_client: Client, used: CustomImage, other: CustomImage):
    content = admin_client.post(url(used), {"new": other.pk, "objects": keys(used)}).content.decode()

    assert "Replaced in 2 places" in content
    assert "“Old quay” is used nowhere any more." in content
    assert reverse("wagtailimages:delete", args=(used.pk,)) in content
    assert PostPage.objects.get().featured_image == other


def test_alias_has_no_box_and_follows_its_original(admin_client: Client, used: CustomImage, other: CustomImage):
    PostPage.objects.get().create_alias(update_slug="again")

    content = admin_client.get(url(used)).content.decode()
    assert "An alias: it follows its original." in content
    assert content.count(" checked>") == 2
    page = next(place.source for place in places(used) if place.title == "Post 1")
    content = admin_client.post(url(used), {"new": other.pk, "objects": f"{page[0]}:{page[1]}"}).content.decode()

    assert "Replaced in 2 places" in content
    assert {post.featured_image for post in PostPage.objects.all()} == {other}


def test_only_what_is_checked(admin_client: Client, used: CustomImage, other: CustomImage):
    person = next(place for place in places(used) if place.title == "Ada Example")

    content = admin_client.post(
        url(used), {"new": other.pk, "objects": [f"{person.source[0]}:{person.source[1]}"]}
    ).content.decode()

    assert "“Old quay” is still used in 1 place." in content
    assert [place.title for place in places(used)] == ["Post 1"]


@pytest.mark.parametrize(
    ("new", "objects", "message"),
    [
        ("", None, "Choose the file that takes its place."),
        ("old", None, "Choose another file of the same kind."),
        ("film", None, "Choose another file of the same kind."),
        ("999999", None, "Choose another file of the same kind."),
        ("nonsense", None, "Choose another file of the same kind."),
        ("other", [], "Choose where it is to be replaced."),
        ("other", ["7:7"], "Something has changed meanwhile."),
    ],
)
def test_mistakes_are_told(
    admin_client: Client, used: CustomImage, other: CustomImage, film: Video, new: str, objects: list, message: str
):
    ids = {"old": used.pk, "other": other.pk, "film": film.pk}
    data = {"new": ids.get(new, new), "objects": keys(used) if objects is None else objects}

    response = admin_client.post(url(used), data)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert len(places(used)) == 2


def test_what_the_user_may_not_see_has_no_box(
    client: Client, grant: Callable[..., User], root_collection: Collection, used: CustomImage, other: CustomImage
):
    client.force_login(grant(root_collection, "wagtailimages.change_image"))

    content = client.get(url(used)).content.decode()

    assert "(Private post)" in content
    assert "Post 1" not in content
    assert "disabled" in content
    client.post(url(used), {"new": other.pk, "objects": keys(used)})
    assert len(places(used)) == 2


def test_asset_of_another_collection_is_refused(
    client: Client, grant: Callable[..., User], harbour: Collection, used: CustomImage
):
    client.force_login(grant(harbour, "wagtailimages.change_image"))

    assert client.get(url(used)).status_code == 302


def test_asset_that_is_used_nowhere_says_so(admin_client: Client, other: CustomImage):
    assert "“New quay” is used nowhere." in admin_client.get(url(other)).content.decode()
    assert admin_client.get("/admin/media/999999/replace-everywhere/").status_code == 404
