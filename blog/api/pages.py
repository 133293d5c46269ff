import re
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from wagtail.api import APIField
from wagtail.api.v2.filters import (
    AncestorOfFilter,
    ChildOfFilter,
    DescendantOfFilter,
    LocaleFilter,
    SearchFilter,
    TranslationOfFilter,
)
from wagtail.api.v2.utils import page_models_from_string
from wagtail.api.v2.views import PagesAPIViewSet as StockPagesAPIViewSet
from wagtail.models import Page

from blog.api import filters, posts
from blog.api.newsroom import Newsroom
from blog.api.passwords import PasswordPagesMixin
from blog.api.paths import page_at
from blog.api.serializers import PageSerializer
from blog.api.trials import note_experiments
from blog.cache_tags import DAYS, ORDER, SITES, TITLES, lists_of, place_tag, slug_tag
from blog.models import ContentPage, FormPage, PersonPage, PostPage
from blog.models.content_page import SCHEDULE, SEO
from blog.redirects.lookup import move_from
from blog.seo.fields import seo_fields
from blog.visible import Visible, visible_to
from media_library.api.parts import PartsMixin
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import CONTENT, RELEVANCE, record, valid_today

PLACE = frozenset({"type", "child_of", "descendant_of", "locale"})

BY_TITLE = ("title", "slug")

BY_PLACE_OR_DAY = ("", "id", *filters.BY_DAY, *filters.POPULARITY)
"""Orders that don't change with what a page says, or only with its day."""

WRITTEN = frozenset(
    {
        *SCHEDULE,
        *SEO,
        "further_authors",
        "further_categories",
        "series_part",
        "chosen_posts",
        "form_fields",
        "published_by",
    }
)
"""What is written by API v3 and not read here as it is written."""

TOLD: dict[type[Page], list[APIField]] = {
    ContentPage: [APIField("social_image")],
    PostPage: posts.FIELDS,
    PersonPage: [APIField("posts", serializer=posts.PostsOfPersonField())],
}
"""What pages of a type tell beside that, or in its place."""


