"""Who published a page and when is kept, whichever door it went through."""

import itertools
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from tests.api.v3.conftest import Bearer
from tests.blog.staff import hire, make_draft, make_published


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """The admin, with an editor in front of it."""
    client.force_login(editor)
    return client


INLINE = ("further_authors", "chosen_posts", "comments")


def form(**values: object) -> dict[str, object]:
    """What the editor of a post sends."""
    management = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    empty = {f"{name}-{one}": 0 for name, one in itertools.product(INLINE, management)}
    return {
        **empty,
        "title": "Post 1",
        "slug": "post-1",
        "summary": "What it is about.",
        "date": "2026-01-02",
        "body-count": 0,
        **values,
    }


def publication(post: Page) -> tuple[User | None, bool]:
    stored = PostPage.objects.get(pk=post.pk)
    return stored.published_by, stored.published_at is not None


def test_draft_was_published_by_nobody(blog: BlogIndexPage, editor: User):
    assert publication(make_draft(blog, editor)) == (None, False)


def test_editor_publishes_in_the_admin(desk: Client, editor: User, blog: BlogIndexPage):
    post = make_draft(blog, hire("Writer"))

    answer = desk.post(reverse("wagtailadmin_pages:edit", args=[post.pk]), form(**{"action-publish": "1"}))

    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert publication(post) == (editor, True)


def test_new_page_is_published_by_who_makes_it(desk: Client, editor: User, blog: BlogIndexPage):
    address = reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])

    answer = desk.post(address, form(**{"action-publish": "1"}))

    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert publication(PostPage.objects.get()) == (editor, True)


def test_who_approves_a_review_publishes(editor: User, blog: BlogIndexPage):
    writer = hire("Writer")
    post = make_draft(blog, writer)
    post.get_workflow().start(post, writer)

    PostPage.objects.get().current_workflow_task_state.approve(user=editor)

    assert PostPage.objects.get().live
    assert publication(post) == (editor, True)


def test_many_that_are_published_at_once_are_noted_each(desk: Client, editor: User, blog: BlogIndexPage):
    posts = [make_draft(blog, None, number) for number in (1, 2)]
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    desk.post(f"{address}?id={posts[0].pk}&id={posts[1].pk}")

    assert [publication(post) for post in posts] == [(editor, True)] * 2


def test_further_changes_keep_who_published_it_and_when(editor: User, blog: BlogIndexPage):
    post = make_draft(blog, None)
    post.latest_revision.publish(user=editor)
    first = PostPage.objects.get()

    first.title = "Better"
    first.save_revision().publish(user=hire("Admin"))

    post = PostPage.objects.get()
    assert (post.title, post.published_by, post.published_at) == ("Better", editor, first.published_at)


def test_older_draft_brings_no_older_publication_back(editor: User, blog: BlogIndexPage):
    post = make_draft(blog, None)
    older = post.latest_revision
    PostPage.objects.get().save_revision().publish(user=editor)
    before = PostPage.objects.get()

    older.publish(user=hire("Admin"))

    after = PostPage.objects.get()
    assert (after.published_by, after.published_at) == (editor, before.published_at)
    assert older.as_object().published_by == editor


def test_page_that_comes_back_was_published_anew(editor: User, blog: BlogIndexPage):
    post = make_published(blog, None)
    post.unpublish()
    assert publication(post)[1]

    admin = hire("Admin")
    PostPage.objects.get().get_latest_revision().publish(user=admin)

    assert publication(post) == (admin, True)


def test_copy_that_is_live_was_published_by_who_copied_it(editor: User, blog: BlogIndexPage):
    admin = hire("Admin")
    post = make_draft(blog, None)
    post.latest_revision.publish(user=admin)
    post = PostPage.objects.get()

    live = post.copy(update_attrs={"slug": "live"}, user=editor)
    draft = post.copy(update_attrs={"slug": "draft"}, keep_live=False, user=editor)

    assert publication(live) == (editor, True)
    assert publication(draft) == (None, False)


def test_alias_was_published_with_its_source(editor: User, blog: BlogIndexPage):
    post = make_draft(blog, None)
    post.latest_revision.publish(user=editor)

    alias = PostPage.objects.get().create_alias(update_slug="alias")

    assert publication(alias) == (editor, True)


def test_admin_shows_who_published_it(desk: Client, editor: User, blog: BlogIndexPage):
    post = make_draft(blog, None)
    post.latest_revision.publish(user=editor)

    page = desk.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).content.decode()

    assert "Published by" in page
    assert page.count(str(editor)) > 1


def test_visitors_are_told_when_and_programs_by_whom(client: Client, editor: User, blog: BlogIndexPage):
    post = make_draft(blog, None)
    post.latest_revision.publish(user=editor)

    public = client.get(f"/api/v2/pages/{post.pk}/?fields=*").json()
    visited = client.get(f"/api/v3/pages/{post.pk}/").json()
    private = Bearer(editor).get(f"pages/{post.pk}/").json()

    assert "published_by" not in public
    assert public["published_at"]
    assert (visited["published_by"], bool(visited["published_at"])) == (None, True)
    assert private["published_by"]["id"] == editor.pk
    assert private["published_at"]


# Forms: a date that somebody chooses is to come.


def test_date_in_the_past_is_refused_with_what_to_do(desk: Client, blog: BlogIndexPage):
    post = make_draft(blog, None)
    past = (timezone.now() - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")

    answer = desk.post(
        reverse("wagtailadmin_pages:edit", args=[post.pk]), form(go_live_at=past, **{"action-publish": "1"})
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["go_live_at"] == [
        "This time has passed. Choose a later one, or leave it empty to publish at once."
    ]
    assert not PostPage.objects.get().live


def test_date_that_has_passed_since_somebody_chose_it_stays(desk: Client, blog: BlogIndexPage):
    past = timezone.now() - timedelta(days=2, seconds=17)
    post = make_published(blog, None, go_live_at=past)
    shown = past.strftime("%Y-%m-%d %H:%M")

    answer = desk.post(
        reverse("wagtailadmin_pages:edit", args=[post.pk]),
        form(title="Better", go_live_at=shown, **{"action-publish": "1"}),
    )

    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert PostPage.objects.get().title == "Better"


def test_end_must_come_after_the_beginning(desk: Client, blog: BlogIndexPage):
    post = make_draft(blog, None)
    moment = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")

    answer = desk.post(
        reverse("wagtailadmin_pages:edit", args=[post.pk]),
        form(go_live_at=moment, expire_at=moment, **{"action-publish": "1"}),
    )

    assert "It would end before it begins" in answer.context["form"].errors["expire_at"][0]
