"""The piece of a text in which somebody finds what they have looked for."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page
from wagtail.search import index

LENGTH = 220
"""Characters of a piece, more or less."""

BEFORE = 60
"""Characters that stand before the first word that is found."""

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


def texts_of(page: Page) -> Iterator[str]:
    """The texts by which the search index knows a page, one after the other, without its title."""
    for field in page.search_fields:
        if type(field) is index.SearchField and field.field_name != "title":
            value = field.get_value(page)
            yield from value if isinstance(value, list) else [str(value or "")]


def excerpt(texts: Iterable[str], words: Iterable[str]) -> SafeString:
    """A piece of the first text that has one of the words, each of which is marked: ``"the <mark>harbour</mark> at"``.

    Escaped HTML. Without any of them, it is how the first text begins; empty without a text.
    """
    looked_for = [found for word in words for found in _WORD.findall(_folded(word))]
    first = ""
    for text in texts:
        text = _SPACE.sub(" ", text).strip()
        first = first or text
        found = next((one for one in _WORD.finditer(text) if _is_found(one[0], looked_for)), None)
        if found:
            return _marked(*_piece(text, found.start()), looked_for)
    return _marked(*_piece(first, 0), [])


def _folded(text: str) -> str:
    """Without case and accents, as the index has it."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


def _is_found(word: str, looked_for: list[str]) -> bool:
    # The index knows words by their stems: ships are found by ship, and the other way round.
    word = _folded(word)
    return any(word.startswith(one) or (len(word) > 3 and one.startswith(word)) for one in looked_for)


def _piece(text: str, at: int) -> tuple[str, str, str]:
    """The text around a place, at borders of words, with an ellipsis where it is cut: before, text, after."""
    start = max(at - BEFORE, 0)
    if start:
        start = text.find(" ", start, at) + 1 or at
    end = start + LENGTH
    if end < len(text):
        end = text.rfind(" ", start + 1, end) if " " in text[start + 1 : end] else end
    return ("… " if start else ""), text[start:end], (" …" if end < len(text) else "")


def _marked(before: str, text: str, after: str, looked_for: list[str]) -> SafeString:
    pieces, last = [before], 0
    for found in _WORD.finditer(text):
        if _is_found(found[0], looked_for):
            pieces += [html.escape(text[last : found.start()]), f"<mark>{html.escape(found[0])}</mark>"]
            last = found.end()
    pieces += [html.escape(text[last:]), after]
    return mark_safe("".join(pieces))  # noqa: S308 - each piece of the text is escaped above
