"""The filters and orders of listings, as in the library of the admin."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from wagtail.models import Collection

from media_library.admin.library.filters import MISSING_ALT, ORIENTATIONS, Orientation, tagged_with
from media_library.admin.permissions import visible_collections
from media_library.api.rest.cursors import Column, Paging
from media_library.api.rest.errors import Problem, invalid
from media_library.api.rest.ids import Id
from media_library.api.rest.schemas import Kind, Status, Text
from media_library.cache_tags import CONTENT, FOLDERS, LISTS, record
from media_library.models import Asset
from media_library.usage import unused, used

Order = Literal[
    "-created_at", "created_at", "-updated_at", "updated_at", "title", "-title",
    "-file_size", "file_size", "-taken_at", "taken_at",
]  # fmt: skip

_NULLABLE = ("file_size", "taken_at")
_TYPES: dict[str, type] = {"lower_title": str, "file_size": int}


class Filters(Schema):
    """What narrows a listing down. Of those that may be given several times, one must hold; of tags, all."""

    kind: list[Kind] = Field([], description="May be given several times.")
    status: list[Status] = Field([], description="May be given several times.")
    collection: Id | None = Field(None, description="A folder, and what is below it.")
    tag: list[Annotated[Text, Field(max_length=100)]] = Field([], max_length=20, description="All of them.")
    mine: bool = Field(False, description="What you have uploaded yourself.")
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = Field(None, description="For keeping a copy in step.")
    taken_after: datetime | None = None
    taken_before: datetime | None = None
    min_width: int | None = Field(None, ge=0, le=2**31 - 1, description="Pixels.")
    orientation: Literal["landscape", "portrait", "square"] | None = None
    unused: bool | None = Field(None, description="Only what nothing uses, or only what something does.")
    missing_alt: bool | None = Field(None, description="Pictures without an alt text, or all else.")


class Including(Schema):
    include: list[Literal["variants"]] = Field([], description="`variants`: every file that was made of it.")


class Listing(Filters, Paging, Including):
    order: Order = "-created_at"


class Search(Filters, Paging, Including):
    q: Text = Field(min_length=1, max_length=200, description="Words; the last one may be the beginning of one.")
    by: Literal["words", "appearance"] = Field(
        "words", description="`appearance`: what looks like it, where the library has a model that can tell."
    )
    order: Literal["best", Order] = "best"


class Suggesting(Schema):
    q: Text = Field(max_length=200)


def require_known(request: HttpRequest, *schemas: type[Schema]) -> None:
    """Raise a 422 that names what there is, for what there isn't: a typing error must not list everything."""
    known = {name for schema in schemas for name in schema.model_fields}
    for name in request.GET:
        if name not in known:
            allowed = ", ".join(sorted(known))
            raise invalid(
                f"query.{name[:100]}",
                _("There is no such parameter. These are allowed: %(names)s.") % {"names": allowed},
            )


def narrowed(assets: QuerySet[Asset], filters: Filters, request: HttpRequest) -> QuerySet[Asset]:
    """Those of the assets that are left."""
    note_lists(filters.kind or LISTS, by_content=filters.model_fields_set - PLACES)
    conditions: list[Q] = []
    if filters.kind:
        conditions.append(Q(kind__in=filters.kind))
    if filters.status:
        conditions.append(Q(status__in=filters.status))
    if filters.mine:
        conditions.append(Q(uploaded_by_user=_signed_in(request)))
    if filters.collection is not None:
        record(*(f"{LISTS[kind]}{FOLDERS}" for kind in filters.kind or LISTS))
        conditions.append(Q(collection__in=_folder(filters.collection, request).get_descendants(inclusive=True)))
    for name, lookup in _BOUNDS.items():
        if (value := getattr(filters, name)) is not None:
            conditions.append(Q((lookup, value)))
    if filters.orientation:
        conditions.append(ORIENTATIONS[Orientation(filters.orientation)])
    if filters.missing_alt is not None:
        conditions.append(MISSING_ALT if filters.missing_alt else ~MISSING_ALT)
    assets = tagged_with(assets.filter(*conditions), filters.tag)
    if filters.unused is not None:
        _signed_in(request)
        assets = unused(assets) if filters.unused else used(assets)
    return assets


def note_lists(kinds: Iterable[str], *, by_content: Any) -> None:
    """Note that a response depends on which assets there are of these kinds, and perhaps on what they say."""
    for kind in kinds:
        record(LISTS[kind], *([f"{LISTS[kind]}{CONTENT}"] if by_content else []))


PLACES = {"kind", "collection", "cursor", "limit", "include"}
"""Parameters that depend on which assets there are, and not on what they say."""

_BOUNDS = {
    "created_after": "created_at__gt",
    "created_before": "created_at__lt",
    "updated_after": "updated_at__gt",
    "taken_after": "taken_at__gt",
    "taken_before": "taken_at__lt",
    "min_width": "width__gte",
}


def ordered(assets: QuerySet[Asset], order: str) -> tuple[QuerySet[Asset], list[Column]]:
    """The assets with what they are ordered by, and these columns; the last one is the id."""
    name = order.removeprefix("-")
    if name == "title":
        name, assets = "lower_title", assets.annotate(lower_title=Lower("title"))
    descending = order.startswith("-")
    column = Column(name, _TYPES.get(name, datetime), descending, nullable=name in _NULLABLE)
    return assets, [column, Column("id", int, descending)]


def _folder(collection_id: int, request: HttpRequest) -> Collection:
    offered = visible_collections(request.user) if request.user.is_authenticated else Collection.objects.all()
    folder = offered.filter(pk=collection_id).first()
    if folder is None:
        raise invalid("query.collection", _("There is no such folder, or you may not see it."))
    return folder


def _signed_in(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        raise Problem(
            401,
            "not_authenticated",
            _("“mine” and “unused” are for those who work in the library. Send a token."),
            headers={"WWW-Authenticate": "Bearer"},
        )
    return request.user.pk
