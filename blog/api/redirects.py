"""Redirects for front ends."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from rest_framework.fields import SerializerMethodField
from rest_framework.request import Request
from wagtail.contrib.redirects.api.v2 import RedirectsAPIViewSet as StockRedirectsAPIViewSet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from blog.cache_tags import REDIRECTS, SITES
from blog.redirects.lookup import location_of, move_from
from media_library.api.library import library
from media_library.api.serializers import LibrarySerializer
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import record


class RedirectSerializer(LibrarySerializer):
    """A redirect::

    {"id": 5, "meta": {"type": "wagtailredirects.Redirect", "detail_url": "…"},
     "old_path": "/harbor", "location": "https://www.example.org/harbour/", "is_permanent": true}
    """

    location = SerializerMethodField()

    def get_location(self, redirect: Redirect) -> str | None:
        return location_of(redirect, self.context["request"])


class RedirectsAPIViewSet(LibraryViewSet, StockRedirectsAPIViewSet):
    """Wagtail's redirects of one site, and those for all sites; without those to pages that visitors may not open.

    ``find/?html_path=/harbor/`` knows a path with or without its last slash and its query.
    """

    base_serializer_class = RedirectSerializer
    body_fields = [*StockRedirectsAPIViewSet.body_fields, "is_permanent"]
    listing_default_fields = [*StockRedirectsAPIViewSet.listing_default_fields, "is_permanent"]

    def get_queryset(self) -> QuerySet:
        record(REDIRECTS, SITES)
        closed = Q()
        for path in library().closed_pages:
            closed |= Q(redirect_page__path__startswith=path)
        site = Site.find_for_request(self.request)
        leads_somewhere = Q(redirect_page__live=True) | (Q(redirect_page=None) & ~Q(redirect_link=""))
        found = super().get_queryset().filter(Q(site=site) | Q(site=None), leads_somewhere)
        return found.exclude(closed) if closed else found

    def paginate_queryset(self, queryset: Any) -> Sequence[Model]:
        redirects = super().paginate_queryset(queryset)
        library().pages.expect(one.redirect_page_id for one in redirects if one.redirect_page_id is not None)
        return redirects

    def find_object(self, queryset: QuerySet, request: Request) -> Redirect | None:
        if "html_path" not in request.GET:
            return super().find_object(queryset, request)
        move = move_from(request.GET["html_path"], request)
        if move is None:
            raise Http404("not found")
        return move.redirect
