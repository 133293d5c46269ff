from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from blog.sharing.networks import characters, weighted, with_bytes_of_emoji

SIGNS = "abé“–…\n\r\t ©®1#\u0301\u200d👍👨👩🏽\ufe0f\u20e3🇩🇪日\u0600\u1100\u1161\u0903\u00ad\u0915\u094d\u0937\u200b"
"""Plain letters, and what joins them or others: accents, selectors, key caps, flags, families, syllables."""


@given(st.text(SIGNS, max_size=12))
@example("A family 👨\u200d👩\u200d👧 at sea…")
def test_a_text_is_as_long_as_its_characters_are_one_by_one(text: str) -> None:
    each = list(iter_graphemes(text))
    composed = list(iter_graphemes(normalize("NFC", text)))

    assert characters(text) == len(each)
    assert weighted(text) == sum(map(weighted, composed))
    assert with_bytes_of_emoji(text) == sum(map(with_bytes_of_emoji, each))


def test_plain_letters_are_one_each_and_those_of_east_asia_and_emoji_two_on_x() -> None:
    assert weighted("Café “Nord” – 12") == 16
    assert weighted("日本") == 4
    assert weighted("👨\u200d👩\u200d👧") == 2
    assert weighted("1\ufe0f\u20e3") == 2
