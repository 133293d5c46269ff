"""Putting one asset in the place of another: every way to use one, in every state; nothing else changes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection, GroupPagePermission, ModelLogEntry, ReferenceIndex, Workflow, WorkflowTask

from blog.models import BlogIndexPage, Person, PostPage
from cms.models import User
from media_library import editing, media_collections
from media_library.exceptions import NotReplaced
from media_library.imaging.operations import OwnWatermark, Recipe
from media_library.models import Asset, CollectionSettings, CustomDocument, CustomImage, MediaCollection, Video
from media_library.usage import Replacement, places, replace_everywhere, usage_counts
from media_library.usage.recording import record_all
from tests.blog.content import (
    block,
    embedded,
    gallery_block,
    image_block,
    linked,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)
from tests.media_library.usage.test_places import save_draft, schedule


@pytest.fixture
def other(db: None) -> CustomImage:
    return make_image("Quay")


def replaced(old: Asset, new: Asset, user: User | None = None) -> Replacement:
    """Replace, and see that what usage says is what a fresh look at everything says."""
    result = replace_everywhere(old, new, user)
    assert not result.left
    assert usage_counts([old.pk])[old.pk] == 0
    kept = known(new)
    for model in (PostPage, Person):
        for one in model.objects.all():
            ReferenceIndex.create_or_update_for_object(one)
    record_all()
    assert known(new) == kept
    assert usage_counts([old.pk])[old.pk] == 0
    return result


def known(asset: Asset) -> list[tuple]:
    return [(place.title, place.state, place.fields, place.goes_live_at) for place in places(asset)]


def test_live_page_is_published_again(blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User):
    body = [
        rich_text_block("<p>Before</p>" + embedded(image) + embedded(other, "Mine")),
        image_block(image, "Told here"),
        gallery_block(image, other, image),
        block("heading", {"text": "After", "level": "h2"}, 7),
    ]
    make_post(blog, 1, featured_image=image, body=body)

    result = replaced(image, other, admin_user)

    assert [outcome.place.title for outcome in result.done] == ["Post 1"]
    post = PostPage.objects.get()
    assert post.live
    assert not post.has_unpublished_changes
    assert post.featured_image == other
    raw = post.body.get_prep_value()
    assert raw[0]["value"] == "<p>Before</p>" + embedded(other) + embedded(other, "Mine")
    assert raw[1] == body[1] | {"value": body[1]["value"] | {"image": other.pk}}
    assert [item["value"]["image"] for item in raw[2]["value"]] == [other.pk] * 3
    assert raw[3] == body[3]
    revision = post.latest_revision
    assert (revision.user, post.live_revision) == (admin_user, revision)
    assert revision.as_object().featured_image == other


def test_document_in_rich_text(blog: BlogIndexPage, db: None):
    old, new = (CustomDocument(title=name, file=ContentFile(b"Prices", name="p.txt")) for name in ("Old", "New"))
    old.save()
    new.save()
    # The page has the id of the document: only the document is meant.
    make_post(blog, 1, body=[rich_text_block(linked(old) + f'<a linktype="page" id="{old.pk}">page</a>')])

    replaced(old, new)

    source = PostPage.objects.get().body.get_prep_value()[0]["value"]
    assert source == linked(new) + f'<a linktype="page" id="{old.pk}">page</a>'


def test_newer_draft_stays_a_draft(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    post = make_post(blog, 1, featured_image=image)
    save_draft(post, title="Not yet", body=[])

    replaced(image, other)

    post = PostPage.objects.get()
    assert (post.title, post.featured_image, post.has_unpublished_changes) == ("Post 1", other, True)
    draft = post.get_latest_revision_as_object()
    assert (draft.title, draft.featured_image) == ("Not yet", other)


def test_draft_alone_leaves_what_is_live(post: PostPage, image: CustomImage, other: CustomImage):
    post.save_revision().publish()
    live = PostPage.objects.get().live_revision
    save_draft(post, featured_image=image)

    replaced(image, other)

    post = PostPage.objects.get()
    assert (post.live_revision, post.featured_image) == (live, None)
    assert post.get_latest_revision_as_object().featured_image == other


def test_live_version_alone_keeps_the_draft_that_has_given_it_up(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage
):
    post = make_post(blog, 1, featured_image=image)
    save_draft(post, featured_image=None, title="Without")

    replaced(image, other)

    post = PostPage.objects.get()
    assert post.featured_image == other
    draft = post.get_latest_revision_as_object()
    assert (draft.featured_image, draft.title) == (None, "Without")


def test_scheduled_revision_stays_scheduled(post: PostPage, image: CustomImage, other: CustomImage):
    post.save_revision().publish()
    schedule(post, featured_image=image)
    (before,) = places(image)

    replaced(image, other)

    (after,) = places(other)
    assert (after.state, after.goes_live_at) == ("scheduled", before.goes_live_at)
    post = PostPage.objects.get()
    assert post.scheduled_revision.approved_go_live_at == before.goes_live_at
    assert post.revisions.filter(approved_go_live_at__isnull=False).count() == 1
    assert (post.live, post.featured_image) == (True, None)


def test_live_scheduled_and_draft_at_once(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    post = make_post(blog, 1, featured_image=image)
    post.save_revision().publish()
    schedule(post, title="Soon")
    save_draft(post, title="Later", go_live_at=None)
    goes_live_at = PostPage.objects.get().scheduled_revision.approved_go_live_at

    replaced(image, other)

    post = PostPage.objects.get()
    scheduled = post.scheduled_revision
    assert (post.title, post.live, post.has_unpublished_changes) == ("Post 1", True, True)
    assert (scheduled.approved_go_live_at, scheduled.as_object().title) == (goes_live_at, "Soon")
    assert post.get_latest_revision_as_object().title == "Later"
    assert {post.featured_image, scheduled.as_object().featured_image} == {other}


def test_page_that_was_never_live(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    post = make_post(blog, 1, featured_image=image, live=False)

    replaced(image, other)

    post = PostPage.objects.get(pk=post.pk)
    assert (post.live, post.featured_image) == (False, other)


def test_everything_without_drafts(
    image: CustomImage, other: CustomImage, film: Video, harbour: Collection, admin_user: User
):
    make_person(portrait=image)
    film.poster_image = image
    film.save()
    settings = CollectionSettings.objects.create(collection=harbour, watermark_image=image)
    marked = make_image("Marked")
    editing.edit(marked, Recipe(rotate=90, watermark=OwnWatermark(image=image.pk, opacity=0.4)), None)
    curated = MediaCollection.objects.create(title="Harbours", cover=image)
    media_collections.add(curated, [image])
    both = MediaCollection.objects.create(title="Both")
    media_collections.add(both, [other, image])

    result = replaced(image, other, admin_user)

    assert len(result.done) == 6
    assert Person.objects.get().portrait == other
    assert Video.objects.get().poster_image == other
    assert film.jobs.get(operation="make_poster").state == "queued"
    settings.refresh_from_db()
    assert settings.watermark_image == other
    marked.refresh_from_db()
    assert marked.get_recipe() == Recipe(rotate=90, watermark=OwnWatermark(image=other.pk, opacity=0.4))
    curated.refresh_from_db()
    assert curated.cover == other
    assert [item.asset_id for item in curated.items.all()] == [other.pk]
    assert [item.asset_id for item in both.items.all()] == [other.pk]
    assert ModelLogEntry.objects.get(action="media_library.replace_everywhere").user == admin_user


def test_drawing_is_no_poster(film: Video, image: CustomImage):
    film.poster_image = image
    film.save()
    drawing = CustomImage(
        title="Mark", file=ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    )
    drawing.file.name = "mark.svg"
    drawing.save()

    (outcome,) = replace_everywhere(image, drawing).left

    assert outcome.reason.startswith("A drawing (SVG) can't be a poster.")
    assert Video.objects.get().poster_image == image


def test_only_those_that_are_named(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    first, second = (make_post(blog, number, featured_image=image) for number in (1, 2))
    page = ContentType.objects.get(app_label="wagtailcore", model="page").pk

    replace_everywhere(image, other, sources=[(page, str(first.pk))])

    assert [one.featured_image for one in PostPage.objects.order_by("pk")] == [other, image]
    assert [place.title for place in places(image)] == [second.title]


def test_failure_leaves_the_others_done(blog: BlogIndexPage, image: CustomImage, other: CustomImage, monkeypatch):
    for number in (1, 2):
        make_post(blog, number, featured_image=image)
    publish = PostPage.publish

    def fail_once(self: PostPage, *args: object, **kwargs: object) -> None:
        if self.title == "Post 1":
            raise OSError("The disk is full.")
        publish(self, *args, **kwargs)

    monkeypatch.setattr(PostPage, "publish", fail_once)

    result = replace_everywhere(image, other)

    assert [outcome.place.title for outcome in result.done] == ["Post 2"]
    assert [outcome.reason for outcome in result.left] == [
        "Something went wrong. Try again, or replace it there by hand."
    ]
    # Nothing of it is half done.
    assert not PostPage.objects.get(title="Post 1").revisions.exists()


@pytest.fixture
def may(blog: BlogIndexPage, editor: User) -> Callable[..., User]:
    def grant(*permissions: str) -> User:
        for one in permissions:
            GroupPagePermission.objects.create(group=editor.groups.get(), page=blog, permission_type=one)
        return editor

    return grant


@pytest.mark.parametrize(
    ("permissions", "reason"),
    [((), "You may not see it."), (("change",), "You may not publish it."), (("change", "publish"), "")],
)
def test_only_what_the_user_may_do(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, may: Callable, permissions: tuple, reason: str
):
    make_post(blog, 1, featured_image=image)

    result = replace_everywhere(image, other, may(*permissions))

    assert [one.reason for one in (*result.done, *result.left)] == [reason]
    assert (PostPage.objects.get().featured_image == other) == (not reason)


def test_draft_needs_no_permission_to_publish(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, may: Callable
):
    make_post(blog, 1, featured_image=image, live=False).save_revision()

    assert replace_everywhere(image, other, may("change")).done


def reasons(result: Replacement) -> list[str]:
    assert not result.done
    return [one.reason for one in result.left]


def test_locked_page_tells_who_locked_it(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User, editor: User
):
    when = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    make_post(blog, 1, featured_image=image, locked=True, locked_by=editor, locked_at=when)

    assert reasons(replace_everywhere(image, other, admin_user)) == [
        f"{editor.get_username()} locked it on 05/04/2026. Ask them to unlock it."
    ]


def test_page_that_a_program_locked_is_told(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User
):
    make_post(blog, 1, featured_image=image, locked=True)

    assert reasons(replace_everywhere(image, other, admin_user)) == ["It is locked. Unlock it first."]


def in_moderation(post: PostPage, user: User) -> PostPage:
    """Its latest draft awaits a review."""
    workflow = Workflow.objects.get(name="Review")
    assert WorkflowTask.objects.filter(workflow=workflow).exists()
    workflow.start(PostPage.objects.get(pk=post.pk), user)
    return PostPage.objects.get(pk=post.pk)


def test_reviewer_rewrites_the_draft_under_review_and_it_stays_under_review(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User
):
    post = make_post(blog, 1, featured_image=image)
    save_draft(post, title="Judge this")
    state = in_moderation(post, admin_user).current_workflow_state

    replaced(image, other, admin_user)

    post = PostPage.objects.get()
    assert (post.title, post.featured_image) == ("Post 1", other)
    assert post.current_workflow_state == state
    assert post.current_workflow_task_state == state.current_task_state
    post.current_workflow_task_state.approve(user=admin_user)
    post = PostPage.objects.get()
    assert (post.title, post.featured_image, post.has_unpublished_changes) == ("Judge this", other, False)


def test_who_is_no_reviewer_is_told_whose_review_it_awaits(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User, may: Callable
):
    post = make_post(blog, 1, featured_image=image, live=False)
    save_draft(post, title="Judge this")
    in_moderation(post, admin_user)
    user = may("change", "publish")

    assert reasons(replace_everywhere(image, other, user)) == [
        "It is in moderation (Review). Only its reviewers can change it meanwhile."
    ]


def test_alias_follows_its_original(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    make_post(blog, 1, featured_image=image).create_alias(update_slug="again")

    result = replace_everywhere(image, other)

    assert (len(result.done), result.left) == (2, [])
    assert {post.featured_image for post in PostPage.objects.all()} == {other}


def test_alias_that_the_user_may_not_edit_follows_all_the_same(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, may: Callable
):
    elsewhere = BlogIndexPage(title="Elsewhere", slug="elsewhere")
    blog.get_parent().add_child(instance=elsewhere)
    make_post(blog, 1, featured_image=image).create_alias(parent=elsewhere)

    result = replace_everywhere(image, other, may("change", "publish"))

    assert {post.featured_image for post in PostPage.objects.all()} == {other}
    assert usage_counts([image.pk]) == {image.pk: 0}
    assert ([one.place.title for one in result.done], result.left) == (["Post 1"], [])


def test_alias_of_what_is_left_is_no_obstacle_of_its_own(
    blog: BlogIndexPage, image: CustomImage, other: CustomImage, admin_user: User
):
    make_post(blog, 1, featured_image=image, locked=True).create_alias(update_slug="again")

    assert reasons(replace_everywhere(image, other, admin_user)) == ["It is locked. Unlock it first."]


def test_alias_alone_is_led_to_its_original(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    alias = make_post(blog, 1, featured_image=image).create_alias(update_slug="again")
    page = ContentType.objects.get(app_label="wagtailcore", model="page").pk

    result = replace_everywhere(image, other, sources=[(page, str(alias.pk))])

    assert reasons(result) == ["It is an alias of “Post 1”. Replace the file there."]


def test_what_cannot_take_the_place(image: CustomImage, other: CustomImage, film: Video):
    for new in (image, film):
        with pytest.raises(NotReplaced):
            replace_everywhere(image, new)


def test_asset_that_has_gone_to_the_trash_takes_no_place(blog: BlogIndexPage, image: CustomImage, other: CustomImage):
    make_post(blog, 1, featured_image=image)
    Asset.objects.filter(pk=other.pk).update(trashed_at=timezone.now() - timedelta(days=1))

    assert [one.reason for one in replace_everywhere(image, other).left] == [
        "The other file has been deleted meanwhile. Choose another one."
    ]
    assert PostPage.objects.get().featured_image == image
