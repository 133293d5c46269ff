from datetime import date
from types import SimpleNamespace

from django.db.models import Model, Q, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet
from taggit.models import Tag
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter
from wagtail.api.v2.utils import BadRequestError

from blog.cache_tags import record_posts
from blog.models import Category, Person, PostPage, Series
from blog.popularity.counting import RECENT_DAYS, with_views
from media_library.cache_tags import record

PARAMETERS = frozenset({"category", "tag", "author", "series", "date_from", "date_to"})

DAYS = frozenset({"date_from", "date_to"})
BY_DAY = frozenset({"date", "first_published_at"})
"""Orders by day."""

SETS_OF_POSTS = frozenset({"category", "tag", "author", "series"})
"""Those of the parameters that leave no post but those of a set, whose changes decide about the list."""

POPULARITY = {"view_count": None, "most_read": RECENT_DAYS}
"""Orders by how often pages were seen, with the number of days that count; None is all of them."""


class OtherFieldsFilter(FieldsFilter):
    """Wagtail's filter by column, for all fields that ``PostFilter`` doesn't know better."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: GenericViewSet) -> QuerySet:
        others = {name: value for name, value in request.GET.items() if name not in PARAMETERS}
        return super().filter_queryset(SimpleNamespace(GET=others), queryset, view)


class PostFilter(BaseFilterBackend):
    """Narrow pages to posts.

    ``?category=travel`` (with all categories below it, whether it is a post's main one or a further one),
    ``?author=ada-lovelace`` (any of the authors), ``?series=at-sea`` (each by slug or id), ``?tag=sea`` (name or slug;
    several with commas must all be there), ``?date_from=2026-01-01&date_to=2026-01-31`` (both days included).
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: GenericViewSet) -> QuerySet:
        given = {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}
        if not given:
            return queryset
        posts, by_day = PostPage.objects.all(), is_by_day(request)
        if "category" in given:
            categories = _with_those_below(given["category"])
            # Another may come below it, or have its slug.
            record("categories")
            record_posts("category", categories, by_day=by_day)
            posts = posts.filter(Q(category__in=categories) | Q(further_categories__in=categories))
        if "author" in given:
            _note("person", "people", Person, given["author"], by_day)
            further = _slug_or_id("further_authors__person", given["author"])
            posts = posts.filter(_slug_or_id("author", given["author"]) | further)
        if "series" in given:
            _note("series", "series", Series, given["series"], by_day)
            posts = posts.filter(_slug_or_id("series", given["series"]))
        for tag in filter(None, given.get("tag", "").split(",")):
            record("tags")
            named = Tag.objects.filter(Q(name__iexact=tag) | Q(slug=tag))
            record_posts("tag", named.values_list("pk", flat=True), by_day=by_day)
            posts = posts.filter(Q(tagged_items__tag__name__iexact=tag) | Q(tagged_items__tag__slug=tag))
        for name, lookup in (("date_from", "date__gte"), ("date_to", "date__lte")):
            if name in given:
                posts = posts.filter(**{lookup: _day(name, given[name])})
        return queryset.filter(pk__in=posts.values("pk"))


class PostOrdering(OrderingFilter):
    """Wagtail's orders, and ``?order=-view_count`` and ``?order=most_read``.

    The first is by all views ever, the other by those of the last ``RECENT_DAYS`` days, the most read page first.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: GenericViewSet) -> QuerySet:
        order = request.GET.get("order", "")
        name = order.removeprefix("-")
        if name not in POPULARITY:
            return super().filter_queryset(request, queryset, view)
        if "search" in request.GET:
            raise BadRequestError(f"order={order} and search don't go together; results are in order of relevance")
        least_first = order == "view_count"
        return with_views(queryset, POPULARITY[name]).order_by("seen" if least_first else "-seen", "-pk")


def is_by_day(request: Request) -> bool:
    """Whether days decide which pages are in a list, or in which order."""
    return bool(DAYS & set(request.GET)) or request.GET.get("order", "").removeprefix("-") in BY_DAY


def _note(of: str, all_of_them: str, model: type[Model], value: str, by_day: bool) -> None:
    """Note whose posts these are; or that somebody may come who has this slug."""
    keys = list(model._default_manager.filter(_slug_or_id("", value)).values_list("pk", flat=True))
    record(all_of_them)
    record_posts(of, keys, by_day=by_day)


def _with_those_below(value: str) -> list[int]:
    """Ids of the category of this slug or id and of those below it, as far as readers see them."""
    wanted = Category.objects.filter(_slug_or_id("", value)).values_list("pk", flat=True)
    tree = Category.tree()
    return [pk for one in wanted for pk in tree.branch(one) if pk in tree.visible]


def _slug_or_id(relation: str, value: str) -> Q:
    """What is behind this relation, or it itself for "", has this slug, or this id."""
    start = f"{relation}__" if relation else ""
    by_slug = Q(**{f"{start}slug": value})
    return by_slug | Q(**{f"{start}pk": int(value)}) if value.isdecimal() and len(value) < 19 else by_slug


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadRequestError(f"{name} must be a date like 2026-01-31") from error
