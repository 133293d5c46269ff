"""How categories look outside."""

from typing import Any, TypedDict

from django.db.models import Case, Model, QuerySet, Value, When
from rest_framework.fields import SerializerMethodField
from rest_framework.request import Request
from wagtail.api import APIField
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter, SearchFilter

from blog.cache_tags import CATEGORIES_BELOW, record_posts
from blog.filing import PostCount, count_posts
from blog.models import Category
from media_library.api.library import library
from media_library.api.serializers import LibrarySerializer
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import record

SHOWN = ("name", "slug", "description", "image", "is_featured")
PLACED = ("parent", "depth", "post_count", "total_post_count", "seo")


class CategorySeo(TypedDict):
    """What search engines are told of a category's page."""

    title: str
    description: str
    keywords: str


class CategorySerializer(LibrarySerializer):
    """A category; those fields that say where it stands only in its own endpoint, not inside a post::

    {
      "id": 2, "meta": {"type": "blog.Category", "detail_url": "…"},
      "name": "Birds", "slug": "birds", "description": "", "image": {an image}, "is_featured": false,
      "parent": 1, "depth": 1, "post_count": 4, "total_post_count": 9,
      "seo": {"title": "Birds", "description": "", "keywords": ""}
    }

    ``image`` and ``parent``, an id, may be null; ``depth`` is 0 for a root. ``post_count`` is the number of posts that
    have it as their main or a further category, ``total_post_count`` of those in it or below it, each counted once.
    """

    parent = SerializerMethodField()
    depth = SerializerMethodField()
    post_count = SerializerMethodField()
    total_post_count = SerializerMethodField()
    seo = SerializerMethodField()

    def to_representation(self, instance: Category) -> dict[str, Any] | None:
        """None where the category, or one above it, isn't active."""
        tree = library().once(Category.tree)
        tree.note([instance.pk])
        is_visible = instance.pk in tree.visible
        return super().to_representation(instance) if is_visible else None

    def get_parent(self, category: Category) -> int | None:
        return category.parent_id

    def get_depth(self, category: Category) -> int:
        return library().once(Category.tree).depth(category.pk)

    def get_post_count(self, category: Category) -> int:
        record_posts("category", [category.pk])
        return _counts()[category.pk].own

    def get_total_post_count(self, category: Category) -> int:
        # With those below it, and those that may come there.
        record(f"{CATEGORIES_BELOW}-{category.pk}")
        record_posts("category", library().once(Category.tree).branch(category.pk))
        return _counts()[category.pk].total

    def get_seo(self, category: Category) -> CategorySeo:
        return {
            "title": category.seo_title or category.name,
            "description": category.search_description or category.description,
            "keywords": category.keywords,
        }


class CategoriesAPIViewSet(LibraryViewSet):
    """Categories that are active, as are all above them, in tree order."""

    base_serializer_class = CategorySerializer
    filter_backends = [FieldsFilter, OrderingFilter, SearchFilter]
    name = listed_as = "categories"
    tag = "category"
    model = Category
    nested_whole = True
    body_fields = [*LibraryViewSet.body_fields, *SHOWN, *PLACED]
    listing_default_fields = [*LibraryViewSet.meta_fields, *body_fields]
    find_query_parameters = LibraryViewSet.find_query_parameters | {"slug"}

    @classmethod
    def get_body_fields(cls, model: type[Category]) -> list[APIField]:
        # The fields of the model are what API v3 writes.
        return cls._convert_api_fields(cls.body_fields)

    @classmethod
    def get_nested_default_fields(cls, model: type[Model]) -> list[str]:
        return ["id", *cls.meta_fields, *SHOWN]

    def get_queryset(self) -> QuerySet[Category]:
        tree = library().once(Category.tree)
        order = [When(pk=pk, then=Value(place)) for pk, place in tree.places.items() if pk in tree.visible]
        return super().get_queryset().filter(pk__in=tree.visible).order_by(*([Case(*order)] if order else []))

    def find_object(self, queryset: QuerySet[Category], request: Request) -> Category | None:
        """``find/?slug=birds`` leads to the detail, as ``find/?id=2`` does."""
        if "slug" in request.GET:
            return queryset.get(slug=request.GET["slug"])
        return super().find_object(queryset, request)


def _counts() -> dict[int, PostCount]:
    return library().once(_count)


def _count() -> dict[int, PostCount]:
    return count_posts(library().once(Category.tree))
