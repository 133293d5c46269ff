"""Many reasons, one score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import fsum, log2, prod
from typing import Any, TypeVar

from django.db.models import QuerySet

from media_library.models import Asset

LOOKED_AT = 500
"""Of what was found, so many of the best are asked for whether they may be shown."""

ALL_TAGS = 0.6
"""Strength of having all the tags."""

TOGETHER = 0.7
"""Strength of being with something in very many places."""

Tag = TypeVar("Tag")


@dataclass(frozen=True)
class Reason:
    """Why an asset is offered: a word for programs, words for people, and how much it says by itself (0 to 1)."""

    code: str
    text: Any
    strength: float


Hits = Mapping[int, Reason]
"""What was found for one reason: by the id of an asset."""


@dataclass(frozen=True)
class Related:
    """An asset, and why it is offered; never without a reason."""

    asset: Asset
    reasons: Sequence[Reason]

    @property
    def score(self) -> float:
        """From 0 to 1."""
        return combined(one.strength for one in self.reasons)

    @property
    def why(self) -> str:
        """All reasons for people: "looks alike, tagged sea"."""
        return ", ".join(str(one.text) for one in self.reasons)


def combined(strengths: Iterable[float]) -> float:
    """Each reason may be wrong by itself; the chance that all are is the product ("noisy or": Pearl, 1988, 4.3.2)."""
    return 1 - prod(1 - one for one in strengths)


def rarity(number: int) -> float:
    """What it says that two are among the ``number`` that share something: 1 for two alone, less for more.

    The weight of a common neighbour in Adamic and Adar, "Friends and neighbors on the Web", 2003, in bits.
    """
    return 1 / log2(max(number, 2))


def of_tags(shared: Iterable[Tag], weights: Mapping[Tag, float]) -> float:
    """How much it says to have some of these tags: their share of what all of them weigh together, by rarity."""
    return ALL_TAGS * fsum(weights[one] for one in shared) / fsum(weights.values())


def of_places(numbers: Iterable[int]) -> float:
    """How much it says to be together in places, of which the numbers are how many are there in each."""
    # Not even two that are alone somewhere belong together for sure.
    return TOGETHER * combined(rarity(one + 1) for one in numbers)


def best(found: Sequence[Hits], among: QuerySet[Asset], limit: int) -> list[Related]:
    """The assets with the highest scores, of those in ``among``; of two with the same, the newer one first.

    One query, or up to five where few of the best may be seen. Reasons stand in the order of ``found``.
    """
    reasons: dict[int, list[Reason]] = defaultdict(list)
    doubt: dict[int, float] = defaultdict(lambda: 1.0)
    for hits in found:
        for asset_id, reason in hits.items():
            reasons[asset_id].append(reason)
            doubt[asset_id] *= 1 - reason.strength
    ids = nlargest(LOOKED_AT, doubt, key=lambda one: (1 - doubt[one], one))
    first, second, others = ids[: 2 * limit], ids[2 * limit : 10 * limit], ids[10 * limit :]
    assets = among.in_bulk(first) if first else {}
    for some in (second, others):
        if some and len(assets) < limit:
            shown = set(among.filter(pk__in=some).order_by().values_list("pk", flat=True))
            assets |= among.in_bulk([one for one in some if one in shown][: limit - len(assets)])
    return [Related(assets[one], reasons[one]) for one in ids if one in assets][:limit]
