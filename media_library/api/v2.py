"""Endpoints of the library in Wagtail's API v2."""

import re
from functools import reduce
from operator import and_, or_

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter, SearchFilter
from wagtail.api.v2.utils import BadRequestError

from media_library.api.library import library
from media_library.api.public_text import in_public_text
from media_library.api.serializers import (
    AssetSerializer,
    AudioSerializer,
    DocumentSerializer,
    ImageSerializer,
    VideoSerializer,
)
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import FOLDERS, record
from media_library.models import Audio, CustomDocument, CustomImage, Video


class CollectionFilter(BaseFilterBackend):
    """``?collection=2`` leaves what is filed in that very collection."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: LibraryViewSet) -> QuerySet:
        if "collection" not in request.GET:
            return queryset
        if not request.GET["collection"].isdecimal():
            raise BadRequestError("collection must be a positive integer")
        return queryset.filter(collection=int(request.GET["collection"]))


class PublicSearchFilter(SearchFilter):
    """``?search=harbour`` finds what visitors can read of an asset.

    The index also knows cameras, photographers and places, for editors; whether an asset is found must not give them
    away.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: LibraryViewSet) -> QuerySet:
        words = re.findall(r"\w+", request.GET.get("search", ""))
        if words:
            together = or_ if request.GET.get("search_operator") == "or" else and_
            readable = view.model.objects.filter(reduce(together, map(in_public_text, words)))
            # By id, which is indexed for filtering, as none of the texts is.
            queryset = queryset.filter(id__in=readable.values("id"))
        return super().filter_queryset(request, queryset, view)


class AssetViewSet(LibraryViewSet):
    """One kind of asset: open collections only, and not the trash.

    Every public field comes at once in listing, detail and nested.
    """

    base_serializer_class = AssetSerializer
    filter_backends = [FieldsFilter, CollectionFilter, OrderingFilter, PublicSearchFilter]
    nested_whole = True
    known_query_parameters = LibraryViewSet.known_query_parameters | {"collection"}
    pages_of_lists = LibraryViewSet.pages_of_lists | {"collection"}

    def note_list(self) -> None:
        super().note_list()
        if "collection" in self.request.GET:
            record(f"{self.listed_as}{FOLDERS}")

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        serializer = cls.base_serializer_class
        cls.body_fields = [*LibraryViewSet.body_fields, *serializer.PUBLIC]
        cls.meta_fields = [*LibraryViewSet.meta_fields, *serializer.PUBLIC_META]
        cls.listing_default_fields = [*cls.body_fields, *cls.meta_fields]

    def get_queryset(self) -> QuerySet:
        closed = library().closed_collections
        listed = super().get_queryset().filter(trashed_at__isnull=True)
        return listed.exclude(collection__in=closed)


class ImagesAPIViewSet(AssetViewSet):
    base_serializer_class = ImageSerializer
    name = listed_as = "images"
    tag = "image"
    model = CustomImage


class VideosAPIViewSet(AssetViewSet):
    base_serializer_class = VideoSerializer
    name = listed_as = "videos"
    tag = "video"
    model = Video


class AudioAPIViewSet(AssetViewSet):
    base_serializer_class = AudioSerializer
    name = listed_as = "audio"
    tag = "audio"
    model = Audio


class DocumentsAPIViewSet(AssetViewSet):
    base_serializer_class = DocumentSerializer
    name = listed_as = "documents"
    tag = "document"
    model = CustomDocument
