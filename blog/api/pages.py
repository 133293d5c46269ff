from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from wagtail.api import APIField
from wagtail.api.v2.filters import (
    AncestorOfFilter,
    ChildOfFilter,
    DescendantOfFilter,
    LocaleFilter,
    OrderingFilter,
    SearchFilter,
    TranslationOfFilter,
)
from wagtail.api.v2.views import PagesAPIViewSet as StockPagesAPIViewSet
from wagtail.models import Page, Site

from blog.api import filters
from blog.api.passwords import PasswordPagesMixin
from blog.api.serializers import PageSerializer
from blog.models import FormPage, PostPage
from blog.models.content_page import SCHEDULE, SEO
from blog.seo.fields import seo_fields
from media_library.api.views import LibraryViewSet

WRITTEN = frozenset({*SCHEDULE, *SEO, "further_authors", "further_categories", "chosen_posts", "form_fields"})
"""What is written by API v3 and not read here as it is written."""


class PagesAPIViewSet(PasswordPagesMixin, LibraryViewSet, StockPagesAPIViewSet):
    """Wagtail's pages endpoint: as many queries for a hundred posts as for one."""

    base_serializer_class = PageSerializer
    filter_backends = [
        filters.OtherFieldsFilter,
        filters.PostFilter,
        ChildOfFilter,
        AncestorOfFilter,
        DescendantOfFilter,
        OrderingFilter,
        TranslationOfFilter,
        LocaleFilter,
        SearchFilter,  # last, since its results can't be filtered further
    ]
    known_query_parameters = StockPagesAPIViewSet.known_query_parameters | filters.PARAMETERS

    @classmethod
    def get_body_fields(cls, model: type[Page]) -> list[APIField]:
        written = [field for field in super().get_body_fields(model) if field.name not in WRITTEN]
        return [*written, *seo_fields(model)]

    def find_object(self, queryset: QuerySet, request: Request) -> Page | None:
        found = super().find_object(queryset, request)
        if found is not None or "html_path" not in request.GET:
            return found
        try:
            steps = [step for step in request.GET["html_path"].split("/") if step]
            page = Site.find_for_request(request).root_page.specific.route(request, steps).page
        except Http404:
            return None
        return self.opened_page(page.pk)

    def get_base_queryset(self) -> QuerySet:
        # Asked for several times in one response; each time costs a look at all restrictions.
        if not hasattr(self, "_base_queryset"):
            self._base_queryset = super().get_base_queryset()
        return self._base_queryset.all()

    def get_queryset(self) -> QuerySet:
        queryset = super().get_queryset().select_related("locale").prefetch_related("alias_of")
        if issubclass(queryset.model, PostPage):
            queryset = queryset.select_related("author", "category").prefetch_related(
                "tags", "further_authors__person"
            )
        if issubclass(queryset.model, FormPage):
            queryset = queryset.prefetch_related("form_fields")
        return queryset