class PagesAPIViewSet(PasswordPagesMixin, PartsMixin, LibraryViewSet, StockPagesAPIViewSet):
    """Wagtail's pages endpoint: as many queries for a hundred posts as for one."""

    base_serializer_class = PageSerializer
    meta_fields = [*StockPagesAPIViewSet.meta_fields, "alternates"]
    filter_backends = [
        filters.OtherFieldsFilter,
        filters.PostFilter,
        ChildOfFilter,
        AncestorOfFilter,
        DescendantOfFilter,
        filters.PostOrdering,
        TranslationOfFilter,
        LocaleFilter,
        SearchFilter,  # last, since its results can't be filtered further
    ]
    detail_only_fields = [*StockPagesAPIViewSet.detail_only_fields, "posts"]
    known_query_parameters = StockPagesAPIViewSet.known_query_parameters | filters.PARAMETERS
    tag = "page"
    parts_made_of = (SITES,)
    pages_of_lists = LibraryViewSet.pages_of_lists | filters.PARAMETERS | PLACE

    @classmethod
    def get_body_fields(cls, model: type[Page]) -> list[APIField]:
        fields = {field.name: field for field in super().get_body_fields(model) if field.name not in WRITTEN}
        for told_by, told in TOLD.items():
            if issubclass(model, told_by):
                fields |= {field.name: field for field in told}
        return [*fields.values(), *seo_fields(model)]

    def find_view(self, request: Request) -> HttpResponse:
        """302 to the detail of the page at ``?html_path=``.

        Where there is none, a 404 that says where it has gone, if somebody said so::

        {"message": "this page has moved", "redirect": {"location": "https://…", "is_permanent": true}}
        """
        try:
            return super().find_view(request)
        except Http404:
            move = move_from(request.GET.get("html_path", ""), request)
            if move is None:
                raise
            target = {"location": move.location, "is_permanent": move.redirect.is_permanent}
            return Response({"message": "this page has moved", "redirect": target}, status=404)

    def note_found(self, request: Request) -> None:
        # A path notes itself.
        record(SITES)
        if "html_path" not in request.GET:
            super().note_found(request)

    def note_list(self) -> None:
        """Note the narrowest lists that decide which pages these are, and in which order."""
        record(SITES)
        asked, place = self.request.GET, self._place()
        order = asked.get("order", "").removeprefix("-")
        if any(asked.get(name) for name in filters.SETS_OF_POSTS):
            # The filter has noted the posts of what was asked for; where these stand is a part of it.
            lists: list[str] = []
        elif "slug" in asked:
            lists = [slug_tag(asked["slug"])]
        else:
            lists = [f"{lists_of(model)}{place}" for model in self._types()]
            if not order:
                # Pages of two types may pass each other.
                types = self._types() if len(self._types()) == 1 else [Page]
                lists += [f"{lists_of(model)}{place}{ORDER}" for model in types]
            if filters.is_by_day(self.request):
                lists += [f"{lists_of(model)}{DAYS}" for model in self._types()]
        record(*lists)
        others = set(asked) - self.pages_of_lists - {"order", "slug"}
        if not others and order in BY_TITLE:
            record(*(f"{lists_of(model)}{TITLES}" for model in self._types()))
        elif others or order not in BY_PLACE_OR_DAY:
            record(*(f"{lists_of(model)}{CONTENT}" for model in self._types()))
        if "search" in asked:
            record(RELEVANCE)
        if order in filters.POPULARITY:
            valid_today()

    def _types(self) -> list[type[Page]]:
        return page_models_from_string(self.request.GET.get("type") or "wagtailcore.Page") or [Page]

    def _place(self) -> str:
        """Where the pages of the list are, as tags say it; "" for anywhere."""
        for name, place in (("child_of", "in"), ("descendant_of", "below")):
            asked = self.request.GET.get(name, "")
            if asked == "root":
                asked = str(self.get_root_page().pk)
            if asked.isascii() and asked.isdecimal() and len(asked) < 20:
                # It may be closed, or go.
                record(place_tag(int(asked)))
                return f"-{place}-{int(asked)}"
        return ""

    def find_object(self, queryset: QuerySet, request: Request) -> Page | None:
        # A path notes what decides which page is there; of the page, the answer tells nothing but its id.
        page = page_at(request, request.GET["html_path"]) if "html_path" in request.GET else None
        if page is None:
            return super(StockPagesAPIViewSet, self).find_object(queryset, request)
        return page if queryset.filter(pk=page.pk).exists() else self.opened_page(page.pk)

    @cached_property
    def visible(self) -> Visible:
        return visible_to(self.request)

    def get_base_queryset(self) -> QuerySet:
        return self.visible.of(Page)

    def get_queryset(self) -> QuerySet:
        queryset = super().get_queryset()
        model = self._model_of_detail() if self.action == "detail_view" else queryset.model
        if model is not Page:
            # Wagtail asks for all pages that are visible, and then for those of the type among them.
            queryset = self.visible.of(model)
        queryset = queryset.select_related("locale").prefetch_related("alias_of")
        if issubclass(queryset.model, ContentPage):
            queryset = queryset.select_related("social_card")
        if issubclass(queryset.model, PostPage):
            queryset = queryset.select_related("author", "category", "series").prefetch_related("tags")
            # What is not asked for is not looked up.
            if self.action != "listing_view" or re.search(r"\*|view_count", self.request.GET.get("fields", "")):
                queryset = queryset.select_related("statistics")
            if self.action != "listing_view" or re.search(r"\*|experiments", self.request.GET.get("fields", "")):
                queryset = note_experiments(queryset)
        if issubclass(queryset.model, FormPage):
            queryset = queryset.prefetch_related("form_fields")
        if issubclass(queryset.model, PersonPage):
            queryset = queryset.select_related("person")
        return queryset

    def _model_of_detail(self) -> type[Page]:
        """The type of the page that was asked for: with it, the page is found whole, and what it has comes along."""
        found = Page.objects.filter(pk=self.kwargs["pk"]).order_by().values_list("content_type", flat=True).first()
        return ContentType.objects.get_for_id(found).model_class() or Page if found is not None else Page

    def get_serializer(self, shown: Any, *args: Any, **kwargs: Any) -> BaseSerializer:
        serializer = super().get_serializer(shown, *args, **kwargs)
        fields = getattr(serializer, "child", serializer).built.values()
        shown_posts = [page for page in (shown if kwargs.get("many") else [shown]) if isinstance(page, PostPage)]
        newsroom = posts.newsroom(serializer.context)
        newsroom.expect(shown_posts)
        for field in fields:
            if hasattr(field, "prepare"):
                field.prepare(shown_posts, newsroom)
        return serializer

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"newsroom": Newsroom(lambda: self.visible)}
