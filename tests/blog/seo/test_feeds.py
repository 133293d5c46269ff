"""What feed readers find, read as they read it."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction, Site

from blog.models import BlogIndexPage, Category, PostAuthor, SiteSettings
from media_library.models import CustomImage
from tests.blog.content import (
    block,
    image_block,
    linked,
    make_category,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=700)
    develop(image)
    return image


def read_rss(client: Client, query: str = "") -> Any:
    response = client.get(f"/feed.xml{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def read_json(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/feed.json{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    # What https://www.jsonfeed.org/version/1.1/ requires.
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item
        assert all(one["url"].startswith("http") and one["mime_type"] for one in item.get("attachments", ()))
        assert datetime.datetime.fromisoformat(item["date_published"]).tzinfo is not None
    return feed


def titles(client: Client, query: str) -> list[str]:
    found = [entry.title for entry in read_rss(client, query).entries]
    assert [item["title"] for item in read_json(client, query)["items"]] == found
    return found


def test_newest_posts_come_first_in_both(client: Client, blog: BlogIndexPage) -> None:
    for number in range(25):
        make_post(blog, number)
    found = titles(client, "")
    assert found == [f"Post {number}" for number in range(24, 4, -1)]


def test_feed_says_whose_it_is(client: Client, blog: BlogIndexPage) -> None:
    site = Site.objects.get(is_default_site=True)
    site.site_name = "Silver & Salt"
    site.save()
    SiteSettings.objects.create(site=site, description="Notes on light")
    feed = read_rss(client).feed
    assert (feed.title, feed.subtitle, feed.link) == ("Silver & Salt", "Notes on light", "http://localhost/")
    assert feed.language == "en"
    told = read_json(client)
    assert (told["title"], told["description"]) == ("Silver & Salt", "Notes on light")
    assert (told["home_page_url"], told["feed_url"]) == ("http://localhost/", "http://localhost/feed.json")


def test_post_is_there_whole(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    ada, bo = make_person(), make_person("Bo")
    post = make_post(
        blog,
        1,
        title="Low & <high> tide",
        author=ada,
        category=make_category(),
        tags=("sea",),
        featured_image=image,
        body=[rich_text_block("<p>Blacks come <b>last</b>.</p>" + linked(blog)), image_block(image)],
    )
    post.further_authors.add(PostAuthor(person=bo))
    post.save()
    (entry,) = read_rss(client).entries
    assert entry.title == "Low & <high> tide"
    assert entry.link == "http://localhost/post-1/"
    assert entry.summary == "What post 1 is about."
    assert entry.author == "Ada Example, Bo"
    assert [tag.term for tag in entry.tags] == ["Technique", "sea"]
    assert tuple(entry.published_parsed[:3]) == (2026, 1, 2)
    assert "<b>last</b>" in entry.content[0].value
    (enclosure,) = entry.enclosures
    assert enclosure.type == "image/jpeg"
    assert int(enclosure.length) > 1000
    (item,) = read_json(client)["items"]
    assert item["authors"] == [{"name": "Ada Example"}, {"name": "Bo"}]
    assert item["image"] == item["attachments"][0]["url"] == enclosure.href
    assert item["tags"] == ["Technique", "sea"]
    assert datetime.datetime.fromisoformat(item["date_published"]).date() == datetime.date(2026, 1, 2)
    assert item["id"] == entry.id


def test_addresses_in_the_text_have_a_host(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    make_post(blog, 1, body=[rich_text_block(linked(blog)), image_block(image)])
    (item,) = read_json(client)["items"]
    assert 'href="http://localhost/"' in item["content_html"]
    assert 'src="http' in item["content_html"]
    assert '="/' not in item["content_html"]


def test_addresses_are_those_of_the_front_end(client: Client, blog: BlogIndexPage, settings: Settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    make_post(blog, 1)
    feed = read_json(client)
    assert feed["feed_url"] == "https://www.example.org/feed.json"
    assert feed["items"][0]["url"] == "https://www.example.org/post-1/"
    assert feed["items"][0]["id"].startswith("https://www.example.org/")


def test_feed_of_a_category_or_an_author(client: Client, blog: BlogIndexPage) -> None:
    travel, food = make_category("Travel"), make_category("Food")
    ada, bo = make_person(), make_person("Bo")
    make_post(blog, 1, category=travel, author=ada)
    second = make_post(blog, 2, category=food, author=bo)
    second.further_categories.add(travel)
    second.further_authors.add(PostAuthor(person=ada))
    second.save()
    make_post(blog, 3)
    assert titles(client, "?category=travel") == ["Post 2", "Post 1"]
    assert titles(client, "?category=food") == ["Post 2"]
    assert titles(client, "?author=ada-example") == ["Post 2", "Post 1"]
    assert titles(client, "?author=bo&category=travel") == ["Post 2"]
    feed = read_json(client, "?category=travel")
    assert feed["title"].endswith(": Travel")
    assert feed["feed_url"] == "http://localhost/feed.json?category=travel"


@pytest.mark.parametrize("query", ["?category=none", "?author=none", "?locale=xx", "?category=hidden"])
def test_feed_of_what_there_is_not_is_404(query: str, client: Client, blog: BlogIndexPage) -> None:
    Category.objects.create(name="Hidden", slug="hidden", is_active=False)
    assert client.get(f"/feed.xml{query}").status_code == 404
    assert client.get(f"/feed.json{query}").status_code == 404


def test_closed_and_unpublished_posts_are_in_no_feed(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1)
    make_post(blog, 2, live=False)
    PageViewRestriction.objects.create(page=make_post(blog, 3), restriction_type="login")
    assert titles(client, "") == ["Post 1"]


def test_what_no_xml_may_hold_is_left_out(client: Client, blog: BlogIndexPage) -> None:
    make_post(
        blog,
        1,
        title="Bell\x07 & <script>alert(1)</script>",
        summary="\x0bUp",
        body=[block("code", {"language": "text", "code": "]]>\x0c<b>"})],
    )
    (entry,) = read_rss(client).entries
    assert entry.title == "Bell & <script>alert(1)</script>"


def test_blog_without_posts_has_a_feed(client: Client, blog: BlogIndexPage) -> None:
    assert titles(client, "") == []


def test_as_many_queries_for_many_posts_as_for_few(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    def queries() -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as context:
            client.get("/feed.json")
        return [query["sql"] for query in context.captured_queries]

    def write(number: int) -> None:
        body = [rich_text_block(linked(blog)), image_block(image)]
        make_post(blog, number, author=make_person(f"Person {number}"), tags=("sea",), body=body)

    write(1)
    few = queries()
    for number in range(2, 9):
        write(number)
    many = queries()
    assert len(many) == len(few), "\n".join(many)
