"""Posts by category, author and series, and in the order of how often they are read."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import (
    BlogIndexPage,
    Category,
    DailyPageViews,
    PageStatistics,
    PersonPage,
    PostAuthor,
    PostPage,
    Series,
)
from tests.blog.content import make_category, make_person, make_post

POSTS = "/api/v2/pages/?type=blog.PostPage"


@pytest.fixture
def titles(client: Client, blog: BlogIndexPage) -> Callable[[str], list[str]]:
    def ask(query: str) -> list[str]:
        response = client.get(f"{POSTS}{query}")
        assert response.status_code == 200, response.content
        return [item["title"] for item in response.json()["items"]]

    return ask


def test_category_finds_posts_that_have_it_besides(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    sea, art = make_category("Sea"), make_category("Art")
    make_post(blog, 1, category=sea)
    besides = make_post(blog, 2, category=art)
    besides.further_categories = [sea]
    besides.save()
    make_post(blog, 3, category=art)
    assert sorted(titles("&category=sea")) == ["Post 1", "Post 2"]
    assert sorted(titles(f"&category={art.pk}")) == ["Post 2", "Post 3"]


def test_category_finds_posts_of_those_below_it(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    world = make_category("World")
    europe = Category.objects.create(name="Europe", slug="europe", parent=world)
    norway = Category.objects.create(name="Norway", slug="norway", parent=europe)
    hidden = Category.objects.create(name="Hidden", slug="hidden", parent=world, is_active=False)
    for number, category in enumerate((world, europe, norway, hidden, make_category("Art")), start=1):
        make_post(blog, number, category=category)
    assert sorted(titles("&category=world")) == ["Post 1", "Post 2", "Post 3"]
    assert sorted(titles("&category=europe")) == ["Post 2", "Post 3"]


def test_category_that_is_not_active_finds_nothing(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    make_post(blog, 1, category=Category.objects.create(name="Hidden", slug="hidden", is_active=False))
    assert titles("&category=hidden") == []


def test_author_finds_posts_that_somebody_wrote_with_others(
    blog: BlogIndexPage, titles: Callable[[str], list[str]]
) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    post = make_post(blog, 1, author=ada)
    post.further_authors = [PostAuthor(person=bo)]
    post.save()
    make_post(blog, 2, author=ada)
    assert titles("&author=bo") == ["Post 1"]
    assert titles(f"&author={bo.pk}") == ["Post 1"]
    assert sorted(titles("&author=ada")) == ["Post 1", "Post 2"]


def test_series_finds_its_posts(blog: BlogIndexPage, titles: Callable[[str], list[str]]) -> None:
    series = Series.objects.create(title="At sea", slug="at-sea")
    make_post(blog, 1, series=series)
    make_post(blog, 2)
    assert titles("&series=at-sea") == titles(f"&series={series.pk}") == ["Post 1"]
    assert titles("&series=nothing") == []


@pytest.fixture
def read(blog: BlogIndexPage) -> tuple[PostPage, PostPage, PostPage]:
    """Posts that were read 9 times long ago, 5 times lately, and never."""
    old, new, never = (make_post(blog, number, title=title) for number, title in enumerate(("Old", "New", "Never")))
    today = timezone.localdate()
    for post, days, views in ((old, 40, 8), (old, 29, 1), (new, 0, 2), (new, 3, 3)):
        DailyPageViews.objects.create(page=post, day=today - datetime.timedelta(days=days), views=views)
    PageStatistics.objects.create(page=old, view_count=9)
    PageStatistics.objects.create(page=new, view_count=5)
    return old, new, never


def test_posts_are_ordered_by_their_views(
    read: tuple[PostPage, ...], client: Client, titles: Callable[[str], list[str]]
) -> None:
    assert titles("&order=-view_count") == ["Old", "New", "Never"]
    assert titles("&order=view_count")[0] == "Never"
    assert titles("&order=-view_count&limit=1&offset=1") == ["New"]


def test_most_read_are_those_of_the_last_30_days(
    read: tuple[PostPage, ...], titles: Callable[[str], list[str]]
) -> None:
    assert titles("&order=most_read") == ["New", "Old", "Never"]


def test_pages_of_all_types_are_ordered_by_their_views(
    client: Client, blog: BlogIndexPage, read: tuple[PostPage, ...]
) -> None:
    page = blog.add_child(instance=PersonPage(title="Ada", slug="ada", person=make_person("Ada")))
    PageStatistics.objects.create(page=page, view_count=7)
    items = client.get("/api/v2/pages/?order=-view_count").json()["items"]
    assert [item["title"] for item in items][:3] == ["Old", "Ada", "New"]


def test_search_in_the_order_of_views_is_refused_with_a_reason(client: Client, blog: BlogIndexPage) -> None:
    response = client.get(f"{POSTS}&search=tide&order=-view_count")
    assert response.status_code == 400
    assert "search" in response.json()["message"]


def test_view_count_is_told(client: Client, read: tuple[PostPage, ...]) -> None:
    items = client.get(f"{POSTS}&fields=view_count&order=-view_count").json()["items"]
    assert [item["view_count"] for item in items] == [9, 5, 0]
