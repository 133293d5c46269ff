"""Names of tags, as CDNs and webhooks read them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

ALL = "all"
"""The tag that every response has."""

MOST_BYTES = 7_000
"""Of the tags of one response in a header. Node reads 16 KiB of headers by default, and there are two such headers
(``Cache-Tag`` and ``Surrogate-Key``); CDNs read 16 KiB of each."""

_NUMBERED = re.compile(r"-\d+$")


@lru_cache(maxsize=50_000)
def coarser(tag: str) -> str | None:
    """The tag that stands for this one in responses with too many: ``image-12`` → ``image``; None if it has no number.

    Whoever tells a CDN of a tag tells it of this one, too.
    """
    found = _NUMBERED.sub("", tag)
    return found if found != tag else None


def header_tags(tags: Iterable[str]) -> list[str]:
    """The tags of a response, sorted; coarser ones where there are most of a kind, if they take over ``MOST_BYTES``.

    Kinds lose their numbers one by one, the one that takes most space first, until all fit.
    """
    kept = set(tags)
    if _size(kept) <= MOST_BYTES:
        return sorted(kept)
    kinds: dict[str, set[str]] = defaultdict(set)
    for tag in kept:
        if kind := coarser(tag):
            kinds[kind].add(tag)
    for kind in sorted(kinds, key=lambda kind: (-_size(kinds[kind]), kind)):
        kept = (kept - kinds[kind]) | {kind}
        if _size(kept) <= MOST_BYTES:
            return sorted(kept)
    return [ALL]


def _size(tags: Iterable[str]) -> int:
    return len(",".join(tags)) + 1
