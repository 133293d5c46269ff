"""What is announced of pages and assets, and by how many rows."""

import pytest
from django.test import TestCase
from wagtail.models import Collection

from blog.models import BlogIndexPage, PostPage
from cms.delivery.models import Change, Webhook
from media_library import bulk
from media_library.deletion import restore_asset, trash_asset
from media_library.jobs import record
from media_library.models import Asset, BulkOperation, CustomImage
from tests.blog.content import image_block, make_blog, make_image, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog() -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    made = make_post(blog)
    Change.objects.all().delete()
    return made


def events() -> list[str]:
    return list(Change.objects.exclude(event="").order_by("pk").values_list("event", flat=True))


def test_a_draft_announces_nothing(post: PostPage) -> None:
    post.title = "Not yet"
    post.save_revision()
    assert not Change.objects.exists()


def test_publishing_is_an_event_with_all_that_it_makes_stale(post: PostPage) -> None:
    post.title = "Another"
    post.save_revision().publish()
    change = Change.objects.get(event="page.published")
    assert change.subject == {"type": "blog.PostPage", "id": post.pk, "title": "Another"}
    assert {f"page-{post.pk}", f"card-{post.pk}", f"link-{post.pk}"} <= set(change.tags)


def test_a_page_that_is_hidden_moved_and_deleted_is_three_events(post: PostPage, blog: BlogIndexPage) -> None:
    notes = blog.get_parent().add_child(instance=BlogIndexPage(title="Notes", slug="notes"))
    post.move(notes, pos="last-child")
    moved = PostPage.objects.get(pk=post.pk)
    moved.unpublish()
    moved.save_revision().publish()
    PostPage.objects.get(pk=post.pk).delete()
    assert events() == ["page.moved", "page.unpublished", "page.published", "page.deleted"]
    change = Change.objects.get(event="page.moved")
    assert {f"pages-blog.postpage-in-{blog.pk}", f"pages-blog.postpage-in-{notes.pk}"} <= set(change.tags)


def test_what_webhooks_are_told_of_a_picture_names_the_pages_that_show_it(blog: BlogIndexPage) -> None:
    image = make_image()
    post = make_post(blog, body=[image_block(image)])
    Webhook.objects.create(name="Front end", url="https://example.org/", events=["asset.failed"])
    Change.objects.all().delete()
    job = image.jobs.get()
    job.state = "failed"
    job.save()
    record.settle(job)
    subject = Change.objects.get(event="asset.failed").subject
    assert subject["urls"] == [f"http://localhost:8000/api/v2/images/{image.pk}/"]
    assert subject["affected_urls"] == [post.full_url]


def test_the_trash_is_gone_for_visitors_and_comes_back() -> None:
    image = make_image()
    CustomImage.objects.filter(pk=image.pk).update(status=Asset.Status.READY)
    Change.objects.all().delete()
    trash_asset(image)
    restore_asset(image)
    assert events() == ["asset.deleted", "asset.ready"]


def test_a_batch_of_an_operation_on_many_is_one_row(admin_user) -> None:
    images = [make_image(f"Picture {number}") for number in range(6)]
    folder = Collection.get_first_root_node().add_child(name="Archive")
    ids = [image.pk for image in images]
    operation = bulk.start(admin_user, BulkOperation.Action.MOVE, {"collection": folder.pk}, ids)
    Change.objects.all().delete()
    with TestCase.captureOnCommitCallbacks():
        bulk.run(operation.pk)
    assert CustomImage.objects.filter(collection=folder).count() == 6
    assert [change.tags for change in Change.objects.all()] == [["images-content", "images-folders"]]
