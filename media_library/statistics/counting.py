"""From events to rows: what of them counts, and what was sent for it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest

from media_library.models import Asset, AssetEngagement, AssetStatistics, AssetStorage
from media_library.statistics import demand
from media_library.statistics.adding import add_up
from media_library.statistics.buffer import Buffer, Key, Tally
from media_library.statistics.engagement import Counts, believed, rows_of
from media_library.statistics.events import Event
from media_library.statistics.storage import measure

BATCH = 500


class Row(NamedTuple):
    asset_id: int
    day: date
    views: int
    plays: int
    downloads: int
    bytes: int


def count(events: Iterable[Event]) -> None:
    """Count these events soon. No query: whether there are such assets is looked up when they are written."""
    buffer.add((event.asset_id, Tally.of(event)) for event in events)


def count_address(image_id: int, tally: Tally) -> None:
    """Count soon what was asked for of a picture by a signed address (demand.py). No query."""
    buffer.add([(image_id, tally)])


def record(tallies: Mapping[Key, Tally]) -> None:
    """Add to what the database has. Assets that visitors can't see are left out; a handful of queries for 500."""
    keys = sorted(tallies)
    for start in range(0, len(keys), BATCH):
        _record({key: tallies[key] for key in keys[start : start + BATCH]})


@transaction.atomic
def _record(tallies: Mapping[Key, Tally]) -> None:
    # Locked in one order: processes that count the same assets wait for each other, and don't block each other.
    public = public_assets().filter(pk__in={asset_id for asset_id, _day in tallies})
    assets = {asset.pk: asset for asset in public.order_by("pk").select_for_update(no_key=True)}
    storages = AssetStorage.objects.in_bulk(assets)
    if unmeasured := set(assets) - set(storages):
        measure(unmeasured)
        storages |= AssetStorage.objects.in_bulk(unmeasured)
    rows = [
        Row(
            asset_id,
            day,
            tally.views,
            tally.plays,
            tally.downloads,
            bytes_sent(assets[asset_id], storages[asset_id], tally),
        )
        for (asset_id, day), tally in tallies.items()
        if asset_id in assets
    ]
    engaged = {
        (asset_id, day): counts
        for (asset_id, day), tally in tallies.items()
        if asset_id in assets and (counts := believed(tally.counts, assets[asset_id]))
    }
    if engaged:
        add_engagement(engaged)
    demand.record({key: tally for key, tally in tallies.items() if key[0] in assets}, assets)
    # Who merely watched or clicked was counted when it was seen.
    rows = [row for row in rows if any(row[2:])]
    if rows:
        add_rows(rows)
        views = {row.asset_id: row.views for row in rows}
        if len(views) < len(rows):
            # Around midnight an asset has two days.
            views = {one: sum(row.views for row in rows if row.asset_id == one) for one in views}
        more = Case(*(When(pk=asset_id, then=number) for asset_id, number in views.items()))
        Asset.objects.filter(pk__in=views).update(view_count=F("view_count") + more)


def public_assets() -> QuerySet[Asset]:
    """What visitors can see: nothing in the trash, and nothing in a collection that is closed to any of them."""
    from wagtail.api.v2.utils import get_restricted_collection_ids

    nobody = HttpRequest()
    nobody.user = AnonymousUser()
    nobody.session = {}  # type: ignore[assignment]
    return Asset.objects.filter(trashed_at=None).exclude(collection__in=get_restricted_collection_ids(nobody))


def bytes_sent(asset: Asset, storage: AssetStorage, tally: Tally) -> int:
    """What was sent for these events: as they told, and estimated for those that didn't.

    A picture that is seen and a film that is played send the file that most visitors get (``AssetStorage.shown``), a
    film that is merely seen sends nothing worth counting, and a download sends the document, or what is shown of
    anything else. Nobody can tell more than all there is of an asset, each time.
    """
    whole = (asset.file_size or 0) + storage.renditions + storage.transcodes
    told = min(tally.told, whole * tally.telling)
    is_document = asset.kind == Asset.Kind.DOCUMENT
    views = tally.silent_views * storage.shown if asset.kind == Asset.Kind.IMAGE else 0
    downloads = tally.silent_downloads * ((asset.file_size or 0) if is_document else storage.shown)
    return told + views + tally.silent_plays * storage.shown + downloads


def add_engagement(engaged: Mapping[Key, Counts]) -> None:
    """Add these counts to those of their asset and day; the assets are locked, so nobody else adds meanwhile."""
    known = AssetEngagement.objects.filter(
        asset__in={asset_id for asset_id, _day in engaged}, day__in={day for _asset_id, day in engaged}
    )
    stored = {(asset_id, day): counts for asset_id, day, counts in known.values_list("asset", "day", "counts")}
    AssetEngagement.objects.bulk_create(
        [
            AssetEngagement(asset_id=asset_id, day=day, counts=rows_of(counts, stored.get((asset_id, day))))
            for (asset_id, day), counts in engaged.items()
        ],
        update_conflicts=True,
        unique_fields=["asset", "day"],
        update_fields=["counts"],
    )


def add_rows(rows: Iterable[Row]) -> None:
    """Add these numbers to those of their asset and day, in one statement that needs no look beforehand."""
    add_up(AssetStatistics, Row._fields[:2], Row._fields[2:], rows)


buffer = Buffer(record)
"""Of this process."""
