"""What is in a media collection, and in which order.

Every change is said in relation to what is there ("add these", "put this one before that one"), and made while the
collection's row is locked. So two editors at once lose nothing of each other's work. Whether the user may do it, and
may see these assets, the door has asked before.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from media_library.exceptions import ItemGone
from media_library.models import Asset, MediaCollection, MediaCollectionItem
from media_library.signals import collection_changed
from media_library.usage.places import User

LOG_ADD = "media_library.media_collection.add"
LOG_REMOVE = "media_library.media_collection.remove"
LOG_REPLACE = "media_library.media_collection.replace"
LOG_MOVE = "media_library.media_collection.move"
LOG_CAPTION = "media_library.media_collection.caption"


def add(collection: MediaCollection, assets: Iterable[Asset], user: User | None = None) -> list[MediaCollectionItem]:
    """Put these assets at the end, in this order; return the new places.

    What is in it already stays where it is, and what has been deleted meanwhile is left out.
    """
    wanted = list(dict.fromkeys(asset.pk for asset in assets))
    with _changing(collection) as current:
        # Whoever wants to delete one of them waits until it is counted as used; ordered, against deadlocks.
        locked = Asset.objects.select_for_update(no_key=True).filter(pk__in=wanted, trashed_at=None).order_by("pk")
        there = MediaCollectionItem.objects.filter(media_collection=current)
        new = set(locked.values_list("pk", flat=True)) - set(there.values_list("asset", flat=True))
        first = (there.aggregate(last=Max("sort_order"))["last"] or 0) + 1
        items = MediaCollectionItem.objects.bulk_create(
            MediaCollectionItem(media_collection=current, asset_id=asset_id, sort_order=first + number)
            for number, asset_id in enumerate(one for one in wanted if one in new)
        )
        if items:
            _changed(current, LOG_ADD, user, {"assets": [item.asset_id for item in items]})
    return items


def remove(collection: MediaCollection, items: QuerySet[MediaCollectionItem], user: User | None = None) -> int:
    """Take these places out, and return how many there were. The assets stay in the library."""
    with _changing(collection) as current:
        mine = items.filter(media_collection=collection)
        assets = list(mine.values_list("asset", flat=True))
        if assets:
            mine.delete()
            _changed(current, LOG_REMOVE, user, {"assets": assets})
    return len(assets)


def replace(collection: MediaCollection, old: Asset, new: Asset, user: User | None = None) -> None:
    """Put another asset in the place of this one, also as the cover. If it is in the collection, the place goes."""
    with _changing(collection) as current:
        items = MediaCollectionItem.objects.filter(media_collection=current)
        if items.filter(asset=new.pk).exists():
            items.filter(asset=old.pk).delete()
        else:
            items.filter(asset=old.pk).update(asset=new.pk)
        if current.cover_id == old.pk:
            current.cover_id = new.pk
            MediaCollection.objects.filter(pk=current.pk).update(cover=new.pk)
        _changed(current, LOG_REPLACE, user, {"assets": [old.pk, new.pk]})


def move(
    collection: MediaCollection,
    item_ids: Sequence[int],
    before: int | None,
    seen: QuerySet[Asset],
    user: User | None = None,
) -> None:
    """Put places, in this order, before another one, or at the end where ``before`` is None.

    ``seen`` are the assets that the user may see: the others keep exactly the positions that they have. Raises
    ``ItemGone`` when somebody has taken out one of them.
    """
    with _changing(collection) as current:
        items = list(MediaCollectionItem.objects.filter(media_collection=current, asset__in=seen))
        by_id = {item.pk: item for item in items}
        if not by_id.keys() >= {*item_ids, *([before] if before is not None else ())}:
            raise ItemGone()
        if before in item_ids:
            return
        slots = [item.sort_order for item in items]
        moved = [by_id[item_id] for item_id in item_ids]
        items = [item for item in items if item not in moved]
        place = items.index(by_id[before]) if before is not None else len(items)
        items[place:place] = moved
        displaced = [item for item, slot in zip(items, slots, strict=True) if item.sort_order != slot]
        for item, slot in zip(items, slots, strict=True):
            item.sort_order = slot
        if displaced:
            MediaCollectionItem.objects.bulk_update(displaced, ["sort_order"], batch_size=500)
            _changed(current, LOG_MOVE, user, {"assets": [item.asset_id for item in moved]})


def write_caption(collection: MediaCollection, item_id: int, caption: str, user: User | None = None) -> None:
    """Say something of an asset in this place. Raises ``ItemGone`` when somebody has taken it out."""
    with _changing(collection) as current:
        item = MediaCollectionItem.objects.filter(media_collection=current, pk=item_id).first()
        if item is None:
            raise ItemGone()
        if item.caption != caption:
            MediaCollectionItem.objects.filter(pk=item_id).update(caption=caption)
            _changed(current, LOG_CAPTION, user, {"assets": [item.asset_id]})


@contextmanager
def _changing(collection: MediaCollection) -> Iterator[MediaCollection]:
    """The collection as it is now; nobody else changes what is in it until the transaction ends.

    Raises ``MediaCollection.DoesNotExist`` when somebody has deleted it.
    """
    with transaction.atomic():
        yield MediaCollection.objects.select_for_update().get(pk=collection.pk)


def _changed(collection: MediaCollection, action: str, user: User | None, data: dict[str, list[int]]) -> None:
    # Not save(), which would write columns that somebody's form may be about to change.
    MediaCollection.objects.filter(pk=collection.pk).update(updated_at=timezone.now())
    # Rows are written in bulk, of which no signal tells.
    collection_changed.send(MediaCollection, collection_id=collection.pk)
    ReferenceIndex.create_or_update_for_object(collection)
    log(instance=collection, action=action, user=user, data=data)
