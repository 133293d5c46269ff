"""Where pages are seen: on the front end, or here."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, PostPage
from tests.blog.content import make_post


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, 1)


def test_without_a_front_end_addresses_lead_here(client: Client, post: PostPage) -> None:
    assert (post.url, post.full_url) == ("/post-1/", "http://localhost/post-1/")
    assert client.get(post.url).status_code == 200


def test_with_a_front_end_addresses_lead_there(post: PostPage, blog: BlogIndexPage, settings: Settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    assert post.url == post.full_url == post.get_url() == "https://www.example.org/post-1/"
    assert blog.url == "https://www.example.org/"


def test_with_a_front_end_visitors_are_sent_there(client: Client, post: PostPage, settings: Settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    response = client.get("/post-1/")
    assert (response.status_code, response["Location"]) == (302, "https://www.example.org/post-1/")


def test_page_outside_of_all_sites_has_no_address(post: PostPage, blog: BlogIndexPage, settings: Settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    stray = BlogIndexPage(title="Stray", slug="stray")
    blog.get_parent().add_child(instance=stray)
    assert stray.url is None
    assert stray.full_url is None


def test_preview_opens_the_front_end_at_its_own_address(post: PostPage, settings: Settings, rf) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    settings.FRONTEND_PREVIEW_URL = ""
    request = rf.get("/")
    request.in_preview_panel = True
    assert post.get_preview_url(request, "id=7:x") == (
        "https://www.example.org/preview?content_type=blog.postpage&token=id%3D7%3Ax&in_preview_panel=true"
    )
