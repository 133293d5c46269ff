"""``/api/v2/search/``: what visitors look for, in all public pages of a site and a language."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.api.v2.utils import BadRequestError, page_models_from_string
from wagtail.models import Locale, Page, Site, get_page_models

from blog.api.cards import cards
from blog.api.excerpts import excerpt, texts_of
from blog.cache_tags import SITES, lists_of
from blog.models import Category, EventPage, Person, PostPage
from blog.models.content_page import ContentPage
from blog.models.post import PostAuthor, PostTag
from blog.visible import visible_to
from media_library.admin.library.searching import nearness, terms
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import CONTENT, record

FACETS = ("type", "category", "author", "tag", "year")
LONGEST_WORD = 100
"""Characters. No word is longer, and PostgreSQL takes none that is much longer."""

MOST_VALUES = 50
"""Of one facet; those with the most pages."""


class SearchAPIViewSet(LibraryViewSet):
    """What is found, the best first, as cards (``blog/api/cards.py``) with a piece of their text, and facets::

    {
      "meta": {"total_count": 31}, "query": "harbour",
      "items": [{"id": 7, "type": "blog.PostPage", "title": "…", …, "excerpt": "… in the <mark>harbour</mark> at …"}],
      "facets": {
        "type": [{"value": "blog.PostPage", "label": "Post", "count": 28}], "category": [{"value": "travel", …}],
        "author": […], "tag": […], "year": [{"value": "2026", "label": "2026", "count": 12}, …]
      }
    }

    ``?query=`` are words that must all be there; without any, all pages are found. The names of the facets filter by
    their values, several with commas, and a facet counts what the others leave. ``?order=`` is ``relevance`` (pages
    whose title begins with the words, then those that have them in it, then the others, each the newest first),
    ``date`` or ``-date``. With ``?autocomplete=true`` the last word may be a beginning, only titles and
    summaries are looked at, and there are no facets. ``excerpt`` is HTML: escaped, with ``<mark>``.
    """

    name = "search"
    model = Page
    listing_action = "search_view"
    known_query_parameters = frozenset(
        {"query", "autocomplete", "order", "limit", "offset", "site", "locale", "format", "_", *FACETS}
    )

    def search_view(self, request: Request) -> HttpResponse:
        if unknown := sorted(set(request.GET) - self.known_query_parameters):
            raise BadRequestError("unknown parameters: " + ", ".join(name[:100] for name in unknown))
        # The words of all pages decide, and the names of what they are filed under.
        record(SITES, f"{lists_of(Page)}{CONTENT}", "categories", "people", "tags")
        search = Search(request, _visible_pages(self))
        found = search.found()
        pages = self._slice(search.ordered(found))
        context = self.get_serializer_context()
        items = [
            card | {"excerpt": excerpt(texts_of(page), search.words)}
            for page, card in zip(pages, cards(pages, context), strict=True)
        ]
        return Response(
            {
                "meta": {"total_count": found.count()},
                "query": " ".join(search.words),
                "items": items,
                "facets": {} if search.is_autocomplete else {name: search.facet(name) for name in FACETS},
            }
        )

    def _slice(self, found: QuerySet[Page]) -> list[Page]:
        offset = _number(self.request, "offset", 0)
        limit = _number(self.request, "limit", min(20, settings.WAGTAILAPI_LIMIT_MAX))
        if limit > settings.WAGTAILAPI_LIMIT_MAX:
            raise BadRequestError(f"limit cannot be higher than {settings.WAGTAILAPI_LIMIT_MAX}")
        # Their own kinds, in as many queries as there are kinds.
        return list(found.specific()[offset : offset + limit])

    def resolve_rich_text_format(self) -> str:
        return "html"

    @classmethod
    def get_urlpatterns(cls) -> list:
        return [path("", cls.as_view({"get": "search_view"}), name="listing")]


class Search:
    """A question, and the pages that answer it. Raises ``BadRequestError`` for one that makes no sense."""

    def __init__(self, request: Request, pages: QuerySet[Page]):
        self.words = [word[:LONGEST_WORD] for word in terms(request.GET.get("query", ""))]
        self.is_autocomplete = request.GET.get("autocomplete", "").lower() in ("true", "1")
        self.order = request.GET.get("order", "relevance" if self.words else "-date")
        if self.order not in ("relevance", "date", "-date"):
            raise BadRequestError("order must be relevance, date or -date")
        self.pages = pages.filter(locale=_locale(request))
        self.chosen = {name: values for name in FACETS if (values := _values(request, name))}
        for year in self.chosen.get("year", ()):
            if not (year.isascii() and year.isdecimal() and 0 < int(year[:5]) < 10_000):
                raise BadRequestError("year must be a year like 2026")

    def found(self, *, but: str = "") -> QuerySet[Page]:
        """What matches words and filters; without the filter of the facet ``but``."""
        found = self.matching
        for name, values in self.chosen.items():
            if name != but:
                found = found.filter(getattr(self, f"_of_{name}")(values))
        return found

    def ordered(self, found: QuerySet[Page]) -> QuerySet[Page]:
        day = Coalesce("postpage__date", TruncDate("eventpage__starts_at"), TruncDate("first_published_at"))
        found = found.annotate(day=day)
        if self.order == "date":
            return found.order_by("day", "pk")
        newest_first = (F("day").desc(nulls_last=True), "-pk")
        if self.order == "relevance" and self.words:
            # By the title, and not by the index: SQLite would ask it again for each page that is found.
            return found.order_by(nearness(" ".join(self.words)), *newest_first)
        return found.order_by(*newest_first)

    @cached_property
    def matching(self) -> QuerySet[Page]:
        if not self.words:
            return self.pages
        look = Page.objects.autocomplete if self.is_autocomplete else Page.objects.search
        found = look(" ".join(self.words), operator="and", order_by_relevance=False).get_queryset()
        return found.filter(pk__in=self.pages.order_by().values("pk"))

    def facet(self, name: str) -> list[dict[str, Any]]:
        ids = self.found(but=name).order_by().values("pk")
        return getattr(self, f"_count_{name}")(ids)

    # Filters

    def _of_type(self, values: list[str]) -> Q:
        try:
            models = page_models_from_string(",".join(values))
        except (LookupError, ValueError, TypeError) as error:
            raise BadRequestError("type doesn't exist") from error
        return Q(content_type__in=[one.pk for one in ContentType.objects.get_for_models(*models).values()])

    def _of_category(self, values: list[str]) -> Q:
        return _posts(Q(category__slug__in=values) | Q(further_categories__slug__in=values))

    def _of_author(self, values: list[str]) -> Q:
        return _posts(Q(author__slug__in=values) | Q(further_authors__person__slug__in=values))

    def _of_tag(self, values: list[str]) -> Q:
        return _posts(Q(tagged_items__tag__slug__in=values))

    def _of_year(self, values: list[str]) -> Q:
        years = [int(value) for value in values]
        events = EventPage.objects.filter(starts_at__year__in=years)
        return _posts(Q(date__year__in=years)) | Q(pk__in=events.order_by().values("pk"))

    # Counts

    def _count_type(self, ids: QuerySet) -> list[dict[str, Any]]:
        rows = Page.objects.filter(pk__in=ids).order_by().values_list("content_type").annotate(Count("pk"))
        models = {ContentType.objects.get_for_id(pk).model_class(): count for pk, count in rows}
        return _listed((one._meta.label, str(one._meta.verbose_name).capitalize(), n) for one, n in models.items())

    def _count_category(self, ids: QuerySet) -> list[dict[str, Any]]:
        further = PostPage.further_categories.through.objects.filter(postpage__in=ids)
        counts = _sum(
            PostPage.objects.filter(pk__in=ids, category__isnull=False).order_by().values_list("category"),
            further.exclude(category=F("postpage__category")).values_list("category"),
        )
        named = Category.objects.filter(pk__in=counts, is_active=True).order_by()
        return _listed((one.slug, one.name, counts[one.pk]) for one in named)

    def _count_author(self, ids: QuerySet) -> list[dict[str, Any]]:
        further = PostAuthor.objects.filter(page__in=ids).order_by()
        counts = _sum(
            PostPage.objects.filter(pk__in=ids, author__isnull=False).order_by().values_list("author"),
            further.exclude(person=F("page__author")).values_list("person"),
        )
        return _listed((one.slug, one.name, counts[one.pk]) for one in Person.objects.filter(pk__in=counts).order_by())

    def _count_tag(self, ids: QuerySet) -> list[dict[str, Any]]:
        tags = PostTag.objects.filter(content_object__in=ids).order_by().values_list("tag__slug", "tag__name")
        return _listed(tags.annotate(count=Count("content_object", distinct=True)))

    def _count_year(self, ids: QuerySet) -> list[dict[str, Any]]:
        counts = _sum(
            PostPage.objects.filter(pk__in=ids).order_by().values_list("date__year"),
            EventPage.objects.filter(pk__in=ids).order_by().values_list("starts_at__year"),
        )
        listed = _listed((str(year), str(year), count) for year, count in counts.items() if year)
        return sorted(listed, key=lambda one: one["value"], reverse=True)


def _visible_pages(view: LibraryViewSet) -> QuerySet[Page]:
    """What lists of pages show, of the types that have cards."""
    kinds = [model for model in get_page_models() if issubclass(model, ContentPage)]
    kind_ids = [one.pk for one in ContentType.objects.get_for_models(*kinds).values()]
    return visible_to(view.request).of(Page).filter(content_type__in=kind_ids)


def _locale(request: Request) -> Locale:
    """The language that was asked for, or else that of the site's root."""
    if not (code := request.GET.get("locale", "")):
        site = Site.find_for_request(request)
        return site.root_page.locale if site else Locale.get_default()
    found = Locale.objects.filter(language_code=code[:100]).first() if "\0" not in code else None
    if found is None:
        raise BadRequestError("locale doesn't exist")
    return found


def _values(request: Request, name: str) -> list[str]:
    return [one.strip() for one in request.GET.get(name, "").replace("\0", "").split(",") if one.strip()][:MOST_VALUES]


def _number(request: Request, name: str, default: int) -> int:
    value = request.GET.get(name, "")
    if value and not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise BadRequestError(f"{name} must be a positive integer")
    return int(value or default)


def _posts(condition: Q) -> Q:
    return Q(pk__in=PostPage.objects.filter(condition).order_by().values("pk"))


def _sum(*queries: QuerySet) -> Counter:
    counts: Counter = Counter()
    for query in queries:
        for key, count in query.annotate(count=Count("pk", distinct=True)):
            counts[key] += count
    return counts


def _listed(counted: Iterable[tuple[str, str, int]]) -> list[dict[str, Any]]:
    best = sorted(counted, key=lambda one: (-one[2], one[1].casefold()))[:MOST_VALUES]
    return [{"value": value, "label": label, "count": count} for value, label, count in best]
