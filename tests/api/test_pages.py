"""What front ends rely on when they ask for pages."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, PostPage
from tests.blog.content import (
    block,
    embedded,
    image_block,
    linked,
    lose,
    make_category,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)

POSTS = "/api/v2/pages/?type=blog.PostPage"


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, 1, tags=("sea", "dawn"), author=make_person(), category=make_category())


@pytest.fixture
def titles(client: Client) -> Callable[[str], list[str]]:
    def ask(query: str) -> list[str]:
        response = client.get(f"{POSTS}{query}")
        assert response.status_code == 200, response.content
        return sorted(item["title"] for item in response.json()["items"])

    return ask


@pytest.mark.parametrize("endpoint", ["pages", "images", "videos", "audio", "documents"])
@pytest.mark.parametrize("end", ["", "/", "?format=json", "/?format=json"])
def test_listings_are_answered_with_and_without_trailing_slash(
    endpoint: str, end: str, client: Client, blog: BlogIndexPage
) -> None:
    response = client.get(f"/api/v2/{endpoint}{end}")
    assert response.status_code == 200
    assert set(response.json()) == {"meta", "items"}
    assert response.json()["meta"]["total_count"] == len(response.json()["items"])


@pytest.mark.parametrize("end", ["", "/", "?format=json", "/?format=json"])
def test_detail_is_answered_with_and_without_trailing_slash(end: str, client: Client, post: PostPage) -> None:
    assert client.get(f"/api/v2/pages/{post.pk}{end}").json()["title"] == "Post 1"


@pytest.mark.parametrize("path", ["/post-1", "/post-1/", "post-1", "post-1/"])
@pytest.mark.parametrize("find", ["find", "find/"])
def test_find_redirects_to_the_detail_on_the_host_the_client_called(
    find: str, path: str, client: Client, post: PostPage, settings: Settings
) -> None:
    settings.WAGTAILAPI_BASE_URL = "https://cms.example.org"
    response = client.get(f"/api/v2/pages/{find}?html_path={path}", headers={"host": "inside:8000"})
    assert response.status_code == 302
    assert response["Location"] == f"/api/v2/pages/{post.pk}/"


def test_find_keeps_what_else_was_asked(client: Client, post: PostPage) -> None:
    response = client.get("/api/v2/pages/find/?html_path=/post-1/&fields=title&format=json", follow=True)
    assert response.json()["title"] == "Post 1"
    assert response.redirect_chain == [(f"/api/v2/pages/{post.pk}/?fields=title&format=json", 302)]


def test_find_of_the_root_is_the_blog(client: Client, blog: BlogIndexPage) -> None:
    assert client.get("/api/v2/pages/find/?html_path=/", follow=True).json()["id"] == blog.pk


@pytest.mark.parametrize(
    "path",
    [
        "pages/find/?html_path=/nowhere/",
        "pages/find/",
        "pages/999999/",
        "images/999999",
        "nothing",
        "nothing/at/all/",
        "",
    ],
)
def test_what_is_not_there_is_404_with_a_message_in_json(path: str, client: Client, blog: BlogIndexPage) -> None:
    response = client.get(f"/api/v2/{path}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert response.json()["message"]


def test_draft_is_not_there(client: Client, post: PostPage) -> None:
    post.unpublish()
    assert client.get(f"/api/v2/pages/{post.pk}/").status_code == 404


def test_limit_goes_up_to_100(client: Client, blog: BlogIndexPage) -> None:
    assert client.get("/api/v2/pages/?limit=100").status_code == 200
    response = client.get("/api/v2/pages/?limit=101")
    assert response.status_code == 400
    assert response.json()["message"]


def test_seo_fields_are_strings(client: Client, post: PostPage) -> None:
    meta = client.get(f"/api/v2/pages/{post.pk}/").json()["meta"]
    assert (meta["seo_title"], meta["search_description"]) == ("", "")
    assert meta["alias_of"] is None


def test_author_and_category_come_whole(client: Client, post: PostPage) -> None:
    image = make_image("Ada")
    post.author.portrait = image
    post.author.save()
    body = client.get(f"/api/v2/pages/{post.pk}/").json()
    assert body["author"] | {"portrait": None} == {
        "id": post.author_id,
        "meta": {"type": "blog.Person"},
        "name": "Ada Example",
        "slug": "ada-example",
        "role": "Photo editor",
        "bio": "Ada prints in a cellar.",
        "portrait": None,
        "links": [],
    }
    assert body["author"]["portrait"] == client.get(f"/api/v2/images/{image.pk}/").json()
    assert body["category"]["slug"] == "technique"
    assert body["tags"] == ["dawn", "sea"]


def test_nested_fields_can_be_narrowed(client: Client, blog: BlogIndexPage) -> None:
    image = make_image()
    make_post(blog, 1, featured_image=image, author=make_person(portrait=image))
    url = f"{POSTS}&fields=featured_image(id,title),author(name,portrait(alt))"
    item = client.get(url).json()["items"][0]
    assert item["featured_image"] == {"id": image.pk, "title": "Harbour"}
    assert item["author"] == {"name": "Ada Example", "portrait": {"alt": "What Harbour shows"}}


def test_nested_fields_can_be_taken_away(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, featured_image=make_image())
    item = client.get(f"{POSTS}&fields=featured_image(-sources,-srcset)").json()["items"][0]
    assert "src" in item["featured_image"]
    assert not {"sources", "srcset"} & set(item["featured_image"])


def test_posts_are_filtered_by_category_author_and_tag(
    blog: BlogIndexPage, titles: Callable[[str], list[str]]
) -> None:
    sea, town = make_category("Sea"), make_category("Town")
    ada, bo = make_person("Ada"), make_person("Bo")
    make_post(blog, 1, category=sea, author=ada, tags=("dawn", "Black and white"))
    make_post(blog, 2, category=sea, author=bo, tags=("dawn",))
    make_post(blog, 3, category=town, author=ada)
    assert titles("&category=sea") == ["Post 1", "Post 2"]
    assert titles(f"&category={town.pk}") == ["Post 3"]
    assert titles("&author=ada") == ["Post 1", "Post 3"]
    assert titles("&author=ada&category=sea") == ["Post 1"]
    assert titles("&tag=dawn") == ["Post 1", "Post 2"]
    assert titles("&tag=dawn,black-and-white") == ["Post 1"]
    assert titles("&tag=Black and white") == ["Post 1"]
    assert titles("&category=nowhere") == []


def test_filters_need_no_type(client: Client, post: PostPage) -> None:
    assert client.get("/api/v2/pages/?category=technique").json()["meta"]["total_count"] == 1


def test_posts_are_filtered_by_date(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    for number in (1, 2, 3):
        make_post(blog, number, date=datetime.date(2026, number, 1))
    assert titles("&date_from=2026-02-01") == ["Post 2", "Post 3"]
    assert titles("&date_from=2026-02-01&date_to=2026-02-01") == ["Post 2"]


def test_a_date_that_is_none_is_refused(client: Client, blog: BlogIndexPage) -> None:
    response = client.get(f"{POSTS}&date_from=yesterday")
    assert response.status_code == 400
    assert "2026-01-31" in response.json()["message"]


def test_search_and_filter_go_together(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    make_post(blog, 1, title="Tide", category=make_category("Sea"))
    make_post(blog, 2, title="Tide table")
    assert titles("&search=tide&category=sea") == ["Tide"]


def test_posts_are_ordered_by_date(client: Client, blog: BlogIndexPage) -> None:
    for number in (1, 3, 2):
        make_post(blog, number)
    items = client.get(f"{POSTS}&order=-date").json()["items"]
    assert [item["title"] for item in items] == ["Post 3", "Post 2", "Post 1"]


def body_of(client: Client, post: PostPage, query: str = "") -> list[dict[str, Any]]:
    return client.get(f"/api/v2/pages/{post.pk}/{query}").json()["body"]


def test_rich_text_comes_resolved(client: Client, blog: BlogIndexPage, post: PostPage) -> None:
    image = make_image()
    other = make_post(blog, 2, body=[rich_text_block(linked(post) + embedded(image))])
    html = body_of(client, other)[0]["value"]
    assert '<a href="/post-1/">there</a>' in html
    assert '<picture class="richtext-image left">' in html


def test_rich_text_comes_as_stored_when_asked(client: Client, blog: BlogIndexPage) -> None:
    source = f"<p>Look:</p>{embedded(make_image())}"
    post = make_post(blog, 1, body=[rich_text_block(source)])
    assert body_of(client, post, "?rich_text_format=db_html")[0]["value"] == source


def test_unknown_format_of_rich_text_is_refused(client: Client, post: PostPage) -> None:
    assert client.get(f"/api/v2/pages/{post.pk}/?rich_text_format=rtf").status_code == 400


def test_foreign_key_block_and_endpoint_give_one_and_the_same_image(
    client: Client, blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    image = make_image()
    develop(image)
    post = make_post(blog, 1, featured_image=image, body=[image_block(image, alt=image.alt)])
    alone = client.get(f"/api/v2/images/{image.pk}/").json()
    page = client.get(f"/api/v2/pages/{post.pk}/").json()
    assert page["featured_image"] == alone
    assert page["body"][0]["value"] == alone
    assert client.get("/api/v2/images/").json()["items"] == [alone]


def test_block_says_what_its_place_says_of_the_image(client: Client, blog: BlogIndexPage) -> None:
    image = make_image(caption="From the library")
    blocks = [
        image_block(image, alt="A ferry", caption="Monday"),
        image_block(image, alt="The same ferry"),
        image_block(image, decorative=True),
    ]
    shown = [one["value"] for one in body_of(client, make_post(blog, 1, body=blocks))]
    assert [one["alt"] for one in shown] == ["A ferry", "The same ferry", ""]
    assert [one["caption"] for one in shown] == ["Monday", "From the library", "From the library"]


def test_block_whose_image_is_gone_is_left_out(client: Client, blog: BlogIndexPage) -> None:
    image = make_image()
    post = make_post(blog, 1, body=[image_block(image), block("heading", {"text": "Left", "level": "h2"})])
    lose(image)
    assert [one["type"] for one in body_of(client, post)] == ["heading"]


def test_embed_without_an_answer_is_its_address(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, body=[block("embed", "https://www.youtube.com/watch?v=1")])
    value = body_of(client, post)[0]["value"]
    assert (value["url"], value["html"]) == ("https://www.youtube.com/watch?v=1", "")


def test_addresses_of_pages_lead_to_the_front_end(
    client: Client, blog: BlogIndexPage, post: PostPage, settings: Settings
) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    other = make_post(blog, 2, body=[rich_text_block(linked(post))])
    detail = client.get(f"/api/v2/pages/{other.pk}/").json()
    assert detail["meta"]["html_url"] == "https://www.example.org/post-2/"
    assert 'href="https://www.example.org/post-1/"' in detail["body"][0]["value"]
