"""“Publish when ready”: once, with the permissions of who asked, and not if something else has happened meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, PageLogEntry, Revision
from wagtail.signals import page_published

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from cms.tasks import publish_scheduled_task
from media_library import tasks
from media_library.exceptions import NotPublishable
from media_library.models import Asset, CustomImage, ProcessingJob, Video, WaitingPublication
from media_library.publishing.waiting import (
    LOG_WAIT,
    awaited,
    cancel,
    progress,
    publish_awaited,
    publish_when_ready,
    waiting_for,
)
from media_library.tasks import publish_awaited_task
from tests.blog.content import image_block, make_blog, make_image, make_post, video_block

pytestmark = pytest.mark.django_db

Develop = Callable[..., None]
State = WaitingPublication.State


@pytest.fixture
def editor(blog: BlogIndexPage) -> User:
    """Somebody who may change and publish the posts of the blog."""
    group = Group.objects.create(name="Desk")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(pk=blog.pk), permission=permission)
    user = User.objects.create_user("edith", "edith@example.org", "a long password")
    user.groups.add(group)
    return user


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, 1, live=False)


@pytest.fixture
def image(post: PostPage) -> CustomImage:
    """A picture that the post shows and that nobody has developed yet."""
    image = make_image()
    post.featured_image = image
    return image


def is_live(post: PostPage) -> bool:
    return PostPage.objects.get(pk=post.pk).live


def run_tasks(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Have workers do at once what they are told of."""
    told: list[int | None] = []

    def delay(asset_id: int | None = None) -> None:
        told.append(asset_id)
        publish_awaited_task(asset_id)

    monkeypatch.setattr(tasks.publish_awaited_task, "delay", delay)
    return told


# When it is ready


def test_it_goes_live_as_soon_as_the_last_of_its_media_is_ready(
    post: PostPage,
    image: CustomImage,
    film: Video,
    editor: User,
    develop: Develop,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable,
):
    told = run_tasks(monkeypatch)
    post.body = post.body.stream_block.to_python([video_block(film), image_block(image)])
    waiting = publish_when_ready(post.save_revision(), editor)
    assert (waiting.state, progress(waiting)) == (State.WAITING, (2, 2))

    with django_capture_on_commit_callbacks(execute=True):
        develop(image)
    assert (is_live(post), progress(waiting)) == (False, (1, 2))

    with django_capture_on_commit_callbacks(execute=True):
        develop(film)
    assert is_live(post)
    assert {image.pk, film.pk} <= set(told)
    assert PageLogEntry.objects.filter(page=post.pk, action="wagtail.publish", user=editor).count() == 1


def test_what_is_ready_already_is_published_at_once(
    post: PostPage, image: CustomImage, editor: User, develop: Develop
):
    develop(image)

    assert publish_when_ready(post.save_revision(), editor).state == State.PUBLISHED
    assert is_live(post)


def test_message_that_is_lost_loses_nothing(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)
    # Nobody listens to the broker of the tests.
    develop(image)
    assert not is_live(post)

    publish_awaited_task()

    assert is_live(post)


def test_draft_that_was_saved_later_stays_one(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)
    post.title = "Not yet"
    post.save_revision()
    develop(image)

    publish_awaited_task()

    live = PostPage.objects.get(pk=post.pk)
    assert (live.live, live.title, live.get_latest_revision_as_object().title) == (True, "Post 1", "Not yet")


def test_who_asked_is_told_that_it_is_live(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)
    develop(image)

    publish_awaited_task()
    publish_awaited_task()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["edith@example.org"], "“Post 1” is published")
    assert f"/admin/pages/{post.pk}/edit/" in letter.body


def test_letter_that_could_not_be_sent_is_sent_later(
    post: PostPage, image: CustomImage, editor: User, develop: Develop, monkeypatch: pytest.MonkeyPatch
):
    publish_when_ready(post.save_revision(), editor)
    develop(image)

    def refuse(*args: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("media_library.housekeeping.letters.send_mail", refuse)
        publish_awaited_task()
    assert is_live(post)
    publish_awaited_task()

    assert len(mail.outbox) == 1


def test_schedule_in_the_future_is_kept_once_it_is_ready(
    post: PostPage, image: CustomImage, editor: User, develop: Develop
):
    post.go_live_at = timezone.now().replace(microsecond=0) + timedelta(days=1)
    revision = post.save_revision()
    publish_when_ready(revision, editor)
    develop(image)

    publish_awaited_task()

    revision.refresh_from_db()
    assert (is_live(post), revision.approved_go_live_at) == (False, post.go_live_at)


# When it can't be


def test_failure_of_one_of_them_ends_it_and_says_why(post: PostPage, image: CustomImage, editor: User):
    waiting = publish_when_ready(post.save_revision(), editor)
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.FAILED, status_reason="The file ends too early.")

    publish_awaited_task()

    waiting.refresh_from_db()
    assert (is_live(post), waiting.state) == (False, State.REFUSED)
    assert "The file ends too early." in waiting.reason
    (letter,) = mail.outbox
    assert letter.subject == "“Post 1” was not published"
    assert "The file ends too early." in letter.body


def test_what_time_does_not_heal_is_not_waited_for(post: PostPage, image: CustomImage, editor: User):
    Asset.objects.filter(pk=image.pk).update(alt_text="")

    with pytest.raises(NotPublishable):
        publish_when_ready(post.save_revision(), editor)

    assert not WaitingPublication.objects.exists()


