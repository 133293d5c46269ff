"""Editors see what is read most, and on each page how often it was seen."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.models import BlogIndexPage, PostPage
from blog.popularity import counting
from cms.models import User
from tests.blog.content import make_post
from tests.blog.staff import hire, make_published

REPORT = "/admin/reports/most-read/"


def see(page: PostPage, **days_ago: int) -> None:
    """``see(post, today=3, d10=4)``: so many views, so many days ago."""
    today = timezone.localdate()
    for name, views in days_ago.items():
        ago = 0 if name == "today" else int(name[1:])
        counting.record({(page.pk, today - datetime.timedelta(days=ago)): views})


def rows(client: Client, query: str = "") -> list[tuple[str, int, int, int]]:
    response = client.get(f"{REPORT}{query}")
    assert response.status_code == 200
    return [(page.title, page.week, page.month, page.ever) for page in response.context["object_list"]]


@pytest.fixture
def posts(blog: BlogIndexPage) -> list[PostPage]:
    made = [make_post(blog, number, title=title) for number, title in enumerate(("Old", "New", "Never"))]
    see(made[0], d40=9, d29=1)
    see(made[1], today=2, d10=3)
    return made


def test_report_counts_7_days_30_days_and_ever(admin_client: Client, posts: list[PostPage]) -> None:
    assert rows(admin_client) == [("New", 2, 5, 5), ("Old", 0, 1, 10)]
    assert rows(admin_client, "?ordering=-ever")[0] == ("Old", 0, 1, 10)


def test_report_takes_as_many_queries_for_many_pages_as_for_few(
    admin_client: Client, blog: BlogIndexPage, posts: list[PostPage]
) -> None:
    admin_client.get(REPORT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            admin_client.get(REPORT)
        return len(context)

    few = queries()
    for number in range(5, 15):
        see(make_post(blog, number), today=number)
    assert queries() == few


def test_report_is_exported(admin_client: Client, posts: list[PostPage]) -> None:
    content = b"".join(admin_client.get(f"{REPORT}?export=csv").streaming_content).decode()
    assert "New,Post,2,5,5," in content


def test_report_is_in_the_menu_and_for_editors_only(client: Client, posts: list[PostPage]) -> None:
    client.force_login(hire("Editor"))
    assert REPORT in client.get("/admin/").content.decode()
    assert len(rows(client)) == 2
    stranger = User.objects.create_user("stranger", "s@example.org", "a long password")
    client.force_login(stranger)
    assert client.get(REPORT).status_code == 302


def test_edit_page_shows_how_often_it_was_seen(client: Client, blog: BlogIndexPage) -> None:
    editor = hire("Editor")
    post = make_published(blog, editor)
    see(post, today=1234, d10=1, d50=1)
    client.force_login(editor)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).content.decode()
    assert "How often it was seen" in html
    for number in ("1,234", "1,235", "1,236"):
        assert f">{number}<" in html


def test_page_that_was_never_published_shows_no_views(admin_client: Client, blog: BlogIndexPage) -> None:
    html = admin_client.get(reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])).content.decode()
    assert "How often it was seen" not in html
