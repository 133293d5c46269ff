"""What sitemap and feeds have in common: one site, seen as everybody sees it, kept by caches for some minutes."""

import copy
from collections.abc import Callable
from datetime import datetime
from functools import reduce, wraps
from operator import or_

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import conditional_page, require_safe
from wagtail.api.utils import get_base_url
from wagtail.api.validators import SiteFilterValidator
from wagtail.models import Page, PageLogEntry, Site
from wagtail.query import PageQuerySet

from blog.cache_tags import SITES, lists_of
from blog.seo.surroundings import Surroundings
from media_library.api.library import serving
from media_library.cache_tags import CONTENT, record

MAX_AGE = 5 * 60
"""Seconds for which readers and caches may keep an answer."""

View = Callable[[HttpRequest], HttpResponse]


def for_everybody(view: View) -> View:
    """A view without a user, for the site that is called or that ``?site=www.example.org`` names.

    Answers 304 by ``ETag``, and by ``Last-Modified``, the moment of the last change of any page.
    """

    @require_safe
    @conditional_page
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        request = _without_user(request)
        try:
            site = SiteFilterValidator(site=request.GET.get("site") or None, request=request).site_obj
        except ValueError:
            return HttpResponseBadRequest(
                "There are several sites of that name: add the port, as in ?site=localhost:8001.", "text/plain"
            )
        if site is None:
            raise Http404("no site is set up")
        # Where all of Wagtail looks.
        request._wagtail_site = site  # type: ignore[attr-defined]
        with serving(request, base_url=get_base_url(request) or ""):
            response = view(request)
            if isinstance(response, TemplateResponse):
                # Rendered in here, with what was loaded for it; a plain one then, that can become a 304.
                response = HttpResponse(response.render().content, content_type=response["Content-Type"])
        if changed := last_change():
            response["Last-Modified"] = http_date(changed.timestamp())
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        return response

    return wrapped


def last_change() -> datetime | None:
    """When a page was last published, hidden, moved or deleted: what Wagtail's log knows."""
    return PageLogEntry.objects.aggregate(last=Max("timestamp"))["last"]


def site_of(request: HttpRequest) -> Site:
    """The site that the view shows."""
    site = Site.find_for_request(request)
    assert site is not None  # noqa: S101 for_everybody has looked
    return site


def home_of(request: HttpRequest) -> str:
    """Where the site begins for visitors, with a slash at the end: on its front end, or else here."""
    home = Surroundings(request=request).site(site_of(request).root_page).url
    return f"{home.rstrip('/')}/" if home else request.build_absolute_uri("/")


def public_pages(site: Site) -> PageQuerySet:
    """The pages of a site, in all its languages, that everybody may see."""
    root = site.root_page
    # What search engines may see of a page stands in the page itself.
    record(SITES, lists_of(Page), f"{lists_of(Page)}{CONTENT}")
    roots = root.get_translations(inclusive=True) if getattr(settings, "WAGTAIL_I18N_ENABLED", False) else [root]
    within = reduce(or_, (Q(path__startswith=one.path) for one in roots))
    return Page.objects.filter(within).live().public()


def _without_user(request: HttpRequest) -> HttpRequest:
    """What caches keep must not depend on who asked first."""
    request = copy.copy(request)
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    return request
