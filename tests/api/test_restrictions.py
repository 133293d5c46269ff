"""What a collection restricts stays private whichever door asks."""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from media_library.models import Audio, CustomDocument, CustomImage, Video
from tests.blog.content import (
    audio_block,
    embedded,
    gallery_block,
    image_block,
    make_image,
    make_person,
    make_post,
    rich_text_block,
    video_block,
)


@pytest.fixture
def closed(root_collection: Collection) -> Collection:
    """A collection below one that only those who are logged in may see."""
    press = root_collection.add_child(name="Press")
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    return press.add_child(name="Embargo")


@pytest.fixture
def secret(closed: Collection, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Secret", collection=closed)
    develop(image)
    return image


@pytest.fixture
def secret_film(closed: Collection, film: Video, develop: Callable[..., None]) -> Video:
    film.title, film.collection = "Secret film", closed
    film.save()
    develop(film)
    return film


@pytest.fixture
def secret_sound(closed: Collection, sound: Audio, develop: Callable[..., None]) -> Audio:
    sound.title, sound.collection = "Secret sound", closed
    sound.save()
    develop(sound)
    return sound


@pytest.fixture
def post(blog: BlogIndexPage, secret: CustomImage, secret_film: Video, secret_sound: Audio) -> PostPage:
    public = make_image("Public")
    return make_post(
        blog,
        1,
        featured_image=secret,
        author=make_person(portrait=secret),
        body=[
            image_block(secret, alt="Hidden alt", caption="Hidden caption"),
            gallery_block(public, secret),
            video_block(secret_film, caption="Hidden caption"),
            audio_block(secret_sound, caption="Hidden caption"),
            rich_text_block(f"<p>Before</p>{embedded(secret, alt='Hidden alt')}<p>After</p>"),
        ],
    )


def test_listings_leave_out_what_is_closed(
    client: Client, secret: CustomImage, secret_film: Video, secret_sound: Audio, closed: Collection
) -> None:
    CustomDocument.objects.create(title="Secret", file=ContentFile(b"Paper", name="paper.txt"), collection=closed)
    for endpoint in ("images", "videos", "audio", "documents"):
        assert client.get(f"/api/v2/{endpoint}/").json() == {"meta": {"total_count": 0}, "items": []}


def test_detail_of_what_is_closed_is_404(client: Client, secret: CustomImage, secret_film: Video) -> None:
    assert client.get(f"/api/v2/images/{secret.pk}/").status_code == 404
    assert client.get(f"/api/v2/videos/{secret_film.pk}/").status_code == 404


@pytest.mark.parametrize(
    "door", ["/api/v2/pages/?type=blog.PostPage&fields=*", "/api/v2/pages/{pk}/", "/", "/post-1/"]
)
def test_no_page_lets_out_an_address_or_a_word_of_what_is_closed(
    door: str, client: Client, post: PostPage, secret: CustomImage, secret_film: Video
) -> None:
    response = client.get(door.format(pk=post.pk))
    assert response.status_code == 200
    text = response.content.decode()
    assert "Post 1" in text
    for leak in (f"/media/{secret.pk}/", f"/media/{secret_film.pk}/", "Secret", "Hidden"):
        assert leak not in text


def test_foreign_keys_to_what_is_closed_are_null_and_blocks_left_out(client: Client, post: PostPage) -> None:
    shown = client.get(f"/api/v2/pages/{post.pk}/").json()
    assert shown["featured_image"] is None
    assert shown["author"]["portrait"] is None
    assert [one["type"] for one in shown["body"]] == ["gallery", "rich_text"]
    assert [image["title"] for image in shown["body"][0]["value"]] == ["Public"]
    assert shown["body"][1]["value"] == "<p>Before</p><p>After</p>"


@pytest.mark.parametrize("door", ["/api/v2/pages/{pk}/", "/post-1/"])
def test_who_may_see_the_collection_sees_it_in_pages(
    door: str, admin_client: Client, admin_user: User, post: PostPage
) -> None:
    text = admin_client.get(door.format(pk=post.pk)).content.decode()
    # Signed, and good for a while.
    assert re.search(rf"/files/[\w-]+/\d+/{post.featured_image_id}/1/", text)
    assert "Hidden caption" in text


def test_restrictions_cost_one_query_per_response(
    client: Client, post: PostPage, django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(40) as captured:
        client.get(f"/api/v2/pages/{post.pk}/")
    # One query for all kinds says whether there are any.
    asked = [
        one["sql"]
        for one in captured.captured_queries
        if 'FROM "wagtailcore_collectionview' in one["sql"] and "UNION" not in one["sql"]
    ]
    assert len(asked) == 1
