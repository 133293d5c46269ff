"""Pages that have moved: by their path, and in the list of redirects."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from blog.models import BlogIndexPage, PostPage
from tests.api.test_queries import queries
from tests.blog.content import make_post

FRONT_END = "https://www.example.org"


@pytest.fixture
def post(blog: BlogIndexPage, settings: Settings) -> PostPage:
    settings.FRONTEND_URL = FRONT_END
    return make_post(blog, 1)


def find(client: Client, path: str, **query: str) -> Any:
    return client.get("/api/v2/pages/find/", {"html_path": path} | query)


def test_path_of_a_page_that_moved_says_where_it_is_now(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/old", post)
    response = find(client, "/old/")
    assert response.status_code == 404
    assert response.json() == {
        "message": "this page has moved",
        "redirect": {"location": f"{FRONT_END}/post-1/", "is_permanent": True},
    }


@pytest.mark.parametrize("path", ["/old", "/old/", "old", "/old/?utm_source=mail", "/%C3%BCber/", "/über/"])
def test_redirect_is_found_however_its_path_is_written(path: str, client: Client, post: PostPage) -> None:
    for old in ("/old", "/über"):
        Redirect.add_redirect(old, "https://elsewhere.example.org/", is_permanent=False)
    location = {"location": "https://elsewhere.example.org/", "is_permanent": False}
    assert find(client, path).json()["redirect"] == location
    listed = client.get("/api/v2/redirects/find/", {"html_path": path}, follow=True).json()
    assert (listed["location"], listed["is_permanent"]) == ("https://elsewhere.example.org/", False)


def test_page_wins_over_a_redirect(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/post-1", "https://elsewhere.example.org/")
    assert find(client, "/post-1/").status_code == 302


def test_redirect_with_the_query_wins_over_the_one_without(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/old", "https://elsewhere.example.org/all")
    Redirect.add_redirect("/old?id=7", "https://elsewhere.example.org/7")
    assert find(client, "/old/?id=7").json()["redirect"]["location"] == "https://elsewhere.example.org/7"
    assert find(client, "/old/?id=8").json()["redirect"]["location"] == "https://elsewhere.example.org/all"


def test_redirect_of_the_site_wins_over_that_of_all_sites(client: Client, post: PostPage, blog: BlogIndexPage) -> None:
    root = blog.get_parent().add_child(instance=BlogIndexPage(title="Other", slug="other"))
    site = Site.objects.create(hostname="other.example.org", root_page=root)
    Redirect.add_redirect("/old", "https://elsewhere.example.org/")
    Redirect.add_redirect("/old", "https://other.example.org/new/", site=site)
    assert find(client, "/old").json()["redirect"]["location"] == "https://elsewhere.example.org/"
    other = find(client, "/old", site="other.example.org").json()
    assert other["redirect"]["location"] == "https://other.example.org/new/"
    listed = client.get("/api/v2/redirects/").json()["items"]
    assert [one["location"] for one in listed] == ["https://elsewhere.example.org/"]


def test_redirect_to_what_visitors_may_not_open_is_none(client: Client, blog: BlogIndexPage, post: PostPage) -> None:
    closed = make_post(blog, 2)
    PageViewRestriction.objects.create(page=closed, restriction_type="password", password="sesame")
    for number, page in enumerate((post, closed)):
        Redirect.add_redirect(f"/old-{number}", page)
    post.unpublish()
    for number in range(2):
        assert find(client, f"/old-{number}").json() == {"message": "not found"}
        assert client.get("/api/v2/redirects/find/", {"html_path": f"/old-{number}"}).status_code == 404
    assert client.get("/api/v2/redirects/").json() == {"meta": {"total_count": 0}, "items": []}


def test_redirects_in_a_circle_lead_nowhere(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/a", f"{FRONT_END}/b")
    Redirect.add_redirect("/b", f"{FRONT_END}/a/")
    Redirect.add_redirect("/c", f"{FRONT_END}/b")
    for path in ("/a", "/b", "/c"):
        assert find(client, path).json() == {"message": "not found"}


@pytest.mark.parametrize("path", ["\0", "/\0/", "/" + "x" * 5000])
def test_nonsense_is_not_found(path: str, client: Client, post: PostPage) -> None:
    assert find(client, path).status_code == 404
    assert client.get("/api/v2/redirects/find/", {"html_path": path}).status_code == 404


@pytest.mark.parametrize("end", ["", "/", "?format=json", "/?format=json"])
def test_redirects_are_listed_with_and_without_trailing_slash(end: str, client: Client, post: PostPage) -> None:
    redirect = Redirect.add_redirect("/old", post)
    (listed,) = client.get(f"/api/v2/redirects{end}").json()["items"]
    assert listed["meta"]["type"] == "wagtailredirects.Redirect"
    assert listed["id"] == redirect.pk
    assert (listed["old_path"], listed["location"]) == ("/old", f"{FRONT_END}/post-1/")


def test_redirects_take_the_same_queries_for_few_and_for_many(client: Client, blog: BlogIndexPage) -> None:
    def add(numbers: range) -> None:
        for number in numbers:
            Redirect.add_redirect(f"/old-{number}", make_post(blog, number))

    add(range(2))
    few = queries(client, "/api/v2/redirects/")
    add(range(2, 10))
    many = queries(client, "/api/v2/redirects/")
    assert len(client.get("/api/v2/redirects/").json()["items"]) == 10
    assert len(many) == len(few), "\n".join(many)


def test_page_whose_slug_changes_is_still_found_by_its_old_path(
    client: Client, post: PostPage, django_capture_on_commit_callbacks: Callable
) -> None:
    def rename(slug: str) -> None:
        page = PostPage.objects.get(pk=post.pk)
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    rename("renamed")
    assert find(client, "/post-1/").json()["redirect"]["location"] == f"{FRONT_END}/renamed/"
    rename("post-1")
    assert find(client, "/post-1/").status_code == 302
    assert find(client, "/renamed/").json()["redirect"]["location"] == f"{FRONT_END}/post-1/"


def test_page_that_is_moved_is_still_found_by_its_old_path(
    client: Client, blog: BlogIndexPage, post: PostPage
) -> None:
    section = blog.add_child(instance=BlogIndexPage(title="Section", slug="section"))
    Page.objects.get(pk=post.pk).move(section, pos="last-child")
    assert find(client, "/post-1/").json()["redirect"]["location"] == f"{FRONT_END}/section/post-1/"


def test_templates_follow_redirects(client: Client, blog: BlogIndexPage) -> None:
    Redirect.add_redirect("/old", make_post(blog, 1))
    Redirect.add_redirect("/old.html", "https://elsewhere.example.org/", is_permanent=False)
    response = client.get("/old/")
    assert (response.status_code, response["Location"]) == (301, "/post-1/")
    assert client.get("/old.html").status_code == 302
    assert client.get("/nowhere/").status_code == 404


def test_redirect_from_the_address_of_a_draft_does_not_lead_to_itself(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/post-1", post)
    post.unpublish()
    assert client.get("/post-1/").status_code == 404


def test_api_answers_404_itself(client: Client, post: PostPage) -> None:
    Redirect.add_redirect("/api/v2/nothing", "https://elsewhere.example.org/")
    assert client.get("/api/v2/nothing/").status_code == 404
