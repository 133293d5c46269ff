"""What is in a media collection, as an editor sees it: tiles of the assets that they may see, and how many others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from media_library.admin.facts import IMAGE_THUMBNAIL, clock, thumbnail_urls
from media_library.admin.permissions import User, changeable_assets, visible_assets
from media_library.admin.url_finder import AssetURLFinder
from media_library.models import Asset, CustomRendition, MediaCollection, MediaCollectionItem


@dataclass(frozen=True)
class Tile:
    """One place in the collection. ``thumbnail`` and ``edit_url`` may be empty."""

    item: MediaCollectionItem
    thumbnail: str
    edit_url: str

    @property
    def asset(self) -> Asset:
        return self.item.asset

    @property
    def duration(self) -> str:
        return clock(self.asset.duration)


def visible_items(collection: MediaCollection, user: User) -> QuerySet[MediaCollectionItem]:
    """The places whose assets the user may see, in order."""
    return MediaCollectionItem.objects.filter(media_collection=collection, asset__in=visible_assets(user))


def tiles(collection: MediaCollection, user: User) -> list[Tile]:
    """What the user may see, in order. Four queries, whatever the number."""
    items = list(visible_items(collection, user).select_related("asset"))
    pictures = _pictures([item.asset for item in items])
    ids = [item.asset_id for item in items]
    changeable = set(changeable_assets(user).filter(pk__in=ids).values_list("pk", flat=True))
    # Permission is asked for all of them at once.
    finder = AssetURLFinder(None)
    return [
        Tile(
            item,
            pictures.get(item.asset_id, ""),
            finder.construct_edit_url(item.asset) if item.asset_id in changeable else "",
        )
        for item in items
    ]


def _pictures(assets: Iterable[Asset]) -> dict[int, str]:
    images = [asset.pk for asset in assets if asset.kind == Asset.Kind.IMAGE]
    urls = thumbnail_urls(asset.pk for asset in assets if asset.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO))
    if images:
        found = CustomRendition.objects.filter(image__in=images, filter_spec=IMAGE_THUMBNAIL)
        urls |= {one.image_id: one.url for one in found}
    return urls
