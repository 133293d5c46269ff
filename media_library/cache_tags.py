"""What a response was made of, noted by the code that reads it.

    with collect() as tags:
        ...  # serializers call `record("image-12")` for what they read, empty lists included
    tags.names  # {"image-12", "page-7", "pages-blog.postpage-in-5"}

Outside of ``collect`` nothing is noted, and noting costs next to nothing. What the names mean to caches is the affair
of whoever collects them (``cms/delivery``); what they stand for, and when they go stale, says docs/invalidation.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta

from django.utils import timezone

LISTS = {"image": "images", "video": "videos", "audio": "audio", "document": "documents"}
"""Kinds of assets, and the tag of lists of them."""

CONTENT = "-content"
"""Ends the tag of a list that is filtered, ordered or searched by what its objects say: ``images-content``."""

RELEVANCE = "relevance"
"""The tag of lists in the order of relevance, which search reckons from all that is in its index."""

FOLDERS = "-folders"
"""Ends the tag of a list of what is in one folder: ``images-folders``."""

PRESETS = "presets"
"""The tag of whatever shows a picture: in which crops, the manifest in force says."""


ALIKE, TAGGED, USED = "alike", "assets-tag", "used"
"""Begin the tags of what is related to an asset: ``alike-12``, by its looks; ``assets-tag-9``, by a tag; ``used-12``,
by where it is used. All such answers have ``alike``."""


class Collected:
    """The tags of one response, and the moment from which it is no longer true by itself, if there is one.

    ``since`` is when the oldest of what was kept and is a part of it was made, if there is any (``api/parts.py``).
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.until: datetime | None = None
        self.since: datetime | None = None


_collected: ContextVar[Collected | None] = ContextVar("cache_tags", default=None)


@contextmanager
def collect() -> Iterator[Collected]:
    """Yield what is recorded inside the block; an outer block learns of it, too."""
    collected = Collected()
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)
        note(collected)


def record(*tags: str) -> None:
    """Note that the response at hand was made of these: ``image-12``, ``category-3``. ASCII, without spaces."""
    collected = _collected.get()
    if collected is not None:
        collected.names.update(tags)


def note(part: Collected) -> None:
    """Note all that a part of the response was made of, when it was collected now or at another time."""
    collected = _collected.get()
    if collected is not None:
        collected.names |= part.names
        _limit(collected, part.until)
        if part.since is not None and (collected.since is None or part.since < collected.since):
            collected.since = part.since


def noted() -> frozenset[str]:
    """What was noted so far; nothing outside of ``collect``."""
    collected = _collected.get()
    return frozenset(collected.names) if collected is not None else frozenset()


def valid_until(moment: datetime | None) -> None:
    """Note that the response changes by itself at this moment, as when a right ends. None is ignored."""
    collected = _collected.get()
    if collected is not None:
        _limit(collected, moment)


def valid_today() -> None:
    """Note that the response depends on what day it is here, as rights to assets do, which end with a day."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    valid_until(timezone.make_aware(datetime.combine(tomorrow, time())))


def valid_for(seconds: float) -> None:
    """Note that the response shows something that moves all the time, as the progress of work."""
    valid_until(timezone.now() + timedelta(seconds=seconds))


def _limit(collected: Collected, moment: datetime | None) -> None:
    if moment is not None and (collected.until is None or moment < collected.until):
        collected.until = moment
