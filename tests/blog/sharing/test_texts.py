"""Ready texts: as much as each network has room for, counted as that network counts."""

import pytest

from blog.models import BlogIndexPage
from blog.sharing.networks import NETWORKS
from blog.sharing.texts import compose, hashtag, ready_texts
from tests.blog.content import make_post

URL = "https://example.org/harbour/"
FAMILY = "👨‍👩‍👧"
WORDS = "Boats leave the harbour before the first light of the day and " * 8


@pytest.mark.parametrize(
    ("network", "text", "measure"),
    [
        ("mastodon", f"é {FAMILY} 🇩🇪", 5),
        ("mastodon", f"See {URL}", 4 + 23),
        ("bluesky", f"See {URL}", 4 + len(URL)),
        ("x", f"See {URL}", 4 + 23),
        ("x", "Hafen", 5),
        ("x", "港口", 4),
        ("x", FAMILY, 2),
        ("x", "e\N{COMBINING ACUTE ACCENT}", 1),
        ("threads", f"a{FAMILY}", 1 + 18),
    ],
)
def test_text_measures_what_the_network_counts(network: str, text: str, measure: int) -> None:
    assert NETWORKS[network].measure(text) == measure


def test_short_text_stands_whole_with_its_hashtags() -> None:
    text = compose(NETWORKS["mastodon"], "Harbour", "Boats at dawn.", ["#Boats", "#Dawn"], URL)
    assert text == f"Harbour\n\nBoats at dawn.\n\n#Boats #Dawn\n\n{URL}"


@pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))
@pytest.mark.parametrize("word", ["light ", "光", f"{FAMILY} ", "🇩🇪"], ids=["latin", "chinese", "families", "flags"])
def test_long_text_fits_and_keeps_its_address(network, word: str) -> None:
    for title, description in (("Harbour", word * 900), (word * 900, "Boats."), (word * 900, word * 900)):
        text = compose(network, title, description, ["#Boats"], URL)
        assert network.fits(text)
        assert text.endswith(URL)
        # None of them is worth its address alone.
        assert len(text) > len(URL)


def test_text_is_cut_after_a_word_and_used_up() -> None:
    text = compose(NETWORKS["bluesky"], "Harbour", WORDS.strip(), [], URL)
    about = text.split("\n\n")[1]
    assert about.endswith("…")
    assert WORDS.startswith(about[:-1])
    assert WORDS[len(about) - 1] == " "
    next_word = WORDS[len(about) :].split(" ")[0]
    assert NETWORKS["bluesky"].measure(text) + 1 + len(next_word) > 300


def test_language_without_spaces_is_cut_between_characters() -> None:
    about = compose(NETWORKS["x"], "港", "光" * 300, [], URL).split("\n\n")[1]
    assert set(about) == {"光", "…"}
    assert len(about) > 100


def test_hashtag_that_has_no_room_is_left_out() -> None:
    text = compose(NETWORKS["x"], "H" * 242, "", ["#Boats", "#Dawn"], URL)
    assert text == f"{'H' * 242}\n\n#Boats\n\n{URL}"


def test_address_that_is_too_long_for_the_network_stands_alone() -> None:
    long = f"https://example.org/{'a' * 290}/"
    assert compose(NETWORKS["bluesky"], "Harbour", "Boats.", ["#Boats"], long) == long


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("night sky", "#NightSky"),
        ("boats", "#boats"),
        ("Rock 'n' Roll", "#RockNRoll"),
        ("2026", ""),
        ("हिन्दी", "#हिन्दी"),
        ("<b>", "#b"),
    ],
)
def test_tag_becomes_a_hashtag(name: str, made: str) -> None:
    assert hashtag(name) == made


def test_text_of_a_post_is_made_of_what_is_written_for_sharing(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1, tags=("night sky", "1/125"), social_title="Out at\nnight", social_description="")
    assert ready_texts(post, URL)["threads"] == f"Out at night\n\nWhat post 1 is about.\n\n#NightSky\n\n{URL}"
    assert "#" not in ready_texts(post, URL)["email"]
