"""``total_count`` of lists is counted once, and again when the list has changed."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import BlogIndexPage
from cms.delivery import versions
from tests.blog.content import make_blog, make_post

LIST = "/api/v2/pages/?type=blog.PostPage"


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def ask(client: Client, settings: object) -> Callable[[str], tuple[int, bool]]:
    """The count of a list, and whether it was counted for this answer."""
    settings.RESPONSE_CACHE = False  # type: ignore[attr-defined]
    versions.cache.clear()

    def work(url: str) -> tuple[int, bool]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url).json()
        return answer["meta"]["total_count"], any("COUNT(" in one["sql"] for one in captured.captured_queries)

    return work


def test_list_is_counted_once_for_all_its_pages(blog: BlogIndexPage, ask: Callable) -> None:
    make_post(blog, 1)
    make_post(blog, 2)
    assert ask(f"{LIST}&limit=1") == (2, True)
    assert ask(f"{LIST}&limit=1&offset=1") == (2, False)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_list_is_counted_again_after_a_post_is_published_or_deleted(blog: BlogIndexPage, ask: Callable) -> None:
    make_post(blog, 1)
    ask(LIST)
    post = make_post(blog, 2)
    assert ask(LIST) == (2, True)
    post.delete()
    assert ask(LIST) == (1, True)


def test_other_filters_are_counted_by_themselves(blog: BlogIndexPage, ask: Callable) -> None:
    make_post(blog, 1, tags=("sea",))
    make_post(blog, 2)
    assert ask(LIST)[0] == 2
    assert ask(f"{LIST}&tag=sea") == (1, True)


def test_lists_are_answered_while_the_cache_is_down(
    blog: BlogIndexPage, ask: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_post(blog, 1)

    def refuse(*args: object, **options: object) -> None:
        raise OSError("no cache")

    monkeypatch.setattr("cms.delivery.versions.read", refuse)
    assert ask(LIST) == (1, True)
