"""What schedules ask for is done, each page by itself."""

from datetime import timedelta

import pytest
from django.db.models.signals import pre_save
from django.utils import timezone
from wagtail.models import PageLogEntry

from blog.editorial.scheduling import do_what_is_due
from blog.models import BlogIndexPage, PostPage
from cms.models import User
from cms.tasks import publish_scheduled_task
from tests.blog.staff import make_draft, make_published

DAY = timedelta(days=1)


def make_due(blog: BlogIndexPage, editor: User | None, number: int = 1, **values: object) -> PostPage:
    """A post that an editor scheduled, and whose time has come."""
    post = make_draft(blog, None, number, go_live_at=timezone.now() + DAY)
    post.latest_revision.publish(user=editor)
    revision = PostPage.objects.get(pk=post.pk).scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=number)
    revision.content |= {"go_live_at": revision.approved_go_live_at.isoformat()} | values
    revision.save()
    return PostPage.objects.get(pk=post.pk)


def live() -> set[str]:
    return set(PostPage.objects.live().values_list("slug", flat=True))


def test_what_is_due_goes_live_and_what_is_over_ends(blog: BlogIndexPage, editor: User):
    make_due(blog, editor, 1)
    make_published(blog, None, 2, expire_at=timezone.now() - DAY)
    make_published(blog, None, 3, expire_at=timezone.now() + DAY)

    assert do_what_is_due() == (1, 1)

    assert live() == {"post-1", "post-3"}
    assert PostPage.objects.get(slug="post-1").published_by == editor
    over = PostPage.objects.get(slug="post-2")
    assert (over.expired, over.status_string) == (True, "expired")
    told = PageLogEntry.objects.filter(action__endswith=".scheduled").values_list("action", flat=True)
    assert set(told) == {"wagtail.publish.scheduled", "wagtail.unpublish.scheduled"}


def test_what_is_to_come_waits(blog: BlogIndexPage, editor: User):
    make_draft(blog, None, go_live_at=timezone.now() + DAY).latest_revision.publish(user=editor)

    assert do_what_is_due() == (0, 0)
    assert live() == set()


def test_page_that_fails_keeps_no_other_waiting_and_is_tried_again(
    blog: BlogIndexPage, editor: User, caplog: pytest.LogCaptureFixture
):
    for number in (1, 2, 3):
        make_due(blog, editor, number)

    def refuse(instance: PostPage, **kwargs: object) -> None:
        if instance.slug == "post-2":
            raise RuntimeError("The disk is full.")

    pre_save.connect(refuse, sender=PostPage)
    try:
        assert do_what_is_due() == (2, 0)
    finally:
        pre_save.disconnect(refuse, sender=PostPage)

    assert live() == {"post-1", "post-3"}
    assert "is not done" in caplog.text
    assert do_what_is_due() == (1, 0)
    assert live() == {"post-1", "post-2", "post-3"}


def test_what_began_and_ended_while_nothing_ran_is_not_left_live(blog: BlogIndexPage, editor: User):
    make_due(blog, editor, expire_at=(timezone.now() - timedelta(seconds=10)).isoformat())

    assert do_what_is_due() == (1, 1)

    assert live() == set()


def test_many_pages_are_done_in_one_run(blog: BlogIndexPage, editor: User):
    for number in range(1, 21):
        make_due(blog, editor, number)

    publish_scheduled_task()

    assert len(live()) == 20


def test_rest_is_published_though_it_is_not_known_what_may_not_be(
    blog: BlogIndexPage, editor: User, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr("cms.tasks.hold_back_and_tell", fail)
    make_due(blog, editor)

    publish_scheduled_task()

    assert live() == {"post-1"}
