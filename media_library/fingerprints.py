"""Which assets look alike. Found by an index over parts of their fingerprints, never by comparing all of them.

Two fingerprints that differ in at most 10 of 64 bits differ, in at least one of their four bands of 16 bits, in at
most 2 bits (1 will do for the last one): Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index
Hashing", CVPR 2012, 3.1. So it is enough to look up all neighbours of each band, and to compare what that finds.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
from django.db import connections, router, transaction

from media_library.imaging.fingerprint import BITS
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
    one. One query.
    """
    if not values:
        return {}
    # Thousands, of which a few are near.
    rows = np.fromiter(chain.from_iterable(_candidates(values, within)), np.int64).reshape(-1, 3)
    bits, wanted = rows[:, 1].astype(np.uint64), np.array(values, np.uint64)
    distances = np.bitwise_count(bits[:, None] ^ wanted)
    # Two crops are not compared with each other.
    nearest = np.where(rows[:, 2] == UNCROPPED, distances.min(axis=1), distances[:, 0])
    found: dict[int, int] = {}
    for one in np.flatnonzero(nearest <= within):
        asset_id = int(rows[one, 0])
        found[asset_id] = min(int(nearest[one]), found.get(asset_id, BITS))
    return found


def _candidates(values: Sequence[int], within: int) -> list[tuple[int, int, int]]:
    """Asset, value and crop of what may be so near: what is, and some more.

    Written here, since Django takes as long to put it together as a database to answer it.
    """
    connection = connections[router.db_for_read(Fingerprint)]
    counts_bits = connection.vendor == "postgresql"
    # The planner of PostgreSQL weighs each value of a list that it sees, and none of what a query gives.
    among = "= ANY ((SELECT '{{{}}}'::smallint[])::smallint[])" if counts_bits else "IN ({})"
    parts = []
    for crops, wanted in ((f"= {UNCROPPED}", values), (f"> {UNCROPPED}", values[:1])):
        # Where the database counts bits itself, it has thousands of rows less to send.
        differ = (f"bit_count((value # ({_signed(value, BITS)})::bigint)::bit({BITS}))" for value in wanted)
        near_enough = f" AND least({', '.join(differ)}) <= {within}" if counts_bits else ""
        for band, near_band in enumerate(_near_bands(wanted, within)):
            if near_band:
                which = f"crop {crops} AND band{band} {among.format(','.join(map(str, near_band)))}{near_enough}"
                parts.append(f"SELECT asset_id, value, crop FROM {Fingerprint._meta.db_table} WHERE {which}")  # noqa: S608 - numbers
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return cursor.fetchall()


def _near_bands(wanted: Sequence[int], within: int) -> Iterator[list[int]]:
    """For each band, what it is in at least one of those that are near enough to one of ``wanted``, or in none."""
    radius, rest = divmod(within, BANDS)
    bands = np.array([_bands(value) for value in wanted], np.uint16)
    for band in range(BANDS):
        # If the first ones all differ in more than the radius, what is left for the others is less than that.
        masks = _masks(radius if band <= rest else radius - 1)
        yield np.unique(np.bitwise_xor.outer(bands[:, band], masks)).view(np.int16).tolist()


def _bands(value: int) -> list[int]:
    """The 16 lowest bits of a fingerprint, the next 16, and so on."""
    return [value >> BAND_BITS * number & 2**BAND_BITS - 1 for number in range(BANDS)]


@cache
def _masks(reach: int) -> npt.NDArray[np.uint16]:
    """All ways to change at most ``reach`` bits of a band; none at all below 0."""
    ways = (bits for count in range(reach + 1) for bits in combinations(range(BAND_BITS), count))
    return np.array([sum(1 << bit for bit in bits) for bits in ways], np.uint16)


def _signed(value: int, bits: int) -> int:
    """The same bits as the signed number that a database holds."""
    return value - 2**bits if value >= 2 ** (bits - 1) else value


def _as_long(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= max(SAME_SECONDS, SAME_SHARE * max(one, other))
