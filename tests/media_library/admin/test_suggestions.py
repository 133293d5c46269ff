from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.admin.suggestions import views
from media_library.models import Asset, CustomImage, Suggestion
from tests.media import photo_file

pytestmark = pytest.mark.django_db

INDEX, DECIDE = "/admin/media/suggested/", "/admin/media/suggested/decide/"


@pytest.fixture
def suggest(db: None) -> Callable[..., Suggestion]:
    def make(asset: Asset, text: str = "sea", field: str = "tag", **more: object) -> Suggestion:
        return Suggestion.objects.create(
            asset=asset, version=1, field=field, text=text, confidence=0.8, source="test", **more
        )

    return make


@pytest.fixture
def harbours_photo(harbour: Collection) -> CustomImage:
    image = CustomImage(title="Boats", file=photo_file(), collection=harbour)
    image.save()
    return image


@pytest.fixture
def harbours_client(grant: Callable[..., User], harbour: Collection, archive: Collection) -> Client:
    """Of somebody who may change pictures of the harbour, and nothing else."""
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.change_image"))
    return client


def test_page_lists_what_is_suggested(admin_client: Client, photo: CustomImage, suggest: Callable):
    suggest(photo, "lighthouse")

    page = admin_client.get(INDEX).content.decode()

    assert "lighthouse" in page
    assert "80% sure, by “test”" in page


def test_next_page_shows_the_same_field(
    admin_client: Client, photo: CustomImage, suggest: Callable, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "ASSETS_ON_A_PAGE", 1)
    other = CustomImage.objects.create(title="Boats", file=photo_file())
    suggest(photo, "lighthouse"), suggest(other, "pier")

    first = admin_client.get(INDEX, {"field": "tag"}).content.decode()
    second = admin_client.get(INDEX, {"field": "tag", "p": "2"}).content.decode()

    assert 'href="?field=tag&amp;p=2"' in first
    assert '<a href="?field=tag" aria-current="page">Tag</a>' in second
    assert ("pier" in first, "lighthouse" in second) == (True, True)


def test_page_without_suggestions_says_when_there_will_be_some(admin_client: Client):
    assert "as soon as the server has nothing else to do" in admin_client.get(INDEX).content.decode()


def test_page_tells_administrators_alone_that_words_in_pictures_are_not_read(
    admin_client: Client, harbours_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "")

    assert "Tesseract is not installed" in admin_client.get(INDEX).content.decode()
    assert "Tesseract is not installed" not in harbours_client.get(INDEX).content.decode()


def test_page_leaves_out_other_fields_than_the_one_that_was_asked_for(
    admin_client: Client, photo: CustomImage, suggest: Callable
):
    suggest(photo, "lighthouse")
    suggest(photo, "A lighthouse at night", "alt_text")

    page = admin_client.get(INDEX, {"field": "alt_text"}).content.decode()

    assert "A lighthouse at night" in page
    assert 'value="lighthouse"' not in page


def test_page_takes_as_many_queries_for_many_as_for_one(
    admin_client: Client, photo: CustomImage, suggest: Callable, django_assert_num_queries: Callable
):
    suggest(photo)
    admin_client.get(INDEX)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(INDEX)
    for number in range(8):
        other = CustomImage(title=f"Boats {number}", file=photo_file(width=40 + number, height=40))
        other.save()
        for text in ("one", "two", "three"):
            suggest(other, text)

    with django_assert_num_queries(len(few)):
        admin_client.get(INDEX)


def test_editor_sees_suggestions_of_their_own_folders_only(
    harbours_client: Client, harbours_photo: CustomImage, photo: CustomImage, suggest: Callable
):
    suggest(harbours_photo, "jetty")
    suggest(photo, "secret")

    page = harbours_client.get(INDEX).content.decode()

    assert "jetty" in page
    assert "secret" not in page


def test_editor_decides_on_suggestions_of_their_own_folders_only(
    harbours_client: Client, harbours_photo: CustomImage, photo: CustomImage, suggest: Callable
):
    ids = [suggest(harbours_photo, "jetty").pk, suggest(photo, "secret").pk]

    harbours_client.post(DECIDE, {"decision": "accept", "ids": ids})

    assert list(harbours_photo.tags.names()) == ["jetty"]
    assert not photo.tags.exists()
    assert Suggestion.objects.get(text="secret").state == Suggestion.State.OPEN


def test_one_suggestion_is_accepted_in_other_words(admin_client: Client, photo: CustomImage, suggest: Callable):
    one, other = suggest(photo), suggest(photo, "beach")

    admin_client.post(DECIDE, {"accept": one.pk, f"text-{one.pk}": "North Sea", f"text-{other.pk}": "beach"})

    assert list(photo.tags.names()) == ["North Sea"]


def test_those_ticked_are_rejected(admin_client: Client, photo: CustomImage, suggest: Callable):
    ticked, other = suggest(photo), suggest(photo, "beach")

    answer = admin_client.post(DECIDE, {"decision": "reject", "ids": [ticked.pk]}, follow=True)

    assert "1 suggestion rejected. It will not come back." in answer.content.decode()
    assert list(Suggestion.objects.filter(state="open")) == [other]


def test_second_editor_is_told_what_the_first_has_done(admin_client: Client, photo: CustomImage, suggest: Callable):
    one = suggest(photo, state=Suggestion.State.REJECTED)

    answer = admin_client.post(DECIDE, {"accept": one.pk}, follow=True)

    assert "Somebody has decided on this suggestion already" in answer.content.decode()


@pytest.mark.parametrize("data", [{}, {"accept": "x"}, {"decision": "accept", "ids": ["9" * 40, "-1", ""]}])
def test_nonsense_changes_nothing_and_is_told(admin_client: Client, data: dict):
    answer = admin_client.post(DECIDE, data, follow=True)

    assert answer.status_code == 200
    assert "Nothing was chosen" in answer.content.decode()


def test_text_of_a_suggestion_is_escaped(admin_client: Client, photo: CustomImage, suggest: Callable):
    suggest(photo, '"><script>alert(1)</script>', "alt_text")

    for url in (INDEX, reverse("wagtailimages:edit", args=[photo.pk])):
        assert "<script>alert(1)" not in admin_client.get(url).content.decode()


def test_page_of_the_picture_shows_what_is_suggested_for_it(
    admin_client: Client, photo: CustomImage, suggest: Callable
):
    suggest(photo, "lighthouse")

    page = admin_client.get(reverse("wagtailimages:edit", args=[photo.pk])).content.decode()

    assert "1 suggestion for this file" in page
    assert "lighthouse" in page


def test_reader_of_pages_has_no_suggestions(grant: Callable[..., User], harbour: Collection):
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.choose_image"))

    assert client.get(INDEX).status_code == 302
    assert client.post(DECIDE, {"accept": 1}).status_code == 302
