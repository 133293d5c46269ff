"""The picture that is shown where a page is shared: when it is made, of what, and when it goes."""

import datetime
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageViewRestriction, Site

from blog.models import BlogIndexPage, PostPage, SocialCard
from blog.seo import cards, tasks
from media_library.models import Audio, CustomImage, Video
from tests.blog.content import audio_block, make_image, make_post, video_block
from tests.media import sound_file

Capture = Callable[..., object]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of pages that workers were told of."""
    told: list[int] = []
    monkeypatch.setattr(tasks.make_social_card_task, "delay", told.append)
    return told


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=1400)
    develop(image)
    return image


def card_files(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("cards/")}


def card_of(page: Page) -> SocialCard:
    return SocialCard.objects.get(page=page)


def test_card_is_made_of_picture_and_title(blog: BlogIndexPage, image: CustomImage) -> None:
    post = make_post(blog, 1, featured_image=image)
    tasks.make_social_card_task(post.pk)
    card = card_of(post)
    with card.file.open() as file, Image.open(file) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (1200, 630))
    assert (card.width, card.height) == (1200, 630)


def test_publishing_sends_for_a_card_after_commit(
    blog: BlogIndexPage, sent: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    post = make_post(blog, 1)
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        post.save_revision().publish()
    assert sent == []
    for callback in waiting:
        callback()
    assert sent == [post.pk]


def test_scheduled_page_gets_its_card_when_it_goes_live(
    blog: BlogIndexPage, sent: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    post = make_post(blog, 1, live=False)
    with django_capture_on_commit_callbacks(execute=True):
        post.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        post.save_revision().publish()
    for page_id in sent:
        tasks.make_social_card_task(page_id)
    assert not SocialCard.objects.exists()
    sent.clear()
    past = timezone.now() - datetime.timedelta(minutes=1)
    revision = post.revisions.get()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled")
    assert sent == [post.pk]


def test_draft_of_another_title_does_nothing(
    blog: BlogIndexPage, sent: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    before = card_of(post).file.name
    with django_capture_on_commit_callbacks(execute=True):
        post.title = "Another"
        post.save_revision()
    assert sent == []
    tasks.make_social_card_task(post.pk)
    assert card_of(post).file.name == before


def test_published_title_makes_another_card_and_the_former_file_goes(
    blog: BlogIndexPage, public_files: Callable[[], set[str]], django_capture_on_commit_callbacks: Capture
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    before = card_of(post).file.name
    post.title = "Another"
    post.save()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.make_social_card_task(post.pk)
    after = card_of(post).file.name
    assert after != before
    assert card_files(public_files()) == {after}


def test_nothing_is_made_twice_of_the_same(blog: BlogIndexPage, image: CustomImage) -> None:
    post = make_post(blog, 1, featured_image=image)
    tasks.make_social_card_task(post.pk)
    before = card_of(post).file.name
    post.summary = "Something else"
    post.save()
    tasks.make_social_card_task(post.pk)
    assert card_of(post).file.name == before


def test_moved_focal_point_and_renamed_site_make_another_card(blog: BlogIndexPage, image: CustomImage) -> None:
    post = make_post(blog, 1, featured_image=image)
    tasks.make_social_card_task(post.pk)
    names = [card_of(post).file.name]
    image.focal_point_x = image.focal_point_y = image.focal_point_width = image.focal_point_height = 60
    image.save()
    tasks.make_social_card_task(post.pk)
    names.append(card_of(post).file.name)
    Site.objects.update(site_name="Another house")
    tasks.make_social_card_task(post.pk)
    assert len({*names, card_of(post).file.name}) == 3


def test_card_of_a_post_that_begins_with_a_film_keeps_what_its_poster_keeps(
    blog: BlogIndexPage, tall_film: Video, develop: Callable[..., None]
) -> None:
    post = make_post(blog, 1, body=[video_block(tall_film)])
    names = []
    for is_blue, area in ((True, tall_film.poster_focus), (False, [0.4, 0.0, 0.1, 0.1])):
        tall_film.poster_focus = area
        tall_film.save()
        develop(tall_film)
        tasks.make_social_card_task(post.pk)
        with card_of(post).file.open() as file, Image.open(file) as drawn:
            red, _green, blue = drawn.getpixel((600, 4))
        assert (blue > red) == is_blue
        names.append(card_of(post).file.name)
    assert names[0] != names[1]


def test_card_of_a_post_that_begins_with_a_sound_has_its_cover(
    blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    cover = BytesIO()
    Image.new("RGB", (700, 700), (0, 0, 254)).save(cover, "JPEG")
    sound = Audio(title="Bells", file=sound_file("bells.mp3", cover=cover.getvalue()))
    sound.save()
    develop(sound)
    post = make_post(blog, 1, body=[audio_block(sound)])
    tasks.make_social_card_task(post.pk)
    with card_of(post).file.open() as file, Image.open(file) as drawn:
        assert drawn.getpixel((600, 4)) == pytest.approx((0, 0, 254), abs=40)


def test_card_whose_poster_is_gone_holds_no_other_up(
    blog: BlogIndexPage, tall_film: Video, public_files: Callable[[], set[str]]
) -> None:
    posts = [make_post(blog, 1, body=[video_block(tall_film)]), make_post(blog, 2)]
    for row in tall_film.poster_renditions.all():
        row.file.storage.delete(row.file.name)
    assert cards.make_cards([post.pk for post in posts]) == 1
    assert SocialCard.objects.get().page_id == posts[1].pk


def test_chosen_picture_leaves_no_card(
    blog: BlogIndexPage,
    image: CustomImage,
    public_files: Callable[[], set[str]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    post.social_image = image
    post.save()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.make_social_card_task(post.pk)
    assert not SocialCard.objects.exists()
    assert card_files(public_files()) == set()


@pytest.mark.parametrize("end", ["delete", "unpublish"])
def test_card_goes_with_the_page(
    end: str,
    blog: BlogIndexPage,
    public_files: Callable[[], set[str]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    with django_capture_on_commit_callbacks(execute=True):
        getattr(post, end)()
    assert not SocialCard.objects.exists()
    assert card_files(public_files()) == set()


def test_closed_page_has_no_card_nor_has_what_is_below_it(
    blog: BlogIndexPage,
    public_files: Callable[[], set[str]],
    sent: list[int],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    with django_capture_on_commit_callbacks(execute=True):
        closed = PageViewRestriction.objects.create(page=blog, restriction_type="login")
    assert card_files(public_files()) == set()
    tasks.make_social_card_task(post.pk)
    assert not SocialCard.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        closed.delete()
    assert post.pk in sent


def test_draft_gets_no_card(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, live=False)
    tasks.make_social_card_task(post.pk)
    assert not SocialCard.objects.exists()


def test_page_that_is_gone_is_no_error(db: None) -> None:
    tasks.make_social_card_task(999_999)


def test_title_that_cannot_be_written_on_a_page_without_picture_gets_no_card(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, title="日本語")
    tasks.make_social_card_task(post.pk)
    assert not SocialCard.objects.exists()


def test_row_that_cannot_be_written_leaves_no_file(
    blog: BlogIndexPage, public_files: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the database is away")

    post = make_post(blog, 1)
    monkeypatch.setattr(SocialCard.objects, "update_or_create", refuse)
    with pytest.raises(RuntimeError):
        tasks.make_social_card_task(post.pk)
    assert card_files(public_files()) == set()


def test_card_of_a_page_that_changed_meanwhile_is_left_to_whoever_changed_it(
    blog: BlogIndexPage, public_files: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_post(blog, 1)
    save = FileSystemStorage.save

    def slow(storage: FileSystemStorage, *args: object, **options: object) -> str:
        PostPage.objects.filter(pk=post.pk).update(title="Meanwhile")
        return save(storage, *args, **options)

    monkeypatch.setattr(FileSystemStorage, "save", slow)
    tasks.make_social_card_task(post.pk)
    assert not SocialCard.objects.exists()
    assert card_files(public_files()) == set()


def test_broker_that_is_away_holds_up_no_publishing(
    blog: BlogIndexPage, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    def away(*args: object) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(tasks.make_social_card_task, "delay", away)
    post = make_post(blog, 1)
    with django_capture_on_commit_callbacks(execute=True):
        post.save_revision().publish()
    assert PostPage.objects.get(pk=post.pk).live
    tasks.make_missing_cards_task()
    assert SocialCard.objects.filter(page=post).exists()


def test_command_makes_what_is_missing_or_old_and_nothing_else(
    blog: BlogIndexPage, image: CustomImage, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = [make_post(blog, number) for number in range(3)]
    tasks.make_social_card_task(posts[0].pk)
    tasks.make_social_card_task(blog.pk)
    kept = card_of(posts[0]).file.name
    assert set(cards.pages_with_cards_to_make()) == {posts[1].pk, posts[2].pk}
    call_command("make_social_cards")
    assert "Cards made: 2." in capsys.readouterr().out
    assert card_of(posts[0]).file.name == kept
    assert list(cards.pages_with_cards_to_make()) == []


def test_file_without_a_row_goes_after_a_day(
    blog: BlogIndexPage, public_files: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    kept = card_of(post).file.name
    cards.public_storage().save("cards/9-lost.jpg", ContentFile(b"lost"))
    assert cards.sweep_files() == []
    monkeypatch.setattr(cards, "UNNAMED_FOR", -datetime.timedelta(hours=1))
    assert cards.sweep_files() == ["cards/9-lost.jpg"]
    assert card_files(public_files()) == {kept}


def test_api_shows_the_card(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, title="Low tide")
    tasks.make_social_card_task(post.pk)
    shown = client.get(f"/api/v2/pages/{post.pk}/").json()["seo"]["og"]["image"]
    assert shown["src"].endswith(card_of(post).file.name)
    assert (shown["width"], shown["height"], shown["alt"]) == (1200, 630, "Low tide")


def test_card_is_served(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    tasks.make_social_card_task(post.pk)
    response = client.get(f"/media/{card_of(post).file.name}")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in response["Cache-Control"]
