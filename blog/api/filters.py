from collections.abc import Iterable
from datetime import date
from functools import partial
from types import SimpleNamespace

from django.db.models import Model, Q, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet
from taggit.models import Tag
from wagtail.api.v2.filters import FieldsFilter, OrderingFilter
from wagtail.api.v2.utils import BadRequestError

from blog.cache_tags import CATEGORIES_BELOW, ORDER, found_tag, lists_of, record_posts
from blog.models import Category, Person, PostAuthor, PostPage, PostTag, Series
from blog.popularity.counting import RECENT_DAYS, with_views
from media_library.cache_tags import record

PARAMETERS = frozenset({"category", "tag", "author", "series", "date_from", "date_to"})

DAYS = frozenset({"date_from", "date_to"})
BY_DAY = frozenset({"date", "first_published_at"})
"""Orders by day."""

PLACES = frozenset({"child_of", "descendant_of"})
"""Parameters that leave what is at some place in the tree."""

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
        note = partial(_note, by_day=is_by_day(request), in_place=_is_in_place(request))
        # Each by an index, whatever else is asked for. Joins would have the database look at every post.
        wanted = Q()
        if "category" in given:
            named = _found(Category, given["category"])
            categories = _with_those_below(named)
            note("category", given["category"], named, categories)
            further = PostPage.further_categories.through.objects.filter(category__in=categories)
            wanted &= Q(category__in=categories) | Q(pk__in=further.values("postpage"))
        if "author" in given:
            named = _found(Person, given["author"])
            note("person", given["author"], named)
            together = PostAuthor.objects.filter(person__in=named)
            wanted &= Q(author__in=named) | Q(pk__in=together.values("page"))
        if "series" in given:
            named = _found(Series, given["series"])
            note("series", given["series"], named)
            wanted &= Q(series__in=named)
        for tag in filter(None, given.get("tag", "").split(",")):
            named = list(Tag.objects.filter(Q(name__iexact=tag) | Q(slug=tag)).values_list("pk", flat=True))
            note("tag", tag, named)
            wanted &= Q(pk__in=PostTag.objects.filter(tag__in=named).values("content_object"))
        for name, lookup in (("date_from", "date__gte"), ("date_to", "date__lte")):
            if name in given:
                wanted &= Q((lookup, _day(name, given[name])))
        if issubclass(queryset.model, PostPage):
            return queryset.filter(wanted)
        return queryset.filter(pk__in=PostPage.objects.filter(wanted).values("pk"))


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


def _is_in_place(request: Request) -> bool:
    """Whether it decides about the list where in the tree pages are, be it their order."""
    return not request.GET.get("order") or not PLACES.isdisjoint(request.GET)


def _note(
    of: str, value: str, named: list[int], posts_of: Iterable[int] | None = None, *, by_day: bool, in_place: bool
) -> None:
    """Note whose posts these are; and that another one may come who has this slug, or this id.

    ``named`` have it now; the posts are theirs, or those of ``posts_of``.
    """
    names = {value, str(int(value))} if _is_id(value) else {value}
    record(*(found_tag(of, name) for name in names))
    record_posts(of, named if posts_of is None else posts_of, by_day=by_day, in_place=in_place)
    if in_place and len(named) > 1:
        # By the slug of one and the id of another: posts of both may pass each other.
        record(f"{lists_of(PostPage)}{ORDER}")


def _found(model: type[Model], value: str) -> list[int]:
    """Ids of those that have this slug, or this id."""
    has_it = Q(slug=value) | Q(pk=int(value)) if _is_id(value) else Q(slug=value)
    return list(model._default_manager.filter(has_it).values_list("pk", flat=True))


def _with_those_below(categories: list[int]) -> list[int]:
    """Ids of these categories and of those below them, as far as readers see them."""
    tree = Category.tree()
    record(*(f"{CATEGORIES_BELOW}-{one}" for one in categories))
    return [pk for one in categories for pk in tree.branch(one) if pk in tree.visible]


def _is_id(value: str) -> bool:
    return value.isdecimal() and len(value) < 19


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadRequestError(f"{name} must be a date like 2026-01-31") from error
