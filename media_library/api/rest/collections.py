"""Curated sets: who may see them, what is in them, and changes that are said in relation to what is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status
from wagtail.actions.create import CreateAction
from wagtail.actions.delete import DeleteAction
from wagtail.actions.edit import EditAction
from wagtail.permissions import policy_registry

from media_library import media_collections
from media_library.api.rest.auth import ANYONE
from media_library.api.rest.cursors import Column, Paging, page
from media_library.api.rest.errors import Problem, forbidden, invalid, not_found
from media_library.api.rest.filters import require_known
from media_library.api.rest.ids import MAX_ID
from media_library.api.rest.reading import readable_assets, represent_assets
from media_library.api.rest.schemas import (
    Added,
    Collection,
    CollectionAssets,
    CollectionChanges,
    CollectionKind,
    Collections,
    ItemCaption,
    NewCollection,
    ProblemDetail,
    Removed,
    Reorder,
    Text,
    WholeCollection,
)
from media_library.cache_tags import CONTENT, record
from media_library.exceptions import ItemGone
from media_library.models import Asset, MediaCollection, MediaCollectionItem

router = Router(tags=["collections"])

LAST_CHANGED_FIRST = (Column("updated_at", datetime, descending=True), Column("id", descending=True))
IN_ORDER = (Column("sort_order"), Column("id"))
ANYTHING = ("add", "change", "delete", "view")
FIELDS = ("id", "title", "slug", "kind", "description", "is_public", "created_at", "updated_at")


class CollectionFilters(Paging):
    kind: list[CollectionKind] = Field([], description="May be given several times.")
    is_public: bool | None = None
    slug: Text | None = Field(None, max_length=255)
    q: Text = Field("", max_length=200, description="In title or description.")


@router.get(
    "/", response=Collections, auth=ANYONE, operation_id="list_collections", summary="List curated collections"
)
def list_collections(request: HttpRequest, params: Query[CollectionFilters]) -> dict[str, Any]:
    """The last changed first; for who doesn't work with them, the public ones."""
    require_known(request, CollectionFilters)
    # Their order is that of their last changes.
    record("collections", f"collections{CONTENT}")
    conditions = Q()
    if params.kind:
        conditions &= Q(kind__in=params.kind)
    if params.is_public is not None:
        conditions &= Q(is_public=params.is_public)
    if params.slug is not None:
        conditions &= Q(slug=params.slug)
    if params.q:
        conditions &= Q(title__icontains=params.q) | Q(description__icontains=params.q)
    rows = readable_collections(request).filter(conditions)
    found, following = page(rows, LAST_CHANGED_FIRST, params.cursor, params.limit)
    return {"items": represent_collections(request, found), "next": following}


@router.post(
    "/",
    response={201: Collection, 409: ProblemDetail},
    operation_id="create_collection",
    summary="Make a curated collection",
)
def create_collection(request: HttpRequest, body: NewCollection) -> Any:
    """Without a slug, it gets one from its title. Assets are added afterwards."""
    if not _policy().user_has_permission(request.user, "add"):
        raise forbidden(_("You may not make media collections."))
    collection = MediaCollection(created_by=request.user)
    _write(collection, body.model_dump(exclude_unset=True), request, CreateAction)
    return Status(201, represent_collections(request, [collection])[0])


@router.get(
    "/{int:collection_id}/",
    response=WholeCollection,
    auth=ANYONE,
    operation_id="get_collection",
    summary="Get a curated collection with a page of what is in it",
)
def get_collection(request: HttpRequest, collection_id: int, params: Query[Paging]) -> dict[str, Any]:
    """In its order, without what you may not see."""
    require_known(request, Paging)
    collection = find_collection(request, collection_id)
    found, following = page(_items(request, [collection.pk]), IN_ORDER, params.cursor, params.limit)
    assets = {one["id"]: one for one in represent_assets(request, [item.asset_id for item in found])}
    return represent_collections(request, [collection])[0] | {
        "items": [
            {"caption": item.caption, "asset": assets[item.asset_id]} for item in found if item.asset_id in assets
        ],
        "next": following,
    }


