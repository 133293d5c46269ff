"""Which assets look alike. Found by an index over parts of their fingerprints, never by comparing all of them.

Two fingerprints that differ in at most 10 of 64 bits differ, in at least one of their four bands of 16 bits, in at
most 2 bits (1 will do for the last one): Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index
Hashing", CVPR 2012, 3.1. So it is enough to look up all neighbours of each band, and to compare what that finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations

from django.db import transaction
from django.db.models import QuerySet

from media_library.imaging.fingerprint import BITS, distance
from media_library.models import Asset, Fingerprint
from media_library.signals import looks_changed

MAX_DISTANCE = 10
"""Bits in which fingerprints of one picture may differ (benchmarks/README.md)."""

BANDS = 4
BAND_BITS = BITS // BANDS

UNCROPPED = 0

SAME_SECONDS, SAME_SHARE = 1.0, 0.02
"""Films that look alike are the same one if they are as long as each other, within the larger of both."""


def record(asset: Asset, values: Sequence[int]) -> None:
    """Write down the fingerprints of an asset in place of those it had; without ``values`` it has none."""
    with transaction.atomic():
        Fingerprint.objects.filter(asset=asset.pk).delete()
        Fingerprint.objects.bulk_create(rows(asset.pk, values))


def retake(taken: Mapping[tuple[int, int], Sequence[int]]) -> None:
    """Write down fingerprints of assets that have been there for long, by id and version, and tell of it.

    What was deleted, or has got another file meanwhile, is left out.
    """
    with transaction.atomic():
        found = Asset.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk, _version in taken])
        there = [key for key in found.order_by("pk").values_list("pk", "version") if key in taken]
        if there:
            Fingerprint.objects.filter(asset__in=[pk for pk, _version in there]).delete()
            Fingerprint.objects.bulk_create(row for key in there for row in rows(key[0], taken[key]))
            looks_changed.send(None)


def rows(asset_id: int, values: Sequence[int]) -> list[Fingerprint]:
    """The rows that hold the fingerprints of an asset, not saved yet."""
    return [
        Fingerprint(
            asset_id=asset_id,
            crop=crop,
            value=_signed(value, BITS),
            **{f"band{number}": _signed(part, BAND_BITS) for number, part in enumerate(_bands(value))},
        )
        for crop, value in enumerate(values)
    ]


def near(asset: Asset, within: int = MAX_DISTANCE) -> list[tuple[int, int]]:
    """Ids of the assets of the same kind that look like this one, and their distance in bits; nearest first.

    Films must be as long as each other, too. Whoever shows them to somebody leaves out what that user may not see.
    """
    values = asset.fingerprints.order_by("crop").values_list("value", flat=True)
    found = near_values([value % 2**BITS for value in values], within)
    found.pop(asset.pk, None)
    kin = Asset.objects.filter(pk__in=found, kind=asset.kind).values_list("pk", "duration")
    alike = [(pk, found[pk]) for pk, duration in kin if _as_long(asset.duration, duration)]
    return sorted(alike, key=lambda one: (one[1], one[0]))


def near_values(values: Sequence[int], within: int = MAX_DISTANCE) -> dict[int, int]:
    """Distance by id of all assets that look like a picture with these fingerprints (imaging/fingerprint.py).

    The crops of the one are compared with all of the other, and the other way round: whichever of them is the cropped
    one. Two queries.
    """
    if not values:
        return {}
    found: dict[int, int] = {}
    cropped = Fingerprint.objects.filter(crop__gt=UNCROPPED)
    whole = Fingerprint.objects.filter(crop=UNCROPPED)
    for searched, wanted in ((whole, values), (cropped, values[:1])):
        for asset_id, value in _candidates(searched, wanted, within):
            value %= 2**BITS
            nearest = min(distance(value, one) for one in wanted)
            if nearest <= within and nearest < found.get(asset_id, BITS + 1):
                found[asset_id] = nearest
    return found


def _candidates(searched: QuerySet[Fingerprint], wanted: Sequence[int], within: int) -> Iterable[tuple[int, int]]:
    """Asset and value of what is ``searched`` and may be so near to one of ``wanted``: what is, and some more."""
    radius, rest = divmod(within, BANDS)
    parts = []
    for band in range(BANDS):
        # If the first ones all differ in more than the radius, what is left for the others is less than that.
        reach = radius if band <= rest else radius - 1
        own = {value >> BAND_BITS * band & 2**BAND_BITS - 1 for value in wanted}
        values = {_signed(part ^ mask, BAND_BITS) for part in own for mask in _masks(reach)}
        if values:
            parts.append(searched.filter(**{f"band{band}__among": values}).values_list("asset", "value"))
    first, *others = parts
    return first.union(*others, all=True)


def _bands(value: int) -> list[int]:
    """The 16 lowest bits of a fingerprint, the next 16, and so on."""
    return [value >> BAND_BITS * number & 2**BAND_BITS - 1 for number in range(BANDS)]


@cache
def _masks(reach: int) -> tuple[int, ...]:
    """All ways to change at most ``reach`` bits of a band; none at all below 0."""
    return tuple(
        sum(1 << bit for bit in bits) for count in range(reach + 1) for bits in combinations(range(BAND_BITS), count)
    )


def _signed(value: int, bits: int) -> int:
    """The same bits as the signed number that a database holds."""
    return value - 2**bits if value >= 2 ** (bits - 1) else value


def _as_long(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= max(SAME_SECONDS, SAME_SHARE * max(one, other))
