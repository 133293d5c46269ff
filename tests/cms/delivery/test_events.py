"""Each event is told when it happens, with what it happened to, where that is seen, and what is made of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.images.models import SourceImageIOError

from blog.models import BlogIndexPage, PostPage
from cms.delivery.events import Event
from cms.delivery.models import Purge, Webhook, WebhookDelivery
from cms.delivery.purge.tasks import send_purges_task
from cms.delivery.webhooks.tasks import send_webhooks_task
from media_library.deletion import trash_asset
from media_library.models import CustomDocument, CustomImage
from media_library.replacement import replace_file
from tests.blog.content import make_blog, make_post
from tests.media import photo_file

pytestmark = pytest.mark.django_db

Committed = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def blog() -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, title="Harbour", slug="harbour")


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks) -> Committed:
    """What happens inside is told when it ends, to one receiver of all events."""
    monkeypatch.setattr(send_webhooks_task, "delay", lambda webhook_id: None)
    monkeypatch.setattr(send_purges_task, "delay", lambda: None)
    Webhook.objects.create(name="All", url="https://example.org/", events=Event.values)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def told() -> list[tuple[str, int]]:
    """Events and ids, in their order."""
    rows = WebhookDelivery.objects.order_by("pk")
    return [(row.event, row.payload["subject"]["id"]) for row in rows]


def body(event: str) -> dict[str, Any]:
    return WebhookDelivery.objects.filter(event=event).latest("pk").payload


def test_page_that_is_published(post: PostPage, committed: Committed):
    with committed():
        post.title = "The harbour"
        post.save_revision().publish()
    assert told() == [("page.published", post.pk)]
    content = body("page.published")
    assert content["subject"]["type"] == "blog.PostPage"
    assert content["subject"]["title"] == "The harbour"
    assert any(url.endswith("/harbour/") for url in content["subject"]["urls"])
    assert set(content["subject"]["urls"]) <= set(content["urls"])
    assert f"page-{post.pk}" in content["tags"]


def test_page_that_is_unpublished(post: PostPage, committed: Committed):
    with committed():
        post.unpublish()
    assert told() == [("page.unpublished", post.pk)]
    assert any(url.endswith("/harbour/") for url in body("page.unpublished")["subject"]["urls"])


def test_page_that_is_deleted(post: PostPage, committed: Committed):
    pk = post.pk
    with committed():
        post.delete()
    assert told() == [("page.deleted", pk)]
    assert body("page.deleted")["subject"]["title"] == "Harbour"


def test_page_that_is_moved(post: PostPage, blog: BlogIndexPage, committed: Committed):
    other = blog.add_child(instance=BlogIndexPage(title="Archive", slug="archive"))
    with committed():
        post.move(other, pos="last-child")
    assert ("page.moved", post.pk) in told()


def test_draft_tells_nobody(post: PostPage, committed: Committed):
    with committed():
        post.title = "Not yet"
        post.save_revision()
    assert told() == []


def test_asset_that_is_ready(photo: CustomImage, develop, committed: Committed):
    with committed():
        develop(photo)
    assert ("asset.ready", photo.pk) in told()
    assert body("asset.ready")["subject"]["type"] == "media_library.CustomImage"
    assert f"image-{photo.pk}" in body("asset.ready")["tags"]


def test_document_that_is_ready_as_it_comes(committed: Committed):
    with committed():
        menu = CustomDocument.objects.create(title="Menu", file=ContentFile(b"Soup", name="menu.txt"))
    assert told() == [("asset.ready", menu.pk)]
    assert body("asset.ready")["subject"]["type"] == "media_library.CustomDocument"
    with committed():
        replace_file(menu, ContentFile(b"Fish", name="menu.txt"))
    assert told()[1:] == [("asset.replaced", menu.pk), ("asset.ready", menu.pk)]
    with committed():
        menu.title = "Menu of the day"
        menu.save()
    assert len(told()) == 3


def test_asset_that_could_not_be_processed(photo: CustomImage, develop, committed: Committed, settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "JOB_MAX_ATTEMPTS": 1}
    photo.file.storage.delete(photo.file.name)
    with committed(), pytest.raises(SourceImageIOError):
        develop(photo)
    assert ("asset.failed", photo.pk) in told()


def test_asset_that_is_replaced(photo: CustomImage, develop, committed: Committed):
    develop(photo)
    with committed():
        replace_file(photo, photo_file("another.jpg", width=99, height=66))
    assert ("asset.replaced", photo.pk) in told()


def test_asset_that_is_deleted(photo: CustomImage, develop, committed: Committed):
    develop(photo)
    with committed():
        trash_asset(photo)
    assert ("asset.deleted", photo.pk) in told()


def test_change_of_a_page_is_purged_at_its_own_address_without_any_webhook(
    post: PostPage, settings, committed: Committed
):
    Webhook.objects.all().delete()
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": "cms.delivery.purge.backends.Varnish", "LOCATIONS": ["http://127.0.0.1:1"]}
    }
    with committed():
        post.save_revision().publish()
    urls = [url for row in Purge.objects.all() for url in row.urls]
    assert any(url.endswith("/harbour/") for url in urls)
