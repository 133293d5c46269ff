"""The APIs as they are: what is kept is what a view says, and is served without the database."""

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from media_library.media_collections import add
from media_library.models import Asset, CustomImage, Fingerprint, MediaCollection
from tests.blog.content import image_block, make_blog, make_category, make_image, make_person, make_post
from tests.media import photo_bytes, smaller

pytestmark = pytest.mark.django_db


@pytest.fixture
def urls(settings) -> list[str]:
    """What a front end asks for, of a blog with two posts."""
    settings.ROOT_URLCONF = "cms.urls"
    blog, image = make_blog(), make_image()
    post = make_post(blog, 1, body=[image_block(image)], tags=("sea",), author=make_person(), category=make_category())
    make_post(blog, 2, featured_image=image)
    collection = MediaCollection.objects.create(title="Press", slug="press")
    add(collection, [image])
    caches["delivery"].clear()
    return [
        "/api/v2/pages/?type=blog.PostPage&fields=*&limit=20",
        f"/api/v2/pages/{post.pk}/",
        "/api/v2/pages/find/?html_path=/post-1/",
        "/api/v2/images/",
        f"/api/v2/images/{image.pk}/",
        "/api/v2/videos/",
        "/api/v2/categories/",
        "/api/v2/site/",
        "/api/v2/redirects/",
        "/api/v2/collections/",
        "/api/v2/search/?query=post",
        "/api/media/",
        f"/api/media/{image.pk}/",
        "/api/media/feed/",
        "/api/media/search/?q=harbour",
        "/api/collections/",
    ]


def test_second_answer_is_the_first_and_asks_the_database_nothing(
    urls: list[str], reader: Client, django_assert_num_queries
) -> None:
    first = {url: reader.get(url) for url in urls}
    assert {url: response["X-Cache"] for url, response in first.items()} == dict.fromkeys(urls, "MISS")
    with django_assert_num_queries(0):
        second = {url: reader.get(url) for url in urls}
    assert {url: response["X-Cache"] for url, response in second.items()} == dict.fromkeys(urls, "HIT")
    for url in urls:
        assert second[url].status_code == first[url].status_code
        assert second[url].content == first[url].content
        assert {"ETag", "Cache-Control", "Cache-Tag", "Surrogate-Key", "Age"} <= set(second[url].headers)
        assert "cookie" not in second[url]["Vary"].lower()


def test_whoever_is_logged_in_asks_the_views(urls: list[str], admin_client: Client, reader: Client) -> None:
    for client in (reader, admin_client):
        client.raise_request_exception = True
    url = urls[11]
    assert "details" in reader.get(url).json()["items"][0]
    response = admin_client.get(url)
    assert response["X-Cache"] == "PASS"
    assert response.json()["items"][0]["details"] is not None
    assert reader.get(url).json()["items"][0]["details"] is None


def test_pictures_that_are_found_to_look_alike_later_are_told_to_be_related(
    settings, reader: Client, django_capture_on_commit_callbacks
) -> None:
    settings.ROOT_URLCONF = "cms.urls"
    picture, small = photo_bytes(), smaller(photo_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        images = [
            CustomImage.objects.create(title=name, file=ContentFile(content, name=f"{name}.jpg"))
            for name, content in (("large", picture), ("small", small))
        ]
        CustomImage.objects.update(status=Asset.Status.READY, taken_at=None)
        # As of a version that took none.
        Fingerprint.objects.all().delete()
    url = f"/api/media/{images[0].pk}/related/"

    def related() -> tuple[list[int], str]:
        response = reader.get(url)
        return [one["asset"]["id"] for one in response.json()["items"]], response["X-Cache"]

    assert [related(), related()] == [([], "MISS"), ([], "HIT")]
    with django_capture_on_commit_callbacks(execute=True):
        call_command("find_duplicates", verbosity=0)
    assert related() == ([images[1].pk], "MISS")
