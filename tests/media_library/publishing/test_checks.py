"""Nothing is published with media that are not ready, that have failed, or that nobody has described."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, LandingPage, PostPage
from media_library import jobs
from media_library.exceptions import NotPublishable
from media_library.models import Asset, Audio, CustomDocument, CustomImage, ProcessingJob, Transcode, Video
from media_library.publishing import concerns, obstacles
from tests.blog.content import (
    block,
    gallery_block,
    image_block,
    image_value,
    make_image,
    make_person,
    make_post,
    rich_text_block,
    video_block,
)
from tests.blog.content import embedded as in_text

pytestmark = pytest.mark.django_db

Develop = Callable[..., None]


@pytest.fixture
def post(blog: BlogIndexPage) -> PostPage:
    return make_post(blog, 1, live=False)


def say(post: PostPage, *blocks: dict[str, Any]) -> None:
    post.body = post.body.stream_block.to_python(list(blocks))


def ready(title: str = "Harbour", **values: Any) -> CustomImage:
    """A picture that workers have done all for."""
    image = make_image(title, **values)
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.READY)
    image.refresh_from_db()
    return image


def codes(post: PostPage) -> list[str]:
    return [one.code for one in obstacles(post)]


# Unfinished


def test_picture_that_nobody_has_developed_yet_stands_against_it_and_says_where(post: PostPage, develop: Develop):
    image = make_image()
    say(post, image_block(image))

    (obstacle,) = obstacles(post)

    assert (obstacle.code, obstacle.asset.pk) == ("unfinished", image.pk)
    assert obstacle.sentence == "“Harbour” is still being processed."
    assert [(place.name, place.path) for place in obstacle.places] == [
        ("Body → Image", f"body.{post.body[0].id}.image")
    ]
    develop(image)
    assert obstacles(post) == []


def test_film_is_ready_enough_with_its_poster_and_the_first_size_that_plays(
    post: PostPage, film: Video, develop: Develop
):
    say(post, video_block(film))
    poster = ProcessingJob.objects.get(asset=film, operation=ProcessingJob.Operation.MAKE_POSTER)
    jobs.run(poster.pk)
    assert codes(post) == ["unfinished"]

    Transcode.objects.create(
        asset=film,
        version=film.version,
        preset="hls",
        file="1/1/hls.m3u8",
        mime_type="x",
        bitrate=1,
        duration=1,
        file_size=1,
    )

    film.refresh_from_db()
    assert film.status != Asset.Status.READY
    assert codes(post) == []


def test_what_was_made_of_an_earlier_file_is_not_the_film(post: PostPage, film: Video, develop: Develop):
    develop(film)
    say(post, video_block(film))
    assert codes(post) == []

    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.PROCESSING, version=film.version + 1)

    assert codes(post) == ["unfinished"]


def test_sound_is_waited_for_and_a_document_is_ready_as_it_is(post: PostPage, sound: Audio, develop: Develop):
    document = CustomDocument(title="Notes", file=ContentFile(b"Tides and times.", name="notes.txt"))
    document.save()
    say(
        post,
        block("audio", {"audio": sound.pk, "caption": ""}),
        rich_text_block(
            f'<p><a linktype="document" id="{document.pk}">Notes</a></p>',
        ),
    )

    assert [one.asset.pk for one in obstacles(post)] == [sound.pk]


def test_what_the_live_version_shows_already_is_told_and_does_not_block(post: PostPage, develop: Develop):
    image = make_image()
    say(post, image_block(image))
    develop(image)
    post.save_revision().publish()
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.PROCESSING)

    post = PostPage.objects.get(pk=post.pk)
    assert [(one.code, one.blocks) for one in concerns(post)] == [("unfinished", False)]
    post.title = "Without its mistake"
    post.save_revision().publish()
    assert PostPage.objects.get(pk=post.pk).title == "Without its mistake"


# Failed


def test_failed_media_say_why(post: PostPage):
    image = ready()
    Asset.objects.filter(pk=image.pk).update(status=Asset.Status.FAILED, status_reason="The file ends too early.")
    post.featured_image = image

    (obstacle,) = obstacles(post)

    assert obstacle.code == "failed"
    assert obstacle.sentence == "“Harbour” could not be processed. The file ends too early."


# Alt text


@pytest.mark.parametrize("name", ["featured_image", "thumbnail", "social_image"])
def test_picture_in_a_field_needs_the_alt_text_of_the_library(post: PostPage, name: str):
    setattr(post, name, ready(alt_text=""))

    (obstacle,) = obstacles(post)

    assert obstacle.code == "missing_alt_text"
    assert [place.path for place in obstacle.places] == [name]


def test_picture_in_a_block_needs_one_there_or_to_be_decorative(post: PostPage):
    image = ready(alt_text="")
    plain, decorative = image_value(image), image_value(image, decorative=True)
    say(post, block("image", plain, 1), block("image", decorative, 2))
    assert codes(post) == []

    say(post, block("image", plain | {"alt_text": ""}, 1), block("image", decorative, 2))

    (obstacle,) = obstacles(post)
    assert (obstacle.code, [place.path for place in obstacle.places]) == (
        "missing_alt_text",
        [f"body.{post.body[0].id}.image"],
    )


def test_library_is_no_excuse_for_a_place_without_words_of_its_own(post: PostPage):
    image = ready(alt_text="Boats at dawn")
    say(post, block("image", image_value(image) | {"alt_text": ""}))

    assert codes(post) == ["missing_alt_text"]


def test_each_picture_of_a_gallery_is_looked_at(post: PostPage):
    images = [ready("One", alt_text=""), ready("Two", alt_text="")]
    gallery = gallery_block(*images)
    gallery["value"][1]["value"]["alt_text"] = ""
    say(post, gallery)

    assert [one.asset.title for one in obstacles(post)] == ["Two"]


def test_picture_in_a_text_is_described_or_decorative_once_its_editor_was_asked(post: PostPage):
    image = ready(alt_text="")
    say(post, rich_text_block(in_text(image, alt="")))
    assert codes(post) == []

    say(post, rich_text_block(f'<embed embedtype="image" id="{image.pk}" format="left"/>'))

    assert codes(post) == ["missing_alt_text"]


def test_picture_of_a_hero_has_only_the_words_of_the_library(blog: BlogIndexPage):
    hero = {"heading": "Home", "text": "", "image": ready(alt_text="").pk, "video": None, "links": []}
    page = LandingPage(title="Home", slug="home", live=False)
    page.body = page.body.stream_block.to_python([block("hero", hero)])
    blog.add_child(instance=page)

    assert codes(page) == ["missing_alt_text"]


def test_picture_of_a_hero_that_the_library_describes_may_be_published(blog: BlogIndexPage):
    hero = {"heading": "Home", "text": "", "image": ready(alt_text="Boats").pk, "video": None, "links": []}
    page = LandingPage(title="Home", slug="home", live=False)
    page.body = page.body.stream_block.to_python([block("hero", hero)])
    blog.add_child(instance=page)
    assert codes(page) == []


def test_portrait_of_the_author_needs_one_and_says_whose_it_is(post: PostPage):
    post.author = make_person(portrait=ready(alt_text=""))

    (obstacle,) = obstacles(post)

    assert obstacle.code == "missing_alt_text"
    assert obstacle.snippet == post.author


def test_films_and_sounds_need_none(post: PostPage, film: Video, develop: Develop):
    Asset.objects.filter(pk=film.pk).update(alt_text="")
    develop(film)
    say(post, video_block(film))

    assert codes(post) == []


# Settings


@pytest.mark.parametrize(("level", "expected"), [("block", [True]), ("warn", [False]), ("off", [])])
@pytest.mark.parametrize("check", ["unfinished", "failed", "alt_text"])
def test_operators_choose_what_comes_of_it(
    post: PostPage, settings: Settings, check: str, level: str, expected: list[bool]
):
    image = ready(alt_text="" if check == "alt_text" else "Boats")
    status = {"unfinished": Asset.Status.PROCESSING, "failed": Asset.Status.FAILED}.get(check, Asset.Status.READY)
    Asset.objects.filter(pk=image.pk).update(status=status)
    post.featured_image = image
    settings.MEDIA_LIBRARY = {"PUBLISHING_CHECKS": {check: level}}

    assert [one.blocks for one in concerns(post)] == expected


def test_what_only_warns_is_published(post: PostPage, settings: Settings):
    settings.MEDIA_LIBRARY = {"PUBLISHING_CHECKS": {"unfinished": "warn"}}
    post.featured_image = make_image()

    post.save_revision().publish()

    assert PostPage.objects.get(pk=post.pk).live


@pytest.mark.parametrize(
    ("value", "hint"), [({"alt_txt": "warn"}, "Known checks"), ({"alt_text": "maybe"}, "Use one of: block, warn, off")]
)
def test_mistake_in_the_setting_is_told_at_start(settings: Settings, value: dict[str, str], hint: str):
    settings.MEDIA_LIBRARY = {"PUBLISHING_CHECKS": value}

    errors = [error for error in run_checks() if error.id == "media_library.E005"]

    assert [error.hint.startswith(hint) for error in errors] == [True]


# Doors of Python


def test_refusal_leaves_the_draft(post: PostPage):
    post.featured_image = make_image()

    with pytest.raises(NotPublishable) as refusal:
        post.save_revision().publish()

    assert "“Post 1” can't be published." in str(refusal.value)
    post.refresh_from_db()
    assert (post.live, post.has_unpublished_changes) == (False, True)
