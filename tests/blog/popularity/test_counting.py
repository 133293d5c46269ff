"""Views that front ends tell: counted in bulk, of public pages only, and about nobody."""

import datetime
import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction

from blog.models import BlogIndexPage, DailyPageViews, PageStatistics, PostPage
from blog.popularity import counting
from media_library.conf import conf
from tests.blog.content import make_post

URL = "/api/v2/views/"


def send(client: Client, page: object, content_type: str = "text/plain", **options: object) -> int:
    return client.post(URL, json.dumps({"page": page}), content_type=content_type, **options).status_code


def views_of(post: PostPage) -> tuple[int, int]:
    """All its views, and today's."""
    counting.buffer.flush()
    total = PageStatistics.objects.filter(page=post).values_list("view_count", flat=True).first()
    today = DailyPageViews.objects.filter(page=post, day=timezone.localdate()).values_list("views", flat=True).first()
    return total or 0, today or 0


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_view_is_added_to_the_day_and_to_the_total(content_type: str, client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    assert send(client, post.pk, content_type) == 204
    assert views_of(post) == (1, 1)
    send(client, post.pk, content_type)
    send(client, post.pk, content_type)
    assert views_of(post) == (3, 3)


def test_beacon_costs_no_query(
    client: Client, blog: BlogIndexPage, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    post = make_post(blog, 1)
    with django_assert_num_queries(0):
        send(client, post.pk)


def test_writing_takes_as_many_queries_for_twenty_pages_as_for_one(blog: BlogIndexPage) -> None:
    posts = [make_post(blog, number) for number in range(20)]

    def written(pages: list[PostPage]) -> int:
        for page in pages:
            counting.count(page.pk)
        with CaptureQueriesContext(connection) as context:
            counting.buffer.flush()
        return len(context)

    assert written(posts) == written(posts[:1])
    assert PageStatistics.objects.count() == 20


def test_views_around_midnight_count_for_each_day_and_once_in_all(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    today = timezone.localdate()
    counting.record({(post.pk, today): 2, (post.pk, today - datetime.timedelta(days=1)): 3})
    assert views_of(post) == (5, 2)
    assert DailyPageViews.objects.count() == 2


def test_what_visitors_cannot_see_is_not_counted(client: Client, blog: BlogIndexPage) -> None:
    draft, closed = make_post(blog, 1, live=False), make_post(blog, 2)
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    for page in (draft.pk, closed.pk, 999_999_999):
        assert send(client, page) == 204
    assert (views_of(draft), views_of(closed)) == ((0, 0), (0, 0))
    assert not PageStatistics.objects.exists()


def test_publishing_an_old_draft_keeps_the_views(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    draft = post.save_revision()
    send(client, post.pk)
    assert views_of(post) == (1, 1)
    draft.publish()
    assert views_of(post) == (1, 1)
    assert client.get(f"/api/v2/pages/{post.pk}/").json()["view_count"] == 1


@pytest.mark.parametrize(
    "body",
    ["", "nothing", "[]", "{}", '{"page": "12"}', '{"page": 1.5}', '{"page": true}', '{"page": -1}', "[" * 9000,
     '{"page": 1' + "0" * 30 + "}", '{"page": 1, "x": "' + "x" * 20000 + '"}'],
)  # fmt: skip
def test_beacon_that_is_none_is_refused_with_what_to_send(body: str, client: Client, db: None) -> None:
    response = client.post(URL, body, content_type="text/plain")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_beacon"
    assert len(counting.buffer) == 0


def test_anything_but_post_is_refused(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


def test_flood_from_one_address_is_refused(client: Client, blog: BlogIndexPage, settings: Settings) -> None:
    post = make_post(blog, 1)
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BEACONS_PER_MINUTE": 3}
    assert conf.BEACONS_PER_MINUTE == 3
    assert [send(client, post.pk) for _ in range(4)] == [204, 204, 204, 429]
    assert send(client, post.pk, REMOTE_ADDR="198.51.100.7") == 204
    assert views_of(post) == (4, 4)


def test_page_of_another_host_may_send_it_without_a_csrf_token(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    client = Client(enforce_csrf_checks=True)
    assert send(client, post.pk, headers={"origin": "https://www.example.org"}) == 204
    assert views_of(post) == (1, 1)


def test_answer_sets_no_cookie_and_is_kept_by_nobody(client: Client, blog: BlogIndexPage) -> None:
    response = client.post(URL, json.dumps({"page": blog.pk}), content_type="text/plain")
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_that_count_the_same_pages_lose_nothing(blog: BlogIndexPage) -> None:
    posts = [make_post(blog, number) for number in range(3)]
    today = timezone.localdate()

    def work(number: int) -> None:
        for _ in range(5):
            order = posts if number % 2 else posts[::-1]
            counting.record({(post.pk, today): 1 for post in order})
        connection.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [views_of(post) for post in posts] == [(20, 20)] * 3
