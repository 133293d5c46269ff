"""Assets that are there twice: the same file, or what looks like it. Found once, when the later one comes."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from media_library.fingerprints import near
from media_library.models import Asset, DuplicatePair
from media_library.usage.places import User

MOST = 50
"""Pairs that one asset makes at most; the same logo may have been uploaded a thousand times."""


def look_after_commit(asset_id: int) -> None:
    """Look for duplicates of an asset once its file is in the database.

    After commit, so that of two people who upload the same picture at once, the later one sees the other.
    """
    # No partial: Django can't name one when it logs what a robust hook has raised.
    transaction.on_commit(lambda: find(asset_id), robust=True)


def find(asset_id: int) -> int:
    """Write down which assets an asset duplicates, and return how many; dismissed pairs stay dismissed."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        return 0
    same = Asset.objects.filter(kind=asset.kind, file_hash=asset.file_hash).exclude(pk=asset.pk).exclude(file_hash="")
    found = dict.fromkeys(same.order_by("pk").values_list("pk", flat=True)[:MOST], (True, 0))
    for other, distance in near(asset)[:MOST]:
        found.setdefault(other, (False, distance))
    pairs = [
        DuplicatePair(
            first_id=min(asset_id, other), second_id=max(asset_id, other), is_exact=is_exact, distance=distance
        )
        for other, (is_exact, distance) in found.items()
    ]
    with transaction.atomic():
        # Whatever may have been deleted meanwhile can't be referred to.
        there = set(
            Asset.objects.select_for_update(no_key=True)
            .filter(pk__in=[asset_id, *found])
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        DuplicatePair.objects.bulk_create(
            [pair for pair in pairs if {pair.first_id, pair.second_id} <= there], ignore_conflicts=True
        )
    return len(pairs)


def forget(asset: Asset) -> None:
    """Drop the pairs of an asset that gets another file, the dismissed ones, too."""
    pairs_of([asset.pk]).delete()


def pairs_of(asset_ids: Iterable[int]) -> QuerySet[DuplicatePair]:
    """All pairs that have one of these assets in them."""
    ids = list(asset_ids)
    return DuplicatePair.objects.filter(Q(first__in=ids) | Q(second__in=ids))


def pairs_among(assets: QuerySet[Asset]) -> QuerySet[DuplicatePair]:
    """The pairs, without dismissed ones, both of which are among ``assets``: those that a user may see."""
    # Asked of each pair: they are few, and assets many.
    theirs = assets.order_by()
    both = [Exists(theirs.filter(pk=OuterRef(side))) for side in ("first", "second")]
    return DuplicatePair.objects.filter(*both, dismissed_at=None)


def groups(pairs: QuerySet[DuplicatePair], limit: int) -> list[list[int]]:
    """Ids of assets that belong together by these pairs, directly or by others between them; the latest pairs first.

    Looks at ``limit`` pairs at most. One query.
    """
    group_of: dict[int, list[int]] = {}
    for first, second in pairs.order_by("-pk").values_list("first", "second")[:limit]:
        one, other = group_of.setdefault(first, [first]), group_of.setdefault(second, [second])
        if one is not other:
            one += other
            group_of.update(dict.fromkeys(other, one))
    # As they came.
    return [sorted(group) for group in {id(group): group for group in group_of.values()}.values()]


def with_duplicates(assets: QuerySet[Asset], among: QuerySet[Asset] | None = None) -> QuerySet[Asset]:
    """Those of ``assets`` of which another one is a duplicate that is ``among`` these, or among ``assets``."""
    pairs = pairs_among(assets if among is None else among)
    return assets.filter(pk__in=pairs.values("first").union(pairs.values("second")))


def dismiss(pairs: QuerySet[DuplicatePair], user: User | None) -> int:
    """Note that these are no duplicates, and by whose judgement; return how many were open."""
    return pairs.filter(dismissed_at=None).update(dismissed_at=timezone.now(), dismissed_by=user)
