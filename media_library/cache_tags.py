"""What a response was made of, noted by the code that reads it.

    with collect() as tags:
        ...  # serializers call `record("image-12")` for what they read, empty lists included
    tags.names  # {"image-12", "page-7", "pages-blog.postpage-in-5"}

Outside of ``collect`` nothing is noted, and noting costs next to nothing. What the names mean to caches is the affair
of whoever collects them (``cms/delivery``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime


class Collected:
    """The tags of one response, and the moment from which it is no longer true by itself, if there is one."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.until: datetime | None = None


_collected: ContextVar[Collected | None] = ContextVar("cache_tags", default=None)


@contextmanager
def collect() -> Iterator[Collected]:
    """Yield what is recorded inside the block; an outer block learns of it, too."""
    outer = _collected.get()
    collected = Collected()
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)
        if outer is not None:
            outer.names |= collected.names
            _limit(outer, collected.until)


def record(*tags: str) -> None:
    """Note that the response at hand was made of these: ``image-12``, ``category-3``. ASCII, without spaces."""
    collected = _collected.get()
    if collected is not None:
        collected.names.update(tags)


def valid_until(moment: datetime | None) -> None:
    """Note that the response changes by itself at this moment, as when a right ends. None is ignored."""
    collected = _collected.get()
    if collected is not None:
        _limit(collected, moment)


def _limit(collected: Collected, moment: datetime | None) -> None:
    if moment is not None and (collected.until is None or moment < collected.until):
        collected.until = moment
