"""``/sitemap.xml``: pages with their pictures, films and translations.

https://www.sitemaps.org/protocol.html, and the extensions in
https://developers.google.com/search/docs/crawling-indexing/sitemaps.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.sitemaps import views
from django.core.paginator import Paginator
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from blog.models import ContentPage, PostPage
from blog.seo.media import films_on, pictures_on
from blog.seo.public import for_everybody, home_of, public_pages, site_of
from blog.seo.surroundings import Surroundings
from media_library.api.html import HLS
from media_library.api.library import library

MOST_PICTURES = 1000
"""Google reads no more of one page (its documentation of image sitemaps)."""
LONGEST_FILM = 28_800
"""Seconds that ``video:duration`` may say (the same, of video sitemaps)."""


class PagesSitemap(Sitemap):
    """The public pages of a site that search engines may show, with what stands on them.

    Left out is what is hidden from search engines, and what was first published elsewhere. As many queries for many
    pages as for few.
    """

    limit = 1000

    def items(self) -> PageQuerySet:
        models = [model for model in get_page_models() if issubclass(model, ContentPage)]
        pages = public_pages(site_of(self.request)).type(*models).order_by("path")
        for model in models:
            hidden = model.objects.filter(Q(no_index=True) | ~Q(canonical_url=""))
            pages = pages.exclude(pk__in=hidden.values("pk"))
        return pages

    @property
    def paginator(self) -> Paginator:
        return Paginator(self.items(), self.limit)

    def _urls(self, page: int | str, protocol: str, domain: str) -> list[dict[str, Any]]:
        pages = list(self.paginator.page(page).object_list.specific())
        posts = [one for one in pages if isinstance(one, PostPage)]
        prefetch_related_objects(posts, "author", "further_authors__person")
        around = Surroundings(pages, self.request)
        library().expect(pages)
        library().translations.expect(one.translation_key for one in pages)
        return [
            {
                "location": location,
                "lastmod": one.last_published_at or one.latest_revision_created_at,
                "alternates": self._alternates(one, around),
                "pictures": _pictures(one, around),
                "films": _films(one, around),
            }
            for one in pages
            if (location := around.address(one))
        ]

    def _alternates(self, page: Page, around: Surroundings) -> list[dict[str, str]]:
        """The page in each language, its own among them, as hreflang wants it; nothing for a page in one only."""
        shared = library()
        found = (shared.translations.get(page.translation_key) or {}).items()
        alternates = [
            {"lang_code": code, "location": address}
            for code, one in sorted(found)
            if shared.may_visit(one) and (address := around.address(one))
        ]
        return alternates if len(alternates) > 1 else []


@for_everybody
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages; with more than 1,000 of them, an index of its parts, which are ``?p=1`` and so on."""
    pages = PagesSitemap(request)
    parts = pages.paginator.num_pages
    if parts > 1 and "p" not in request.GET:
        home = home_of(request)
        addresses = [f"{home}sitemap.xml?p={number}" for number in range(1, parts + 1)]
        return TemplateResponse(
            request, "seo/sitemap_index.xml", {"addresses": addresses}, content_type="application/xml"
        )
    return views.sitemap(request, {"pages": pages}, template_name="seo/sitemap.xml")


@for_everybody
def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``, for a site without one of its own (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {home_of(request)}sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _pictures(page: ContentPage, around: Surroundings) -> list[str]:
    sources = (library().picture(image).src for image in pictures_on(page))
    return [around.absolute(src) for src in sources if src][:MOST_PICTURES]


def _films(page: ContentPage, around: Surroundings) -> Iterable[dict[str, Any]]:
    for film in films_on(page):
        ready = library().film(film)
        files = [source for source in ready.sources if source.type != HLS]
        if files and ready.poster is not None and ready.poster.src:
            seconds = round(film.duration or 0)
            yield {
                "title": film.title,
                "description": film.caption or film.description or film.title,
                "thumbnail": around.absolute(ready.poster.src),
                "content": around.absolute(files[0].src),
                "duration": seconds if 1 <= seconds <= LONGEST_FILM else None,
                "published": film.created_at,
            }
