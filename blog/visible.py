"""Which pages somebody may see, as a condition for queries and as a question about a page at hand."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from rest_framework.request import Request
from wagtail.models import Page, Site

from media_library.api.library import library

SomePage = TypeVar("SomePage", bound=Page)


class Visible(NamedTuple):
    """Published pages below ``roots`` and not below ``closed``, which are paths in the tree, both inclusive."""

    roots: tuple[str, ...]
    closed: tuple[str, ...] = ()

    def of(self, model: type[SomePage]) -> QuerySet[SomePage]:
        """Those of a type."""
        return model.objects.filter(self.condition()) if self.roots else model.objects.none()

    def condition(self, leading: str = "") -> Q:
        """The same for rows that have one page each, by the lookup that leads to it: ``content_object__``."""
        if not self.roots:
            return Q(pk__in=())
        shown = _below(self.roots, leading) & Q(**{f"{leading}live": True})
        return shown & ~_below(self.closed, leading) if self.closed else shown

    def shows(self, page: Page) -> bool:
        """Whether the page is among them."""
        return page.live and page.path.startswith(self.roots) and not page.path.startswith(self.closed)


VisibleTo = Callable[[], Visible]


def visible_to(request: HttpRequest | Request) -> Visible:
    """What Wagtail's ``get_public_pages_queryset`` shows, with one look at restrictions for the whole response.

    The site is the one that ``?site=`` has chosen (``LibraryViewSet``), or that of the host.
    """
    # Where all of Wagtail looks, so that the site is looked up once.
    site = Site.find_for_request(getattr(request, "_request", request))
    if site is None:
        return Visible(())
    root = site.root_page
    translations = root.get_translations() if settings.WAGTAIL_I18N_ENABLED else ()
    return Visible((root.path, *(one.path for one in translations)), library().closed_pages)


def _below(paths: tuple[str, ...], leading: str = "") -> Q:
    return reduce(or_, (Q(**{f"{leading}path__startswith": path}) for path in paths))
