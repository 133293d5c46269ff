"""What front ends that exist ask of Wagtail's API (starters for Next.js, Nuxt and Gatsby, wagtail-js).

The answers are what Wagtail's documentation of the API promises.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Site

from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomDocument
from tests.blog.content import make_category, make_image, make_post

ENDS = ["", "/", "?format=json", "/?format=json"]


@pytest.fixture
def posts(blog: BlogIndexPage) -> list[PostPage]:
    image = make_image()
    sea = make_category("Sea")
    return [
        make_post(blog, number, title=f"{name} tide", featured_image=image, category=sea)
        for number, name in enumerate(("Low", "High", "Spring"))
    ]


@pytest.fixture
def get(client: Client) -> Callable[..., Any]:
    def ask(path: str, **query: str | int) -> Any:
        response = client.get(f"/api/v2/{path}", query, follow=True)
        assert response.status_code == 200, response.content
        return response.json()

    return ask


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("endpoint", ["pages", "images", "documents", "redirects"])
def test_listings_have_a_count_and_items(endpoint: str, end: str, get: Callable[..., Any], posts: list) -> None:
    listing = get(f"{endpoint}{end}")
    assert set(listing) == {"meta", "items"}
    assert listing["meta"]["total_count"] == len(listing["items"])
    for item in listing["items"]:
        assert {"id", "meta"} <= set(item)
        assert {"type", "detail_url"} <= set(item["meta"])


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("query", ["html_path=/post-1/", "html_path=/post-1", "html_path=post-1/&format=json"])
def test_a_route_becomes_a_page_with_all_its_fields(
    query: str, end: str, client: Client, posts: list[PostPage]
) -> None:
    found = client.get(f"/api/v2/pages/find{end}?{query}", follow=True).json()
    assert found["id"] == posts[1].pk
    assert {"type", "detail_url", "html_url", "slug", "seo_title", "search_description", "parent"} <= set(
        found["meta"]
    )
    assert found["meta"]["parent"]["meta"]["type"] == "blog.BlogIndexPage"
    assert {"title", "body", "featured_image", "tags"} <= set(found)


def test_find_leads_to_the_host_that_was_asked_and_keeps_the_rest_of_the_question(
    client: Client, posts: list[PostPage]
) -> None:
    response = client.get("/api/v2/pages/find/?html_path=/post-1/&fields=*", headers={"host": "cms.internal:8000"})
    assert response.status_code == 302
    assert response["Location"] in (
        f"/api/v2/pages/{posts[1].pk}/?fields=*",
        f"/api/v2/pages/{posts[1].pk}/?fields=%2A",
    )


def test_an_unknown_route_is_404_in_json(client: Client, posts: list[PostPage]) -> None:
    response = client.get("/api/v2/pages/find/?html_path=/nowhere/")
    assert (response.status_code, response.json()) == (404, {"message": "not found"})


def test_children_of_a_page_are_listed_whole_and_in_order(
    get: Callable[..., Any], posts: list[PostPage], blog: BlogIndexPage
) -> None:
    listing = get("pages/", type="blog.PostPage", fields="*", child_of=blog.pk, order="-date", locale="en")
    assert [item["title"] for item in listing["items"]] == ["Spring tide", "High tide", "Low tide"]
    assert {"summary", "date", "body", "featured_image", "category"} <= set(listing["items"][0])


@pytest.mark.parametrize("relation", ["child_of", "descendant_of"])
def test_the_root_of_the_site_may_be_asked_for_by_name(
    relation: str, get: Callable[..., Any], posts: list[PostPage]
) -> None:
    assert get("pages/", type="blog.PostPage", **{relation: "root"})["meta"]["total_count"] == 3


def test_ancestors_of_a_page_are_listed(get: Callable[..., Any], posts: list[PostPage], blog: BlogIndexPage) -> None:
    assert [one["id"] for one in get("pages/", ancestor_of=posts[0].pk)["items"]] == [blog.pk]


def test_search_finds_all_words_or_any(get: Callable[..., Any], posts: list[PostPage]) -> None:
    for operator, count in (("and", 1), ("or", 3)):
        listing = get("pages/", type="blog.PostPage", search="high tide", search_operator=operator)
        assert listing["meta"]["total_count"] == count


def test_search_may_be_ordered(get: Callable[..., Any], posts: list[PostPage]) -> None:
    listing = get("pages/", type="blog.PostPage", search="tide", order="title", fields="title")
    assert [one["title"] for one in listing["items"]] == ["High tide", "Low tide", "Spring tide"]


def test_limit_and_offset_turn_pages_and_the_count_stays(get: Callable[..., Any], posts: list[PostPage]) -> None:
    listing = get("pages/", type="blog.PostPage", order="title", limit=1, offset=1)
    assert listing["meta"]["total_count"] == 3
    assert [one["title"] for one in listing["items"]] == ["Low tide"]


def test_random_order_and_a_slug_are_taken(get: Callable[..., Any], posts: list[PostPage]) -> None:
    assert get("pages/", type="blog.PostPage", order="random")["meta"]["total_count"] == 3
    assert [one["id"] for one in get("pages/", slug="post-2")["items"]] == [posts[2].pk]


def test_fields_are_added_taken_away_and_nested(get: Callable[..., Any], posts: list[PostPage]) -> None:
    fields = "_,title,featured_image(title,src),slug"
    item = get("pages/", type="blog.PostPage", fields=fields)["items"][0]
    assert set(item) == {"title", "featured_image", "meta"}
    assert set(item["featured_image"]) == {"title", "src"}
    assert "body" not in get(f"pages/{posts[0].pk}/", fields="-body")


def test_several_types_are_listed_together(
    get: Callable[..., Any], posts: list[PostPage], blog: BlogIndexPage
) -> None:
    listing = get("pages/", type="blog.PostPage,blog.BlogIndexPage")
    assert {one["meta"]["type"] for one in listing["items"]} == {"blog.PostPage", "blog.BlogIndexPage"}


def test_a_site_is_asked_for_by_its_host(client: Client, get: Callable[..., Any], blog: BlogIndexPage) -> None:
    root = blog.get_parent().add_child(instance=BlogIndexPage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example.org", port=443, root_page=root)
    other = make_post(root, 7)
    site = "other.example.org"
    assert [one["id"] for one in get("pages/", type="blog.PostPage", site=site)["items"]] == [other.pk]
    assert [one["id"] for one in get("pages/", child_of="root", site=f"{site}:443")["items"]] == [other.pk]
    assert get("pages/find/", html_path="/post-7/", site=site)["id"] == other.pk
    assert client.get("/api/v2/pages/find/?html_path=/post-7/").status_code == 404


@pytest.mark.parametrize(
    "endpoint",
    ["pages", "site", "search", "categories", "redirects", "images", "videos", "audio", "documents", "collections"],
)
def test_every_endpoint_takes_the_site(endpoint: str, client: Client, blog: BlogIndexPage) -> None:
    assert client.get(f"/api/v2/{endpoint}/?site=localhost").status_code == 200
    assert client.get(f"/api/v2/{endpoint}/?site=nowhere.example.org").status_code == 404


@pytest.mark.parametrize("path", ["page_preview/", "page_preview", "page_preview/1/", "preview/"])
def test_a_preview_is_fetched_by_content_type_and_token(
    path: str, get: Callable[..., Any], posts: list[PostPage]
) -> None:
    draft = posts[0]
    draft.title = "Not out yet"
    token = draft.create_page_preview().token
    shown = get(path, content_type="blog.postpage", token=token, in_preview_panel="true")
    assert (shown["id"], shown["title"]) == (draft.pk, "Not out yet")


@pytest.mark.parametrize("end", ["/", ""])
def test_images_and_documents_are_fetched_by_id(end: str, get: Callable[..., Any], posts: list[PostPage]) -> None:
    image = posts[0].featured_image
    shown = get(f"images/{image.pk}{end}")
    assert {"title", "width", "height"} <= set(shown)
    assert shown["meta"]["download_url"]
    document = CustomDocument(title="Tide table", file=ContentFile(b"Table", name="tides.txt"))
    document.save()
    assert get(f"documents/{document.pk}{end}")["meta"]["download_url"].endswith("tides.txt")
    assert get("documents/", search="table")["meta"]["total_count"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "type=blog.Nothing",
        "child_of=x",
        "order=nothing",
        "limit=x",
        "offset=-1",
        "fields=(",
        "limit=101",
    ],
)
def test_what_is_asked_wrongly_is_400_in_json(query: str, client: Client, posts: list[PostPage]) -> None:
    response = client.get(f"/api/v2/pages/?{query}")
    assert (response.status_code, bool(response.json()["message"])) == (400, True)
