"""Media collections as one response sees them: how many there is to see, their covers, and what is in them."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from media_library.api.batch import Batch
from media_library.cache_tags import record, valid_today
from media_library.models import Asset, Audio, CustomDocument, CustomImage, MediaCollection, MediaCollectionItem, Video
from media_library.rights import expired

MODELS: dict[str, type[Asset]] = {model.KIND: model for model in (CustomImage, Video, Audio, CustomDocument)}

Part = tuple[int, int, int | None]
"""What is shown of a collection: its id, how many items are left out at the beginning, and how many follow at most."""


class Summary(NamedTuple):
    """What there is to see: how many items, and the id of the picture on the cover."""

    number: int = 0
    cover_id: int | None = None


class Item(NamedTuple):
    """An asset in its place, and what is said of it there."""

    asset_id: int
    kind: str
    caption: str


class CuratedSets:
    """All media collections of a response.

    Assets in closed folders, in the trash, and those whose rights have ended are left out, and not counted.

    ``closed`` answers the ids of the closed folders; ``batch`` has the library's assets of a kind.
    """

    def __init__(self, closed: Callable[[], set[int]], batch: Callable[[type[Asset]], Any]):
        self._closed, self._batch = closed, batch
        self.collections = Batch(self._load_collections, tag="collection")
        self.parts = Batch(self._load_parts)
        self._summaries = Batch(self._load_summaries)

    def know(self, collection: MediaCollection) -> None:
        """Prepare to show a collection that is at hand."""
        self.collections.put(collection.pk, collection)
        self._summaries.expect([collection.pk])

    def count(self, collection: MediaCollection) -> int:
        self._note(collection)
        return (self._summaries.get(collection.pk) or Summary()).number

    def cover(self, collection: MediaCollection) -> CustomImage | None:
        """The chosen picture, or the first one in the collection; None where there is none to see."""
        self._note(collection)
        cover_id = (self._summaries.get(collection.pk) or Summary()).cover_id
        return self._batch(CustomImage).get(cover_id) if cover_id is not None else None

    def assets(
        self, collection: MediaCollection, offset: int = 0, limit: int | None = None
    ) -> list[tuple[Asset, str]]:
        """Its assets as their concrete kinds in order, each with its caption there; "" for that of the library."""
        self._note(collection)
        items = self.parts.get((collection.pk, offset, limit)) or ()
        found = ((self._batch(MODELS[item.kind]).get(item.asset_id), item.caption) for item in items)
        return [(asset, caption) for asset, caption in found if asset is not None]

    def _note(self, collection: MediaCollection) -> None:
        record(f"collection-{collection.pk}")
        # Rights to what is in it may end.
        valid_today()

    def _open(self) -> Q:
        return Q(asset__trashed_at=None) & ~Q(asset__collection__in=self._closed()) & ~expired(prefix="asset__")

    def _items(self, ids: set[int]) -> QuerySet[MediaCollectionItem]:
        return MediaCollectionItem.objects.filter(self._open(), media_collection__in=ids)

    def _load_collections(self, ids: set[int]) -> dict[int, MediaCollection]:
        found = MediaCollection.objects.in_bulk(ids)
        self._summaries.expect(found)
        return found

    def _load_summaries(self, ids: set[int]) -> dict[int, Summary]:
        counts = dict(
            self._items(ids)
            .order_by()
            .values_list("media_collection")
            .annotate(number=Count("pk"))
            .values_list("media_collection", "number")
        )
        first = MediaCollectionItem.objects.filter(
            self._open(), media_collection=OuterRef("pk"), asset__kind=Asset.Kind.IMAGE
        ).order_by("sort_order", "pk")
        chosen = CustomImage.objects.filter(~expired(), pk=OuterRef("cover"), trashed_at=None).exclude(
            collection__in=self._closed()
        )
        covers = dict(
            MediaCollection.objects.filter(pk__in=ids)
            .order_by()
            .values_list("pk", Coalesce(Subquery(chosen.values("pk")[:1]), Subquery(first.values("asset")[:1])))
        )
        self._batch(CustomImage).expect(cover for cover in covers.values() if cover is not None)
        return {key: Summary(counts.get(key, 0), cover) for key, cover in covers.items()}

    def _load_parts(self, parts: set[Part]) -> dict[Part, list[Item]]:
        rows = self._items({key for key, _offset, _limit in parts}).values_list(
            "media_collection", "asset", F("asset__kind"), "caption"
        )
        whole: dict[int, list[Item]] = defaultdict(list)
        for key, *columns in rows:
            whole[key].append(Item(*columns))
        found = {}
        for key, offset, limit in parts:
            shown = found[key, offset, limit] = whole[key][offset:][:limit]
            for kind, model in MODELS.items():
                self._batch(model).expect(item.asset_id for item in shown if item.kind == kind)
        return found
