from datetime import date
from types import SimpleNamespace

from django.db.models import Q, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet
from wagtail.api.v2.filters import FieldsFilter
from wagtail.api.v2.utils import BadRequestError

from blog.models import PostPage

PARAMETERS = frozenset({"category", "tag", "author", "date_from", "date_to"})


class OtherFieldsFilter(FieldsFilter):
    """Wagtail's filter by column, for all fields that ``PostFilter`` doesn't know better."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: GenericViewSet) -> QuerySet:
        others = {name: value for name, value in request.GET.items() if name not in PARAMETERS}
        return super().filter_queryset(SimpleNamespace(GET=others), queryset, view)


class PostFilter(BaseFilterBackend):
    """Narrow pages to posts.

    ``?category=travel``, ``?author=ada-lovelace`` (slug or id), ``?tag=sea`` (name or slug; several with commas must
    all be there), ``?date_from=2026-01-01&date_to=2026-01-31`` (both days included).
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: GenericViewSet) -> QuerySet:
        given = {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}
        if not given:
            return queryset
        posts = PostPage.objects.all()
        for name in ("category", "author"):
            if name in given:
                posts = posts.filter(_slug_or_id(name, given[name]))
        for tag in filter(None, given.get("tag", "").split(",")):
            posts = posts.filter(Q(tagged_items__tag__name__iexact=tag) | Q(tagged_items__tag__slug=tag))
        for name, lookup in (("date_from", "date__gte"), ("date_to", "date__lte")):
            if name in given:
                posts = posts.filter(**{lookup: _day(name, given[name])})
        return queryset.filter(pk__in=posts.values("pk"))


def _slug_or_id(name: str, value: str) -> Q:
    by_slug = Q(**{f"{name}__slug": value})
    return by_slug | Q(**{f"{name}_id": int(value)}) if value.isdecimal() and len(value) < 19 else by_slug


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadRequestError(f"{name} must be a date like 2026-01-31") from error