@router.patch(
    "/{int:collection_id}/",
    response={200: Collection, 409: ProblemDetail},
    operation_id="update_collection",
    summary="Change what is said of a curated collection",
)
def update_collection(request: HttpRequest, collection_id: int, changes: CollectionChanges) -> dict[str, Any]:
    """Writes the fields that are sent, all or none of them."""
    collection = find_changeable_collection(request, collection_id)
    _write(collection, changes.model_dump(exclude_unset=True), request, EditAction)
    return represent_collections(request, [collection])[0]


@router.delete(
    "/{int:collection_id}/",
    response={204: None},
    operation_id="delete_collection",
    summary="Delete a curated collection",
)
def delete_collection(request: HttpRequest, collection_id: int) -> Any:
    """Its assets stay in the library."""
    collection = find_changeable_collection(request, collection_id, "delete")
    DeleteAction(collection, user=request.user).execute(skip_permission_checks=True)
    return Status(204, None)


@router.post(
    "/{int:collection_id}/add/",
    response=Added,
    operation_id="add_to_collection",
    summary="Put assets at the end of a collection",
)
def add_to_collection(request: HttpRequest, collection_id: int, body: CollectionAssets) -> dict[str, Any]:
    """In this order; what is in it already stays where it is."""
    collection = find_changeable_collection(request, collection_id)
    ids = list(dict.fromkeys(body.ids))
    assets = readable_assets(request).in_bulk(ids)
    items = media_collections.add(collection, [assets[pk] for pk in ids if pk in assets], request.user)
    added = [item.asset_id for item in items]
    return {
        "added": added,
        "present": [pk for pk in ids if pk in assets and pk not in added],
        "missing": [pk for pk in ids if pk not in assets],
        "count": _items(request, [collection.pk]).count(),
    }


@router.post(
    "/{int:collection_id}/remove/",
    response=Removed,
    operation_id="remove_from_collection",
    summary="Take assets out of a collection",
)
def remove_from_collection(request: HttpRequest, collection_id: int, body: CollectionAssets) -> dict[str, Any]:
    """They stay in the library. What isn't in the collection is left alone."""
    collection = find_changeable_collection(request, collection_id)
    theirs = _items(request, [collection.pk]).filter(asset__in=body.ids)
    removed = list(theirs.values_list("asset", flat=True))
    media_collections.remove(collection, MediaCollectionItem.objects.filter(asset__in=removed), request.user)
    return {"removed": removed, "count": _items(request, [collection.pk]).count()}


@router.post(
    "/{int:collection_id}/reorder/",
    response={204: None, 409: ProblemDetail},
    operation_id="reorder_collection",
    summary="Move assets within a collection",
)
def reorder_collection(request: HttpRequest, collection_id: int, body: Reorder) -> Any:
    """In this order, before another one or to the end; with all of them, that is the whole order.

    409 if somebody has taken out one of them meanwhile.
    """
    if body.before in body.ids:
        raise invalid("body.before", _("Nothing can be put before itself. Name one that stays."))
    collection = find_changeable_collection(request, collection_id)
    ids = list(dict.fromkeys(body.ids))
    wanted = [*ids, *([body.before] if body.before is not None else ())]
    items = dict(_items(request, [collection.pk]).filter(asset__in=wanted).values_list("asset", "pk"))
    if len(items) < len(wanted):
        raise ItemGone()
    before = items[body.before] if body.before is not None else None
    seen = readable_assets(request)
    media_collections.move(collection, [items[pk] for pk in ids], before, seen, user=request.user)
    return Status(204, None)


@router.patch(
    "/{int:collection_id}/items/{int:asset_id}/",
    response={204: None, 409: ProblemDetail},
    operation_id="write_collection_caption",
    summary="Say something of an asset in a collection",
)
def write_collection_caption(request: HttpRequest, collection_id: int, asset_id: int, body: ItemCaption) -> Any:
    """Empty takes it away, and the asset's own caption holds."""
    collection = find_changeable_collection(request, collection_id)
    item = _items(request, [collection.pk]).filter(asset=min(asset_id, MAX_ID)).first()
    if item is None:
        raise not_found()
    media_collections.write_caption(collection, item.pk, body.caption.strip(), request.user)
    return Status(204, None)


