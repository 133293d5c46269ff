"""Where pages are seen: on the front end, or here."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Site

from blog.models import BlogIndexPage, PostPage, SiteSettings
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


@pytest.fixture
def other_post(blog: BlogIndexPage) -> PostPage:
    """A post of another site, which has a front end of its own."""
    root = blog.get_parent().add_child(instance=BlogIndexPage(title="Other", slug="other"))
    site = Site.objects.create(hostname="other.example.org", port=443, root_page=root)
    SiteSettings.objects.create(site=site, frontend_url="https://www.other.example.org/")
    return make_post(root, 2)


def test_each_site_has_its_own_front_end(
    client: Client, post: PostPage, other_post: PostPage, settings: Settings
) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    assert (post.url, other_post.url) == ("https://www.example.org/post-1/", "https://www.other.example.org/post-2/")
    response = client.get("/post-2/", headers={"host": "other.example.org"})
    assert (response.status_code, response["Location"]) == (302, "https://www.other.example.org/post-2/")


def test_one_site_has_a_front_end_and_another_has_templates(
    client: Client, post: PostPage, other_post: PostPage
) -> None:
    assert client.get("/post-1/").status_code == 200
    assert post.full_url == "http://localhost/post-1/"
    assert client.get("/post-2/", headers={"host": "other.example.org"}).status_code == 302


def test_preview_opens_the_front_end_of_the_pages_site(other_post: PostPage, settings: Settings, rf) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    settings.FRONTEND_PREVIEW_URL = "https://www.example.org/api/preview"
    url = other_post.get_preview_url(rf.get("/"), "id=7:x")
    assert url.startswith("https://www.other.example.org/preview?content_type=blog.postpage&")
    SiteSettings.objects.get().delete()
    own = SiteSettings(site=other_post.get_site(), preview_url="https://drafts.example.org/look")
    own.save()
    url = PostPage.objects.get(pk=other_post.pk).get_preview_url(rf.get("/"), "id=7:x")
    assert url.startswith("https://drafts.example.org/look?content_type=")


def test_changed_front_end_counts_at_once(post: PostPage) -> None:
    own = SiteSettings.for_site(post.get_site())
    for url in ("https://one.example.org", "https://two.example.org"):
        own.frontend_url = url
        own.save()
        assert PostPage.objects.get(pk=post.pk).full_url == f"{url}/post-1/"


def test_addresses_of_many_pages_take_no_query_each(
    post: PostPage, other_post: PostPage, rf, django_assert_max_num_queries
) -> None:
    request = rf.get("/", headers={"host": "other.example.org"})
    post.get_url(request)
    with django_assert_max_num_queries(0):
        assert [page.get_url(request) for page in (post, other_post)] == [
            "http://localhost/post-1/",
            "https://www.other.example.org/post-2/",
        ]


@pytest.mark.parametrize("url", ["ftp://example.org", "https://example.org/?a=1", "https://example.org/#top"])
def test_address_of_a_front_end_that_pages_cannot_be_added_to_is_refused(url: str, post: PostPage) -> None:
    with pytest.raises(ValidationError, match="begins with http"):
        SiteSettings(site=post.get_site(), frontend_url=url).full_clean()
