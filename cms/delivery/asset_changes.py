"""What goes stale with an asset, a curated collection, or a folder. See docs/invalidation.md."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Collection, CollectionViewRestriction

from cms.delivery import affected, others, related_media
from cms.delivery.changes import ALL, MOST_TAGS, announce, announce_all
from cms.delivery.events import Event
from media_library.cache_tags import ALIKE, CONTENT, FOLDERS, LISTS, PRESETS, RELEVANCE
from media_library.models import Asset, MediaCollection, MediaCollectionItem
from media_library.signals import assets_changed, collection_changed, presets_changed, variants_changed

EVENTS = {
    "ready": Event.ASSET_READY,
    "failed": Event.ASSET_FAILED,
    "replaced": Event.ASSET_REPLACED,
    "deleted": Event.ASSET_DELETED,
}


def connect() -> None:
    related_media.connect()
    assets_changed.connect(tell_of_assets)
    variants_changed.connect(tell_of_variants)
    collection_changed.connect(tell_of_contents)
    presets_changed.connect(tell_of_presets)
    post_save.connect(tell_of_collection, sender=MediaCollection)
    pre_delete.connect(tell_of_collection, sender=MediaCollection)
    post_save.connect(tell_of_folder, sender=Collection)
    for signal in (post_save, post_delete):
        signal.connect(tell_of_closing, sender=CollectionViewRestriction)


def tell_of_assets(
    kind: str, asset_ids: Sequence[int], is_listed: bool, is_shown: bool, event: str, **kwargs: Any
) -> None:
    tags = {f"{LISTS[kind]}{CONTENT}"}
    if is_shown:
        tags |= {f"{kind}-{pk}" for pk in asset_ids}
    if is_listed:
        tags.add(f"{LISTS[kind]}{FOLDERS}")
    if is_listed and is_shown:
        tags |= {LISTS[kind], *_collections_with(asset_ids)}
    if event == "deleted":
        tags |= {RELEVANCE, *related_media.by_going(asset_ids)}
    elif is_shown and (is_listed or event):
        tags |= related_media.by_coming(asset_ids)
    if not event:
        announce(tags)
        return
    subjects = _subjects(asset_ids)
    if len(subjects) == 1:
        announce(tags, EVENTS[event], subjects[0])
        return
    others = tags - {f"{kind}-{one['id']}" for one in subjects}
    announce_all(({f"{kind}-{one['id']}", *others}, EVENTS[event], one) for one in subjects)


def tell_of_variants(asset_id: int, **kwargs: Any) -> None:
    announce([f"image-{asset_id}-variants"])


def tell_of_presets(**kwargs: Any) -> None:
    announce([PRESETS])


def tell_of_contents(collection_id: int, **kwargs: Any) -> None:
    announce([f"collection-{collection_id}", f"collections{CONTENT}"])


def tell_of_collection(
    instance: MediaCollection, created: bool | None = None, raw: bool = False, **kwargs: Any
) -> None:
    """One that is saved may have become public, or private."""
    if not raw:
        announce([f"collection-{instance.pk}", "collections", f"collections{CONTENT}"])


def tell_of_folder(instance: Collection, created: bool, raw: bool, **kwargs: Any) -> None:
    """A folder that is moved is below others now, with all that is in it; or in a closed one, or in none any more."""
    if raw or created:
        return
    tags = {f"{one}{FOLDERS}" for one in LISTS.values()}
    announce(tags | _assets_in(instance) if CollectionViewRestriction.objects.exists() else tags)


def tell_of_closing(instance: CollectionViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    if not raw and (folder := Collection.objects.filter(pk=instance.collection_id).first()):
        announce(_assets_in(folder))


def _assets_in(folder: Collection) -> set[str]:
    """All that shows or leaves out what is in a folder and below it."""
    found = Asset.objects.filter(collection__in=folder.get_descendants(inclusive=True))
    by_kind: dict[str, list[int]] = defaultdict(list)
    rows = list(found.values_list("kind", "pk")[: MOST_TAGS + 1])
    if len(rows) > MOST_TAGS:
        return {ALL}
    for kind, pk in rows:
        by_kind[kind].append(pk)
    tags = {f"{kind}-{pk}" for kind, pk in rows} | _collections_with([pk for _kind, pk in rows])
    return tags | {ALIKE} | {tag for kind in by_kind for tag in (LISTS[kind], f"{LISTS[kind]}{CONTENT}")}


def _collections_with(asset_ids: Iterable[int]) -> set[str]:
    """Curated collections that hold one of these, or have it on their cover."""
    ids = list(asset_ids)
    holding = MediaCollectionItem.objects.filter(asset__in=ids).values("media_collection")
    found = MediaCollection.objects.filter(Q(pk__in=holding) | Q(cover__in=ids)).order_by()
    return {f"collection-{pk}" for pk in found.values_list("pk", flat=True)}


def _subjects(asset_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What webhooks are told of assets. Their addresses cost queries, which nobody pays for who tells nobody."""
    if not others.want_addresses():
        return [{"id": pk} for pk in asset_ids]
    assets = list(Asset.objects.filter(pk__in=asset_ids).order_by("pk"))
    urls = affected.urls_of_assets(assets)
    return [
        {"type": type(one.specific)._meta.label, "id": one.pk, "title": one.title, "urls": urls[one.pk][:1]}
        | {"affected_urls": urls[one.pk][1:]}
        for one in assets
    ]
