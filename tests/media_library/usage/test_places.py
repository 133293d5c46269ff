"""Where an asset is used: every way there is, one asset and one place each."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Collection, GroupPagePermission

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from media_library import editing
from media_library.imaging.operations import Recipe
from media_library.models import Asset, CollectionSettings, CustomDocument, CustomImage, Video
from media_library.usage import State, places, unused, usage_counts, used
from tests.blog.content import (
    embedded,
    gallery_block,
    image_block,
    linked,
    make_image,
    make_person,
    make_post,
    rich_text_block,
    video_block,
)


def found(asset: Asset, user: User | None = None) -> list[tuple[str, str, list[str]]]:
    shown = [(one.title, one.state.value, [field.name for field in one.fields]) for one in places(asset, user)]
    assert bool(shown) == bool(count(asset))
    return shown


def count(asset: Asset) -> int:
    """How many objects use it; whether any does, the filter says, too."""
    number = usage_counts([asset.pk])[asset.pk]
    this = Asset.objects.filter(pk=asset.pk)
    assert (used(this).exists(), unused(this).exists()) == (number > 0, number == 0)
    return number


def save_draft(post: PostPage, **values: object) -> PostPage:
    """Save a draft as the editor does, and leave what is live as it is."""
    draft = PostPage.objects.get(pk=post.pk).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision()
    return draft


def schedule(post: PostPage, **values: object) -> None:
    draft = save_draft(post, go_live_at=timezone.now() + timedelta(days=2), **values)
    draft.latest_revision.publish()


def test_asset_that_nothing_uses_has_no_places(image: CustomImage):
    assert places(image) == []
    assert count(image) == 0


def test_foreign_key_of_a_page_is_a_place(blog: BlogIndexPage, image: CustomImage):
    post = make_post(blog, 1, featured_image=image)

    (place,) = places(image)
    assert (place.object, place.title, place.kind, place.state) == (post, "Post 1", "Post", State.LIVE)
    assert [field.name for field in place.fields] == ["Featured image"]
    assert place.edit_url == f"/admin/pages/{post.pk}/edit/"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (image_block, "Body → Image"),
        (lambda image: gallery_block(image), "Body → Gallery"),
        (lambda image: rich_text_block(embedded(image)), "Body → Text"),
    ],
    ids=["block", "block in a list", "rich text"],
)
def test_image_in_a_stream_is_a_place(blog: BlogIndexPage, image: CustomImage, block: Callable, words: str):
    make_post(blog, 1, body=[block(image)])

    assert found(image) == [("Post 1", "live", [words])]


def test_film_in_a_stream_is_a_place(blog: BlogIndexPage, film: Video):
    make_post(blog, 1, body=[video_block(film)])

    assert found(film) == [("Post 1", "live", ["Body → Video"])]


def test_link_to_a_document_is_a_place(blog: BlogIndexPage):
    document = CustomDocument(title="Prices", file=ContentFile(b"Prices", name="prices.txt"))
    document.save()
    make_post(blog, 1, body=[rich_text_block(linked(document))])

    assert found(document) == [("Post 1", "live", ["Body → Text"])]


def test_snippet_is_a_place(image: CustomImage):
    person = make_person(portrait=image)

    (place,) = places(image)
    assert (place.title, place.kind, place.state, place.since) == ("Ada Example", "Person", State.LIVE, None)
    assert place.edit_url == f"/admin/snippets/blog/person/edit/{person.pk}/"


def test_film_is_a_place_of_its_poster(film: Video, image: CustomImage):
    film.poster_image = image
    film.save()

    (place,) = places(image)
    assert (place.object, place.edit_url) == (film, f"/admin/videos/edit/{film.pk}/")


def test_picture_is_a_place_of_the_logo_in_its_own_watermark(image: CustomImage):
    logo = make_image("Logo")
    editing.edit(image, Recipe.from_json({"watermark": {"image": logo.pk}}), user=None)

    assert found(logo) == [("Harbour", "live", ["Edits"])]
    editing.revert(image, user=None)
    assert places(logo) == []


def test_picture_is_no_place_of_itself(image: CustomImage):
    editing.edit(image, Recipe.from_json({"watermark": {"image": image.pk}}), user=None)

    assert count(image) == 0


def test_settings_of_a_collection_are_a_place_of_its_logo(root_collection: Collection, image: CustomImage):
    CollectionSettings.objects.create(collection=root_collection, watermark_image=image)

    (place,) = places(image)
    assert (place.title, [field.name for field in place.fields]) == ("Root", ["Watermark picture"])
    assert place.edit_url == f"/admin/collections/{root_collection.pk}/settings/"


def test_draft_of_a_live_page_is_a_place(post: PostPage, image: CustomImage):
    draft = save_draft(post, featured_image=image)

    assert found(image) == [("Post 1", "draft", ["Featured image"])]
    assert places(image)[0].since == draft.latest_revision.created_at


def test_block_in_a_draft_is_a_place(post: PostPage, image: CustomImage):
    body = PostPage._meta.get_field("body").stream_block.to_python([gallery_block(image)])
    save_draft(post, body=body)

    assert found(image) == [("Post 1", "draft", ["Body → Gallery"])]


def test_published_draft_is_live_and_no_draft(post: PostPage, image: CustomImage):
    save_draft(post, featured_image=image).latest_revision.publish()

    assert found(image) == [("Post 1", "live", ["Featured image"])]


def test_older_revision_is_no_place(post: PostPage, image: CustomImage):
    save_draft(post, featured_image=image)
    save_draft(post, featured_image=None)

    assert places(image) == []


def test_page_counts_once_live_and_in_its_draft(blog: BlogIndexPage, image: CustomImage):
    save_draft(make_post(blog, 1, featured_image=image), title="Another title")

    assert [state for _title, state, _fields in found(image)] == ["live", "draft"]
    assert count(image) == 1


def test_live_page_is_a_place_though_its_draft_is_none(blog: BlogIndexPage, image: CustomImage):
    save_draft(make_post(blog, 1, featured_image=image), featured_image=None)

    assert found(image) == [("Post 1", "live", ["Featured image"])]


def test_page_that_was_never_live_is_its_latest_draft(blog: BlogIndexPage, image: CustomImage):
    post = make_post(blog, 1, featured_image=image, live=False)
    post.save_revision()
    assert found(image) == [("Post 1", "draft", ["Featured image"])]

    save_draft(post, featured_image=None)
    assert places(image) == []


def test_unlive_page_without_revisions_is_a_draft(blog: BlogIndexPage, image: CustomImage):
    make_post(blog, 1, featured_image=image, live=False)

    assert found(image) == [("Post 1", "draft", ["Featured image"])]


def test_unpublished_page_is_its_latest_draft(post: PostPage, image: CustomImage):
    save_draft(post, featured_image=image).latest_revision.publish()
    PostPage.objects.get(pk=post.pk).unpublish()

    assert found(image) == [("Post 1", "draft", ["Featured image"])]


def test_scheduled_revision_is_a_place(post: PostPage, image: CustomImage):
    schedule(post, featured_image=image)

    (place,) = places(image)
    assert place.state == State.SCHEDULED
    assert place.goes_live_at.date() == (timezone.now() + timedelta(days=2)).date()


def test_scheduled_revision_is_a_place_below_a_newer_draft(post: PostPage, image: CustomImage):
    schedule(post, featured_image=image)
    save_draft(post, featured_image=None)

    assert found(image) == [("Post 1", "scheduled", ["Featured image"])]


def test_older_revision_that_is_scheduled_later_is_a_place(post: PostPage, image: CustomImage):
    old = save_draft(post, featured_image=image, go_live_at=timezone.now() + timedelta(days=2)).latest_revision
    save_draft(post, featured_image=None)
    old.publish()

    assert found(image) == [("Post 1", "scheduled", ["Featured image"])]


def test_schedule_that_another_takes_the_place_of_is_none(post: PostPage, image: CustomImage):
    schedule(post, featured_image=image)
    schedule(post, featured_image=None)

    assert places(image) == []


def test_cancelled_schedule_of_an_older_revision_is_no_place(post: PostPage, image: CustomImage):
    schedule(post, featured_image=image)
    scheduled = post.revisions.get(approved_go_live_at__isnull=False)
    save_draft(post, featured_image=None)
    scheduled.approved_go_live_at = None
    scheduled.save(update_fields=["approved_go_live_at"])

    assert places(image) == []


def test_overwritten_draft_counts_as_it_is_now(post: PostPage, image: CustomImage):
    draft = save_draft(post, featured_image=image)
    draft.featured_image = None
    draft.save_revision(overwrite_revision=draft.latest_revision)

    assert places(image) == []


def test_deleted_page_is_no_place(post: PostPage, image: CustomImage):
    save_draft(post, featured_image=image, title="Draft")
    PostPage.objects.get(pk=post.pk).delete()

    assert places(image) == []
    assert count(image) == 0


def test_draft_with_an_image_that_is_gone_can_be_saved(post: PostPage):
    body = PostPage._meta.get_field("body").stream_block.to_python(
        [rich_text_block('<embed embedtype="image" id="4711"/>')]
    )

    save_draft(post, body=body)

    assert not Asset.objects.filter(revision_usages__isnull=False).exists()


def test_places_that_a_user_may_not_edit_are_counted_but_not_named(
    blog: BlogIndexPage, image: CustomImage, editor: User
):
    make_post(blog, 1, featured_image=image)

    (place,) = places(image, editor)
    assert (place.object, place.title, place.edit_url, place.fields) == (None, "(Private post)", None, ())


def test_user_of_pages_sees_the_pages(blog: BlogIndexPage, image: CustomImage, editor: User):
    make_post(blog, 1, featured_image=image)
    GroupPagePermission.objects.create(group=editor.groups.get(), page=blog, permission_type="change")

    assert found(image, editor) == [("Post 1", "live", ["Featured image"])]


def test_number_of_queries_does_not_follow_the_number_of_places(
    blog: BlogIndexPage, image: CustomImage, django_assert_max_num_queries: DjangoAssertNumQueries
):
    for number in range(1, 9):
        save_draft(make_post(blog, number, featured_image=image), title="Draft")
        make_person(f"Person {number}", portrait=image)

    with django_assert_max_num_queries(6):
        assert len(places(image)) == 24


def test_counts_of_a_listing_take_three_queries(
    blog: BlogIndexPage, django_assert_num_queries: DjangoAssertNumQueries
):
    images = [make_image(f"Image {number}") for number in range(6)]
    for number, one in enumerate(images[1:], start=1):
        save_draft(make_post(blog, number, featured_image=one), featured_image=images[1])
        make_person(f"Person {number}", portrait=one)

    with django_assert_num_queries(3):
        counts = usage_counts([one.pk for one in images])
    assert [counts[one.pk] for one in images] == [0, 6, 2, 2, 2, 2]


def test_no_more_places_are_looked_up_than_asked_for(blog: BlogIndexPage, image: CustomImage):
    for number in range(1, 4):
        make_post(blog, number, featured_image=image)

    assert len(places(image, limit=2)) == 2
