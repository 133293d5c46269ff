"""Assets by their ids, some at a time, as their concrete kinds."""

from collections.abc import Iterable, Iterator
from itertools import islice

from media_library.models import Asset

AT_A_TIME = 50


def load(asset_ids: Iterable[int], *, locked: bool = False) -> list[Asset]:
    """These assets as their concrete kinds, in this order, without those that are gone. One query for each kind.

    ``locked`` keeps others from changing them until the transaction ends; pages may refer to them all the while.
    """
    ids = list(asset_ids)
    kinds: dict[str, list[int]] = {}
    rows = Asset.objects.filter(pk__in=ids).order_by("pk")
    if locked:
        # By id, so that two who lock some of the same assets never wait for each other.
        rows = rows.select_for_update(no_key=True)
    for pk, kind in rows.values_list("pk", "kind"):
        kinds.setdefault(kind, []).append(pk)
    found: dict[int, Asset] = {}
    for model in Asset.__subclasses__():
        if wanted := kinds.get(model.KIND):
            found |= model._default_manager.select_related("collection").in_bulk(wanted)
    return [found[pk] for pk in ids if pk in found]


def load_all(asset_ids: Iterable[int]) -> Iterator[Asset]:
    """The same for any number of them: memory holds some at a time."""
    ids = iter(asset_ids)
    while some := list(islice(ids, AT_A_TIME)):
        yield from load(some)
