"""What a body holds, from its raw data: no block becomes a value for it, and nothing is looked up."""

import math
import re
from collections.abc import Iterator
from typing import Any, TypedDict

from django.utils.text import slugify
from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing

WORDS_PER_MINUTE = 238
"""Silent reading of English non-fiction by adults: Brysbaert, "How many words do we read per minute? A review and
meta-analysis of reading rate", Journal of Memory and Language 109 (2019)."""

CHARACTERS_PER_MINUTE = 500
"""Of Chinese, Japanese and Korean, which are counted by character, as Medium's "Read time" does."""

# Han, kana (also of half width) and Hangul.
_CHARACTER = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class ContentsEntry(TypedDict):
    """A heading of a body. ``id`` is that of its element, ``level`` is 2 for ``<h2>``."""

    id: str
    text: str
    level: int


def table_of_contents(body: StreamValue) -> list[ContentsEntry]:
    """The headings of a body, in their order.

    An id is made of the text, so that it stays when blocks are moved. Where two headings have the same text, the
    second one's ends with the first characters of its block's id, so that it stays when others come and go.
    """
    entries: list[ContentsEntry] = []
    taken: set[str] = set()
    for block in _blocks(body, "heading"):
        text, level = str(block["value"].get("text") or ""), str(block["value"].get("level") or "")
        anchor = stem = anchor_of(text)
        if anchor in taken:
            anchor = stem = f"{stem}-{str(block.get('id') or '')[:8]}".rstrip("-")
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{stem}-{number}"
        taken.add(anchor)
        entries.append({"id": anchor, "text": text, "level": int(level[1:]) if level[1:].isdecimal() else 2})
    return entries


def anchor_of(text: str) -> str:
    """The id of a heading that is the only one with its text. Never begins with ``_``, as templates' own ids do."""
    return slugify(text, allow_unicode=True) or "section"


def reading_time(body: StreamValue) -> int:
    """Minutes, rounded up, for the words of headings, texts, quotes and code; 0 where there are none."""
    text = " ".join(_texts(body))
    characters = len(_CHARACTER.findall(text))
    words = len(_WORD.findall(_CHARACTER.sub(" ", text)))
    return math.ceil(words / WORDS_PER_MINUTE + characters / CHARACTERS_PER_MINUTE)


def _texts(body: StreamValue) -> Iterator[str]:
    for block in _blocks(body, "heading", "quote"):
        yield str(block["value"].get("text") or "")
    for block in _blocks(body, "code"):
        yield str(block["value"].get("code") or "")
    for block in body.raw_data:
        if block["type"] == "rich_text":
            yield get_text_for_indexing(str(block["value"] or ""))


def _blocks(body: StreamValue, *types: str) -> Iterator[dict[str, Any]]:
    for block in body.raw_data:
        if block["type"] in types and isinstance(block["value"], dict):
            yield block
