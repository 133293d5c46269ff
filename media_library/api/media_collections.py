"""How media collections look outside."""

from typing import Annotated, Any

from django.db.models import QuerySet
from rest_framework.fields import SerializerMethodField
from rest_framework.request import Request
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter, SearchFilter
from wagtail.api.v2.serializers import get_serializer_class
from wagtail.api.v2.utils import BadRequestError

from media_library.api.library import library
from media_library.api.serializers import LibrarySerializer, represent
from media_library.api.shapes import Also
from media_library.api.views import LibraryViewSet
from media_library.models import Audio, CustomDocument, CustomImage, MediaCollection, Video

CollectionItem = Annotated[dict[str, Any], CustomImage | Video | Audio | CustomDocument, Also(caption=str)]
"""The public object of an asset, with the caption that it has in the collection."""

PUBLIC = ("title", "slug", "kind", "description", "count", "cover")


class MediaCollectionSerializer(LibrarySerializer):
    """A media collection; ``items`` only where it is shown whole::

    {
      "id": 3, "meta": {"type": "media_library.MediaCollection", "detail_url": "…"},
      "title": "Summer at sea", "slug": "summer-at-sea", "kind": "gallery", "description": "",
      "count": 12, "cover": {an image},
      "items": [{an image, a video, a sound or a document, with the caption that it has here}, …]
    }

    ``cover`` is null where there is no picture to see. What is in closed folders is left out, and not counted.
    """

    count = SerializerMethodField()
    cover = SerializerMethodField()
    items = SerializerMethodField()

    def get_count(self, collection: MediaCollection) -> int:
        return library().curated.count(collection)

    def get_cover(self, collection: MediaCollection) -> Annotated[dict[str, Any], CustomImage] | None:
        return represent(library().curated.cover(collection), self.context)

    def get_items(self, collection: MediaCollection) -> list[CollectionItem]:
        shown = library().curated.assets(collection, self.context.get("offset", 0), self.context.get("limit"))
        objects = ((represent(asset, self.context), caption) for asset, caption in shown)
        return [one | {"caption": caption or one.get("caption", "")} for one, caption in objects if one is not None]


class MediaCollectionsAPIViewSet(LibraryViewSet):
    """Public media collections. ``limit`` and ``offset`` of a detail are those of its items."""

    base_serializer_class = MediaCollectionSerializer
    filter_backends = [FieldsFilter, OrderingFilter, SearchFilter]
    name = listed_as = "collections"
    tag = "collection"
    model = MediaCollection
    body_fields = [*LibraryViewSet.body_fields, *PUBLIC, "items"]
    listing_default_fields = [*LibraryViewSet.listing_default_fields, *PUBLIC]
    detail_only_fields = ["items"]
    find_query_parameters = LibraryViewSet.find_query_parameters | {"slug"}

    def get_queryset(self) -> QuerySet[MediaCollection]:
        return super().get_queryset().filter(is_public=True)

    def find_object(self, queryset: QuerySet[MediaCollection], request: Request) -> MediaCollection | None:
        """``find/?slug=summer-at-sea`` leads to the detail, as ``find/?id=3`` does."""
        if "slug" in request.GET:
            return queryset.get(slug=request.GET["slug"])
        return super().find_object(queryset, request)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if self.action == "detail_view":
            context |= {"offset": self._number("offset") or 0, "limit": self._number("limit")}
        return context

    def _number(self, name: str) -> int | None:
        value = self.request.GET.get(name, "")
        if not value:
            return None
        if not (value.isascii() and value.isdecimal() and len(value) < 10):
            raise BadRequestError(f"{name} must be a positive integer")
        return int(value)


def represent_collection(
    collection: MediaCollection, context: dict[str, Any] | None = None, limit: int | None = None
) -> dict[str, Any]:
    """The public object of a media collection with its first ``limit`` items, for a StreamField block."""
    context = {} if context is None else context
    key = "_serializer_of_media_collections"
    if key not in context:
        fields = ["id", "type", "detail_url", *PUBLIC, "items"]
        serializer_class = get_serializer_class(
            MediaCollection, fields, meta_fields=["type", "detail_url"], base=MediaCollectionSerializer
        )
        context[key] = serializer_class(context=dict(context))
    context[key].context.update(offset=0, limit=limit)
    return context[key].to_representation(collection)
