"""What the chooser offers for the page that is being written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Collection
from wagtail.search import index

from media_library.models import CustomImage
from media_library.related import fitting
from media_library.related.words import telling_words

pytestmark = pytest.mark.django_db

Fitting = Callable[..., HttpResponse]


@pytest.fixture
def fit(chooser: Callable[..., str]) -> Fitting:
    """``fit(client, title="Harbour at dawn", kinds="image")``."""

    def ask(client: Client, title: str = "", tags: str = "", text: str = "", **params: Any) -> HttpResponse:
        return client.post(chooser("fitting", **params), {"title": title, "tags": tags, "text": text})

    return ask


@pytest.fixture
def picture(make_image: Callable[..., CustomImage], harbour: Collection) -> Callable[..., CustomImage]:
    def make(title: str, *tags: str, **fields: Any) -> CustomImage:
        image = make_image(harbour, title, **fields)
        image.tags.add(*tags)
        index.insert_or_update_object(image)
        return image

    return make


def titles(response: HttpResponse) -> list[str]:
    assert response.status_code == 200
    return [card.asset.title for card in response.context["cards"]]


def test_media_that_have_words_of_the_page_are_offered_with_these(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage]
):
    picture("Lighthouse")
    picture("Gulls", alt_text="Gulls over the lighthouse")
    picture("Market")

    response = fit(writers, title="The lighthouse keeper")

    assert set(titles(response)) == {"Lighthouse", "Gulls"}
    assert "Has “lighthouse”" in response.content.decode()


def test_rare_words_say_more_than_common_ones(writers: Client, fit: Fitting, picture: Callable[..., CustomImage]):
    for number in range(4):
        picture(f"Harbour {number}")
    picture("Lighthouse")

    assert titles(fit(writers, text="A lighthouse stands by the harbour."))[0] == "Lighthouse"


def test_tags_of_the_page_are_looked_for_whatever_their_letters(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage]
):
    picture("Pier", "sea")
    picture("Town", "streets")

    response = fit(writers, tags="Sea, weather")

    assert titles(response) == ["Pier"]
    assert "Tagged sea" in response.content.decode()


def test_a_page_that_says_nothing_is_told_what_to_do(writers: Client, fit: Fitting):
    assert "This page says nothing yet" in fit(writers, title=" ").content.decode()


def test_a_page_that_nothing_fits_is_told_so(writers: Client, fit: Fitting, picture: Callable[..., CustomImage]):
    picture("Pier")
    assert "Nothing has the words or tags" in fit(writers, title="Mountains").content.decode()


def test_only_what_the_user_may_choose_is_offered(
    writers: Client, fit: Fitting, make_image: Callable[..., CustomImage], archive: Collection
):
    make_image(archive, "Lighthouse")
    assert titles(fit(writers, title="Lighthouse")) == []


def test_only_kinds_that_the_field_takes_are_offered(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage]
):
    picture("Lighthouse")
    assert titles(fit(writers, title="Lighthouse", kinds="video")) == []
    assert titles(fit(writers, title="Lighthouse", kinds="image,video")) == ["Lighthouse"]


def test_several_can_be_ticked(writers: Client, fit: Fitting, picture: Callable[..., CustomImage]):
    image = picture("Lighthouse")
    ticks = fit(writers, title="Lighthouse", multiple="1").content.decode()
    assert f'data-multiple-choice-select data-media-chooser-target="tick" value="{image.pk}"' in ticks


def test_words_of_a_page_are_no_markup(writers: Client, fit: Fitting, picture: Callable[..., CustomImage]):
    picture("<script>Lighthouse")
    assert "<script>" not in fit(writers, title="<script>lighthouse</script>").content.decode()


def test_wagtails_own_chooser_of_pictures_offers_them_too(writers: Client, picture: Callable[..., CustomImage]):
    picture("Lighthouse")
    response = writers.post("/admin/images/chooser/fitting/", {"title": "Lighthouse"})
    assert titles(response) == ["Lighthouse"]


@pytest.mark.parametrize(
    "data", [{}, {"title": "\0" * 5}, {"text": '"' * 50_000}, {"tags": ',,"'}, {"title": "a" * 90_000}]
)
def test_nonsense_finds_nothing(writers: Client, chooser: Callable[..., str], data: dict[str, str]):
    assert titles(writers.post(chooser("fitting"), data)) == []


def test_visitors_are_sent_to_the_login(client: Client, fit: Fitting):
    assert fit(client, title="Lighthouse").status_code == 302


@pytest.mark.parametrize("words", [1, 600])
def test_a_long_text_takes_as_many_queries_as_a_short_one(
    words: int,
    picture: Callable[..., CustomImage],
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("media_library.related.words.FOUND", 1)
    picture("Lighthouse", "sea")
    text = " ".join(f"word{chr(97 + n % 26) * 4}{chr(97 + n // 26)}" for n in range(words))
    with django_assert_num_queries(5):
        assert fitting("Lighthouse", ["sea"], text, CustomImage.objects.all())


def test_of_a_word_that_many_have_the_newest_are_offered(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("media_library.related.words.FOUND", 2)
    for number in range(4):
        picture(f"Harbour {number}")

    assert titles(fit(writers, title="Harbour")) == ["Harbour 3", "Harbour 2"]


def test_an_old_picture_with_a_rare_word_is_said_to_have_the_common_ones(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("media_library.related.words.FOUND", 3)
    picture("Schooner in the harbour")
    picture("Schooner")
    for number in range(4):
        picture(f"Harbourside {number}")

    response = fit(writers, title="Schooner, harbour, harbours")

    assert titles(response)[0] == "Schooner in the harbour"
    assert "Has “schooner” and “harbour”" in response.content.decode()


def test_a_word_in_the_middle_of_another_is_not_said(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("media_library.related.words.FOUND", 1)
    picture("Schooner of the flagship")
    picture("Ship")

    content = fit(writers, title="Schooner, ship").content.decode()

    assert "Has “schooner”" in content
    assert "Has “schooner” and “ship”" not in content


def test_of_words_that_begin_alike_all_are_found_in_the_longest(
    writers: Client, fit: Fitting, picture: Callable[..., CustomImage], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("media_library.related.words.FOUND", 1)
    picture("Lighthouse with a keeper")
    picture("Lighthouse")

    response = fit(writers, title="Light, lighthouse, keeper")

    assert titles(response)[0] == "Lighthouse with a keeper"
    assert "Has “light”, “lighthouse” and “keeper”" in response.content.decode()


@pytest.mark.parametrize("word", ["Straße", "Ærø", "Żuraw"])
def test_words_in_any_alphabet_are_found(
    word: str, writers: Client, fit: Fitting, picture: Callable[..., CustomImage]
):
    picture(f"{word}nbahn")
    assert titles(fit(writers, title=f"{word}nbahn")) == [f"{word}nbahn"]


def test_words_of_the_title_come_first_then_long_and_repeated_ones():
    words = telling_words("At the pier", "It was foggy, foggy, foggy and foggy. Fishermen came; 1234567 of them.")
    assert words == ["pier", "foggy", "fishermen", "came", "them"]
