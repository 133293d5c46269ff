"""How pages look outside, and what they nest."""

from typing import Any

from rest_framework.fields import Field
from wagtail.api.v2.serializers import PageHtmlUrlField as StockPageHtmlUrlField
from wagtail.api.v2.serializers import PageParentField as StockPageParentField
from wagtail.api.v2.serializers import PageSerializer as StockPageSerializer
from wagtail.api.v2.serializers import PageTypeField
from wagtail.models import Page

from blog.api.locales import AlternatesField, in_language_of
from blog.api.posts import PictureField
from blog.cache_tags import CARD_FIELDS, LINK_FIELDS, record_object
from blog.models import ContentPage, Person, Series
from media_library.api.library import library
from media_library.api.serializers import FieldClassAndOptions, LibrarySerializer
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import record

NESTED = ("parent", "alias_of")
"""Pages that Wagtail's own serializer shows inside others."""


class PageHtmlUrlField(StockPageHtmlUrlField):
    """The page's address for readers: on the front end, if there is one. Null while it has none."""

    def to_representation(self, page: Page) -> str | None:
        # The request remembers the sites' roots; ``full_url`` would ask the cache for each page.
        return page.get_full_url(self.context["request"])


class PageParentField(StockPageParentField):
    """The page above, if whoever asks may see it; it comes with the pages that links and breadcrumbs lead to."""

    def get_attribute(self, page: Page) -> Page | None:
        parent = library().page_at(page.path[: -Page.steplen]) if page.path else None
        return parent if parent is not None and self.context["view"].visible.shows(parent) else None


class PageSerializer(LibrarySerializer, StockPageSerializer):
    """Wagtail's page, with media, people, categories and tags whole."""

    type: Field = PageTypeField(read_only=True)
    html_url = PageHtmlUrlField(read_only=True)
    parent = PageParentField(read_only=True)
    alternates = AlternatesField(read_only=True)

    def to_representation(self, instance: Page) -> Any:
        # A list of titles is no other one when a text is.
        shown = set(self.fields)
        whole = "link" if shown <= LINK_FIELDS else "card" if shown <= CARD_FIELDS else "page"
        record(f"{whole}-{instance.pk}")
        with in_language_of(instance):
            shown = super().to_representation(instance)
        for name in NESTED:
            if page := shown.get("meta", {}).get(name):
                record(f"link-{page['id']}")
        return shown

    def build_relational_field(self, field_name: str, relation_info: Any) -> FieldClassAndOptions:
        field_class, options = super().build_relational_field(field_name, relation_info)
        model = self.Meta.model
        if issubclass(model, ContentPage) and field_name in ("social_image", *model.pictures):
            field_class = PictureField
        return field_class, options


class PartSerializer(LibrarySerializer):
    """A snippet that pages show."""

    def to_representation(self, instance: Any) -> Any:
        record_object(str(instance._meta.model_name), instance)
        return super().to_representation(instance)


class PersonViewSet(LibraryViewSet):
    """A person inside a post::

    {"id": 3, "meta": {"type": "blog.Person"}, "name": "Ada", "slug": "ada", "role": "", "bio": "", "portrait": {…}}
    """

    base_serializer_class = PartSerializer
    name = "people"
    model = Person
    nested_whole = True


class SeriesViewSet(LibraryViewSet):
    """A series inside a post::

    {"id": 4, "meta": {"type": "blog.Series"}, "title": "Sea", "slug": "sea", "description": "", "image": {…}}
    """

    base_serializer_class = PartSerializer
    name = "series"
    model = Series
    nested_whole = True
