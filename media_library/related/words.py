"""What fits a text that is being written: media that say the same words, or are tagged with them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest

from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from taggit.models import Tag

from media_library.models import Asset
from media_library.related import indexed
from media_library.related.scoring import LOOKED_AT, Hits, Reason, Related, best, rarity
from media_library.related.tags import MOST_TAGS, having

WORDS = 12
"""So many words of a text are looked for."""

FOUND = 150
"""Of what has a word, so many of the newest are looked at; a word that more have says as little as one of so many."""

MOST_CHARACTERS = 20_000
"""Of a text, so much is read."""

STRENGTH = 0.8
"""Of an asset that has all the words."""

_WORD = re.compile(r"[^\W\d_]{4,40}")


def fitting(title: str, tags: Iterable[str], text: str, among: QuerySet[Asset], limit: int = 12) -> list[Related]:
    """What fits a page best, of those in ``among``, by its title, the names of its tags, and all else that it says.

    In at most seven queries, mostly five; none where nothing is said.
    """
    words = telling_words(title, text[:MOST_CHARACTERS])
    found = [_tagged([*tags][:MOST_TAGS], words), _saying(words)]
    return best(found, among, limit) if any(found) else []


def telling_words(title: str, text: str) -> list[str]:
    """The words that are likely to say most, at most ``WORDS``: those of the title before long or repeated ones.

    Short words are the common ones (Zipf, "Human Behavior and the Principle of Least Effort", 1949).
    """
    entitled = [word.lower() for word in _WORD.findall(title)]
    counts = Counter(word.lower() for word in _WORD.findall(text))
    others = sorted(counts.keys() - set(entitled), key=lambda word: (-len(word) - 2 * min(counts[word], 4), word))
    return [*dict.fromkeys(entitled), *others][:WORDS]


def _tagged(tags: Iterable[str], words: Iterable[str]) -> Hits:
    """Assets with tags of the page, or such as its words name. Two queries."""
    names = {spelt for one in (*tags, *words) for spelt in (one, one.casefold(), one.capitalize())}
    if not names:
        return {}
    known = Tag.objects.filter(name__in=names).order_by("pk").values_list("pk", "name")
    return having(dict(known[:MOST_TAGS]))


def _saying(words: Sequence[str]) -> Hits:
    """Assets in which the search finds some of the words, or what begins with them. Two queries."""
    members = indexed.newest_with(words, FOUND)
    weights = {word: rarity(len(members[word])) for word in words if word in members}
    said: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for word in weights:
        for asset_id in members[word]:
            said[asset_id] += (word,)
    # What has a rare word is seldom among the newest that have a common one.
    if common := [word for word in weights if len(members[word]) == FOUND]:
        share = {these: sum(weights[word] for word in these) for these in set(said.values())}
        likely = nlargest(LOOKED_AT, said, key=lambda one: (share[said[one]], one))
        for asset_id, others in indexed.said_by(likely, common):
            said[asset_id] = tuple(word for word in weights if word in others or word in said[asset_id])
    reasons = {these: _reason(these, weights) for these in set(said.values())}
    return {asset_id: reasons[these] for asset_id, these in said.items()}


def _quoted(words: Sequence[str]) -> str:
    return _("has %(words)s") % {"words": get_text_list([f"“{word}”" for word in words], _("and"))}


# Hundreds of reasons are weighed, and a few of them shown.
_quoted_once_shown = lazy(_quoted, str)


def _reason(words: Sequence[str], weights: Mapping[str, float]) -> Reason:
    share = sum(weights[word] for word in words) / sum(weights.values())
    return Reason("same_words", _quoted_once_shown(words[:3]), STRENGTH * share)
