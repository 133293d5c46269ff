"""Reads what a model answered: JSON and nothing else, plain text and nothing else, and never an order."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from media_library.exceptions import ProcessingError, ServerAway
from media_library.insight.proposals import Field, Proposal

LONGEST_TEXT, LONGEST_TAG = 300, 60
"""Characters that are taken over: a screen reader's listener has no patience for more."""

MOST_TAGS = 12
"""Tags of each language."""

CONFIDENCE, CONFIDENCE_OF_OTHERS = 0.6, 0.5
"""A model doesn't say how sure it is; the site's first language goes before the others."""

JOINERS = "\u200c\u200d"
"""Format characters without which words of Persian or Hindi, and some emoji, would be others."""


def read_answer(body: bytes, languages: Iterable[str]) -> list[Proposal]:
    """What a chat completion proposes, in these languages; others in it are left out.

    Raises ``ServerAway`` for what is no chat completion, and ``ProcessingError`` for one that is no description.
    """
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise not_understood(f"{type(error).__name__} in an answer of {len(body)} bytes.") from error
    try:
        described = json.loads(content)
        if not isinstance(described, dict):
            raise TypeError("no object")
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise ProcessingError(
            _("The server for descriptions answered with something that is no description. Nothing of it was taken."),
            log=f"{type(error).__name__} in a description of {len(str(content))} characters.",
        ) from error
    return [
        one
        for number, code in enumerate(languages)
        if isinstance(described.get(code), dict)
        for one in _proposals(described[code], code, CONFIDENCE_OF_OTHERS if number else CONFIDENCE)
    ]


def not_understood(log: str) -> ServerAway:
    """The error for a server that says yes, and then not what such a server says: it will be no other in a minute."""
    return ServerAway(
        _("The server for descriptions doesn't speak as expected. Ask your operator to look at INSIGHT_ENDPOINT."),
        log=log,
        seconds=300,
    )


def _proposals(texts: dict[str, Any], language: str, confidence: float) -> Iterator[Proposal]:
    for field in (Field.ALT_TEXT, Field.CAPTION):
        if text := plain(texts.get(field.value), LONGEST_TEXT):
            yield Proposal(field, text, confidence, language)
    tags = texts.get("tags")
    for tag in tags[:MOST_TAGS] if isinstance(tags, list) else ():
        # Whoever edits tags by hand separates them by commas.
        if text := plain(tag, LONGEST_TAG).replace(",", " ").strip():
            yield Proposal(Field.TAG, text, confidence, language)


def plain(value: object, longest: int) -> str:
    """The words of a text in one line: no markup, no control characters, no change of writing direction.

    Nothing of what is no text. Longer ones are cut between words.
    """
    if not isinstance(value, str):
        return ""
    try:
        words = strip_tags(value[: longest * 4])
    except SuspiciousOperation:
        return ""
    kept = "".join(
        " " if one.isspace() else one for one in words if one.isspace() or one in JOINERS or not _is_control(one)
    )
    line = " ".join(kept.split())
    if len(line) <= longest:
        return line
    return (line[: longest - 1].rpartition(" ")[0] or line[: longest - 1]) + "…"


def _is_control(character: str) -> bool:
    """Control, format, private and unassigned characters, and halves of surrogate pairs."""
    return unicodedata.category(character).startswith("C")