def readable_collections(request: HttpRequest) -> QuerySet[MediaCollection]:
    """All for whoever may do anything with them; the public ones for everybody else."""
    if request.user.is_authenticated and _policy().user_has_any_permission(request.user, ANYTHING):
        return MediaCollection.objects.all()
    return MediaCollection.objects.filter(is_public=True)


def find_collection(request: HttpRequest, collection_id: int) -> MediaCollection:
    record(f"collection-{collection_id}")
    found = readable_collections(request).filter(pk=min(collection_id, MAX_ID)).first()
    if found is None:
        raise not_found()
    return found


def find_changeable_collection(
    request: HttpRequest, collection_id: int, permission: str = "change"
) -> MediaCollection:
    """One to which this user may do that; 403 for one that they may only read."""
    collection = find_collection(request, collection_id)
    if not _policy().user_has_permission_for_instance(request.user, permission, collection):
        raise forbidden()
    return collection


def represent_collections(request: HttpRequest, collections: Iterable[MediaCollection]) -> list[dict[str, Any]]:
    """Collections as ``Collection``, with what of them may be seen. A fixed number of queries."""
    listed = list(collections)
    record(*(f"collection-{one.pk}" for one in listed))
    ids = [one.pk for one in listed]
    by_collection = _items(request, ids).order_by().values("media_collection")
    counts = dict(by_collection.annotate(number=Count("pk")).values_list("media_collection", "number"))
    covers = _covers(request, ids)
    pictures = {one["id"]: one for one in represent_assets(request, [pk for pk in covers.values() if pk])}
    return [
        {name: getattr(one, name) for name in FIELDS}
        | {"count": counts.get(one.pk, 0), "cover": pictures.get(covers.get(one.pk))}
        for one in listed
    ]


def _covers(request: HttpRequest, ids: list[int]) -> dict[int, int | None]:
    """The chosen picture of each, or its first one, as far as they may be seen."""
    pictures = readable_assets(request).filter(kind=Asset.Kind.IMAGE)
    first = MediaCollectionItem.objects.filter(media_collection=OuterRef("pk"), asset__in=pictures)
    cover = Coalesce(
        Subquery(pictures.filter(pk=OuterRef("cover")).values("pk")[:1]),
        Subquery(first.order_by("sort_order", "pk").values("asset")[:1]),
        output_field=BigIntegerField(),
    )
    return dict(MediaCollection.objects.filter(pk__in=ids).order_by().values_list("pk", cover))


def _items(request: HttpRequest, ids: list[int]) -> QuerySet[MediaCollectionItem]:
    """The places whose assets may be seen."""
    return MediaCollectionItem.objects.filter(media_collection__in=ids, asset__in=readable_assets(request))


def _write(collection: MediaCollection, changes: dict[str, Any], request: HttpRequest, action: Any) -> None:
    """Write these fields of a collection, all or none. Raises a 422 that says which can't be."""
    if "cover" in changes:
        collection.cover_id = _picture(request, changes.pop("cover"))
    for name, value in changes.items():
        setattr(collection, name, value)
    try:
        collection.full_clean(exclude=["cover", "created_by"])
        with transaction.atomic():
            action(collection, user=request.user).execute(skip_permission_checks=True)
    except ValidationError as error:
        found = [
            {"field": f"body.{name}", "message": str(message)}
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise Problem(422, "invalid", " ".join(one["message"] for one in found), found) from error
    except IntegrityError as error:
        raise Problem(409, "conflict", _("Somebody has just taken this slug. Send another one.")) from error


def _picture(request: HttpRequest, asset_id: int | None) -> int | None:
    if asset_id is not None and not readable_assets(request).filter(pk=asset_id, kind=Asset.Kind.IMAGE).exists():
        raise invalid("body.cover", _("There is no such picture, or you may not see it."))
    return asset_id


def _policy() -> Any:
    return policy_registry.get_by_type(MediaCollection)
