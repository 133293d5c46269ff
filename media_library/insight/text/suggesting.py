"""Which of the words that Tesseract reads are suggested: few false ones before many right ones.

Thresholds are from drawn signs on photographs and from photographs without any (tests/proof/test_visible_text.py).
"""

import time
from collections.abc import Iterable, Iterator
from itertools import groupby

from media_library.conf import conf
from media_library.imaging.looking import Pixels, grey, turned
from media_library.insight.proposals import Field, Look, Proposal
from media_library.insight.text.tesseract import FULL_PAGE, SCATTERED, Word, is_installed, languages, read
from media_library.models import Suggestion

SHORTEST = 3
"""Letters and digits of a word that is believed by itself: branches and windows are read as words of two."""

SURER, LONGER = 0.85, 4
"""What one word must have at least for all of them to be believed: leaves and waves have none."""

TRIES = (
    *((degrees, FULL_PAGE) for degrees in (0, 10, -10, 90, 270, 180)),
    *((degrees, SCATTERED) for degrees in (0, 90, 270)),
)
"""Degrees by which the picture is turned, and how it is read, until there are words.

Scattered words come last: they are more often cut in two, or halves of what is slanted.
"""

MOST_PASSAGES = 8
"""Suggestions of ``Suggestion.LONGEST`` characters each: 4,000 are more than two pages of a book."""

MOSTLY_TEXT, LONGEST_ALT = 0.5, 250
"""Share of the picture in which its words stand when they are what there is to see; characters of an alt text."""

IDEOGRAPHS = "\u2e80"
"""From here on in Unicode, one character is a word (Chinese, Japanese, Korean)."""


def suggest(look: Look) -> Iterator[Proposal]:
    """The words in a picture, or in the poster of a film, in passages; as alt text, too, if there is nothing else.

    Nothing where there are none, where Tesseract is not installed, or where it has none of the languages. Raises
    ``ProcessingError`` when it fails.
    """
    if not is_installed() or not languages() or look.large_pixels is None:
        return
    pixels = grey(look.large_pixels)
    words = words_in(pixels)
    if not words:
        return
    confidence = sum(word.confidence for word in words) / len(words)
    for passage in passages(words):
        yield Proposal(Field.VISIBLE_TEXT, passage, confidence)
    text = " ".join(word.text for word in words)
    if len(text) <= LONGEST_ALT and not look.asset.alt_text and share(words, pixels) >= MOSTLY_TEXT:
        yield Proposal(Field.ALT_TEXT, text, confidence)


def words_in(pixels: Pixels) -> list[Word]:
    """The words that are believed, of the first try that has some; none once it has taken too long."""
    until = time.monotonic() + conf.INSIGHT_TEXT_SECONDS
    for degrees, way in TRIES:
        if time.monotonic() > until:
            break
        if words := believed(read(turned(pixels, degrees) if degrees else pixels, way)):
            return words
    return []


def believed(words: Iterable[Word]) -> list[Word]:
    """Those that are sure and long enough; short ones that are surer and stand in a line with these.

    None of them unless a longer one is surer, too.
    """
    sure = [word for word in words if word.confidence >= conf.INSIGHT_TEXT_SURE and letters(word.text)]
    if not any(word.confidence >= SURER and letters(word.text) >= LONGER for word in sure):
        return []
    long = [word for word in sure if letters(word.text) >= SHORTEST]
    lines = {word.line for word in long}
    return [word for word in sure if word in long or (word.line in lines and word.confidence >= SURER)]


def share(words: Iterable[Word], pixels: Pixels) -> float:
    """How much of the picture the rectangle around all of these words takes, 0 to 1."""
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    return float((max(rights) - min(lefts)) * (max(bottoms) - min(tops)) / pixels.size)


def letters(text: str) -> int:
    """How many letters and digits; none where they are less than half of it."""
    found = [one for one in text if one.isalnum()]
    if 2 * len(found) < len(text):
        return 0
    return sum(LONGER if one >= IDEOGRAPHS else 1 for one in found)


def passages(words: Iterable[Word]) -> list[str]:
    """What stands together, in as few texts as they fit into."""
    packed: list[str] = []
    for _passage, group in groupby(words, key=lambda word: word.passage):
        for text in _cut(" ".join(word.text for word in group)):
            if packed and len(packed[-1]) + 1 + len(text) <= Suggestion.LONGEST:
                packed[-1] += f" {text}"
            else:
                packed.append(text)
    return packed[:MOST_PASSAGES]


def _cut(text: str) -> Iterator[str]:
    """In parts that a suggestion can hold, between words where there is a place."""
    while len(text) > Suggestion.LONGEST:
        end = text.rfind(" ", 0, Suggestion.LONGEST) + 1 or Suggestion.LONGEST
        yield text[:end].strip()
        text = text[end:]
    yield text