def test_permission_counts_when_it_is_published(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    waiting = publish_when_ready(post.save_revision(), editor)
    editor.groups.clear()
    develop(image)

    publish_awaited_task()

    waiting.refresh_from_db()
    assert (is_live(post), waiting.state) == (False, State.REFUSED)
    assert waiting.reason == "Whoever asked for it may not publish it any more."


def test_somebody_who_may_not_publish_may_not_ask(post: PostPage, image: CustomImage):
    writer = User.objects.create_user("wendy", "wendy@example.org", "a long password")

    with pytest.raises(PermissionDenied):
        publish_when_ready(post.save_revision(), writer)


def test_wish_goes_with_its_user(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)
    editor.delete()
    develop(image)

    publish_awaited_task()

    assert not is_live(post)


def test_one_that_goes_wrong_does_not_hold_up_the_others(
    blog: BlogIndexPage, post: PostPage, image: CustomImage, editor: User, develop: Develop
):
    other = make_post(blog, 2, live=False, featured_image=image)
    broken = publish_when_ready(post.save_revision(), editor)
    publish_when_ready(other.save_revision(), editor)
    Revision.objects.filter(pk=broken.revision_id).update(content={"pk": post.pk, "title": 5, "body": 7, "path": None})
    develop(image)

    publish_awaited_task()

    assert is_live(other)
    broken.refresh_from_db()
    assert broken.state == State.WAITING


class Killed(BaseException):
    """As a worker ends that the kernel kills."""


def test_worker_that_dies_while_it_publishes_loses_nothing(
    post: PostPage, image: CustomImage, editor: User, develop: Develop
):
    waiting = publish_when_ready(post.save_revision(), editor)
    develop(image)

    def die(**kwargs: object) -> None:
        raise Killed

    page_published.connect(die)
    try:
        with pytest.raises(Killed):
            publish_awaited_task()
    finally:
        page_published.disconnect(die)
    waiting.refresh_from_db()
    assert (is_live(post), waiting.state) == (False, State.WAITING)

    publish_awaited_task()

    assert is_live(post)


# Cancelled


def test_editor_may_take_it_back(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)

    assert cancel(post, editor)
    develop(image)
    publish_awaited_task()

    assert not is_live(post)
    assert waiting_for(post).state == State.CANCELLED
    assert mail.outbox == []


def test_newer_version_that_is_published_ends_it(post: PostPage, image: CustomImage, editor: User, develop: Develop):
    publish_when_ready(post.save_revision(), editor)
    post.featured_image, post.title = None, "Without a picture"
    post.save_revision().publish(user=editor)
    develop(image)

    publish_awaited_task()

    assert PostPage.objects.get(pk=post.pk).title == "Without a picture"
    assert waiting_for(post).state == State.CANCELLED


def test_taking_the_page_off_ends_it(blog: BlogIndexPage, editor: User, develop: Develop):
    post = make_post(blog, 3)
    post.save_revision().publish()
    post.featured_image = image = make_image()
    publish_when_ready(post.save_revision(), editor)
    PostPage.objects.get(pk=post.pk).unpublish()
    develop(image)

    publish_awaited_task()

    assert not is_live(post)


def test_newer_wish_takes_the_place_of_the_older(post: PostPage, image: CustomImage, editor: User):
    publish_when_ready(post.save_revision(), editor)
    post.title = "Better"
    newer = post.save_revision()

    publish_when_ready(newer, editor)

    assert [one.revision for one in awaited()] == [newer]


def test_deleting_the_page_leaves_nothing_that_waits(post: PostPage, image: CustomImage, editor: User):
    publish_when_ready(post.save_revision(), editor)

    PostPage.objects.get(pk=post.pk).delete()

    assert not WaitingPublication.objects.exists()


# Schedules


def test_schedule_that_runs_into_unfinished_media_waits_for_them(
    post: PostPage, image: CustomImage, develop: Develop, editor: User
):
    develop(image)
    post.go_live_at = timezone.now() + timedelta(days=1)
    revision = post.save_revision(user=editor)
    revision.publish()
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.PROCESSING)
    Revision.objects.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision.refresh_from_db()
    revision.content["go_live_at"] = None
    revision.save()

    publish_scheduled_task()
    assert not is_live(post)
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.READY)
    publish_awaited_task()

    assert is_live(post)


def test_nothing_is_scheduled_with_unfinished_media(post: PostPage, image: CustomImage):
    post.go_live_at = timezone.now() + timedelta(days=1)

    with pytest.raises(NotPublishable):
        post.save_revision().publish()


def test_history_says_that_it_waits(post: PostPage, image: CustomImage, editor: User):
    publish_when_ready(post.save_revision(), editor)

    assert PageLogEntry.objects.filter(page=post.pk, action=LOG_WAIT, user=editor).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_publish_once(admin_user: User):
    blog = make_blog()
    post = make_post(blog, 1, live=False, featured_image=make_image())
    publish_when_ready(post.save_revision(), admin_user)
    Asset.objects.update(status=Asset.Status.READY)
    ProcessingJob.objects.all().delete()
    together = Barrier(2)

    def work() -> None:
        waiting = list(awaited())
        together.wait()
        publish_awaited(waiting)
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert WaitingPublication.objects.get().state == State.PUBLISHED
    assert PageLogEntry.objects.filter(page=post.pk, action="wagtail.publish").count() == 1
