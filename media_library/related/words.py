"""What fits a text that is being written: media that say the same words, or are tagged with them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from taggit.models import Tag

from media_library.models import Asset
from media_library.related.scoring import Hits, Reason, Related, best, rarity
from media_library.related.tags import MOST_TAGS, having

WORDS = 12
"""So many words of a text are looked for."""

FOUND = 200
"""Of what has a word, so much is looked at; a word that more have says as little as one of so many."""

MOST_CHARACTERS = 20_000
"""Of a text, so much is read."""

STRENGTH = 0.8
"""Of an asset that has all the words."""

_WORD = re.compile(r"[^\W\d_]{4,40}")


def fitting(title: str, tags: Iterable[str], text: str, among: QuerySet[Asset], limit: int = 12) -> list[Related]:
    """What fits a page best, of those in ``among``, by its title, the names of its tags, and all else that it says.

    In at most ``WORDS`` + 5 queries; none where nothing is said.
    """
    words = telling_words(title, text[:MOST_CHARACTERS])
    found = [_tagged([*tags][:MOST_TAGS], words), _saying(words)]
    return best(found, among, limit) if any(found) else []


def telling_words(title: str, text: str) -> list[str]:
    """The words that are likely to say most, at most ``WORDS``: those of the title before long or repeated ones.

    Short words are the common ones (Zipf, "Human Behavior and the Principle of Least Effort", 1949).
    """
    entitled = [word.casefold() for word in _WORD.findall(title)]
    counts = Counter(word.casefold() for word in _WORD.findall(text))
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
    """Assets in which the search finds some of the words, or what begins with them. A query for each."""
    members = {word: set(_with(word)) for word in words}
    weights = {word: rarity(len(there)) for word, there in members.items() if there}
    shared: dict[int, list[str]] = defaultdict(list)
    for word in weights:
        for asset_id in members[word]:
            shared[asset_id].append(word)
    return {asset_id: _reason(said, weights) for asset_id, said in shared.items()}


def _with(word: str) -> Iterable[int]:
    found = Asset.objects.order_by().autocomplete(word, order_by_relevance=False).get_queryset()
    return found.order_by().values_list("pk", flat=True)[:FOUND]


def _reason(words: Sequence[str], weights: dict[str, float]) -> Reason:
    text = _("has %(words)s") % {"words": get_text_list([f"“{word}”" for word in words[:3]], _("and"))}
    return Reason("same_words", text, STRENGTH * sum(weights[word] for word in words) / sum(weights.values()))
