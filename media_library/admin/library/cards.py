"""What the library shows of each asset. A fixed number of queries for a page of any length, and no file is opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.http import urlencode

from media_library import rights
from media_library.admin.facts import IMAGE_THUMBNAIL, KIND_ICONS, LARGE_THUMBNAIL, clock, thumbnail_urls
from media_library.admin.permissions import changeable_assets
from media_library.admin.url_finder import EDIT_URLS, USAGE_URLS
from media_library.models import Asset, CustomRendition, Transcode
from media_library.usage import usage_counts

PLAYABLE = ("video/mp4", "video/webm")


@dataclass(frozen=True)
class Card:
    """One asset of the page. ``edit_url`` is empty where the user may only choose it, ``film`` where none can play."""

    asset: Asset
    icon: str
    thumbnail: str
    duration: str
    film: str
    usage: int
    usage_url: str
    edit_url: str

    @property
    def awaits_poster(self) -> bool:
        is_recording = self.asset.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO)
        return is_recording and (not self.thumbnail or self.asset.status != Asset.Status.READY)

    @property
    def rights(self) -> str:
        """That the right to show it ends soon, or is over; otherwise empty."""
        return rights.label(self.asset)

    @property
    def dimensions(self) -> str:
        return f"{self.asset.width} × {self.asset.height}" if self.asset.width else ""


def cards(assets: Sequence[Asset], user: AbstractBaseUser | AnonymousUser, back: str) -> list[Card]:
    """What is shown of these assets, in their order. Links to them lead ``back`` afterwards."""
    ids = [asset.pk for asset in assets]
    pictures = _pictures(assets) | thumbnail_urls(_ids(assets, Asset.Kind.VIDEO, Asset.Kind.AUDIO))
    films = _films(_ids(assets, Asset.Kind.VIDEO))
    counts = usage_counts(ids)
    changeable = set(changeable_assets(user).filter(pk__in=ids).values_list("pk", flat=True))
    query = urlencode({"next": back})
    return [
        Card(
            asset=asset,
            icon=KIND_ICONS[asset.kind],
            thumbnail=pictures.get(asset.pk, ""),
            duration=clock(asset.duration),
            film=films.get(asset.pk, ""),
            usage=counts[asset.pk],
            usage_url=_url(USAGE_URLS, asset) if asset.pk in changeable else "",
            edit_url=f"{_url(EDIT_URLS, asset)}?{query}" if asset.pk in changeable else "",
        )
        for asset in assets
    ]


def _url(names: dict[Asset.Kind, str], asset: Asset) -> str:
    return reverse(names[Asset.Kind(asset.kind)], args=[asset.pk])


def _ids(assets: Sequence[Asset], *kinds: Asset.Kind) -> list[int]:
    return [asset.pk for asset in assets if asset.kind in kinds]


def _pictures(assets: Sequence[Asset]) -> dict[int, str]:
    images = _ids(assets, Asset.Kind.IMAGE)
    found = CustomRendition.objects.filter(image__in=images, filter_spec__in=(IMAGE_THUMBNAIL, LARGE_THUMBNAIL))
    # The larger one comes last, and stays.
    ordered = sorted(found, key=lambda one: one.filter_spec == LARGE_THUMBNAIL)
    return {one.image_id: one.url for one in ordered}


def _films(ids: list[int]) -> dict[int, str]:
    """The smallest form of each film that browsers play by themselves."""
    playable = Transcode.objects.filter(asset__in=ids, playlist="", mime_type__in=PLAYABLE)
    ordered = sorted(playable, key=lambda one: one.bitrate, reverse=True)
    return {one.asset_id: one.url for one in ordered}
