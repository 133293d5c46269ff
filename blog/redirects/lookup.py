from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db.models import Q
from django.http import HttpRequest
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from blog.cache_tags import SITES, moved_tag
from blog.models.front_end import front_end_of
from media_library.api.library import library, sharing
from media_library.cache_tags import record

HOPS = 10
"""How many redirects in a row are followed to see whether they go in a circle."""


class Move(NamedTuple):
    """A redirect, and the address to which it leads."""

    redirect: Redirect
    location: str


def move_from(path: str, request: HttpRequest) -> Move | None:
    """Where to go from a path, with or without its query, on the site that was asked for.

    None where there is no redirect, where it leads to a page that visitors may not open or goes in a circle.
    """
    site = Site.find_for_request(request)
    if site is None or not path or "\0" in path:
        return None
    record(SITES)
    with sharing():
        for redirect in redirects_from(path, site):
            location = location_of(redirect, request)
            if location and not goes_in_a_circle(redirect, site):
                return Move(redirect, location)
    return None


def redirects_from(path: str, site: Site | None) -> list[Redirect]:
    """Redirects from a path: those with its query first, and a site's own before those for all sites."""
    full = Redirect.normalise_path(path, decode_unicode=False)
    spellings = list(dict.fromkeys([uri_to_iri(full), full, uri_to_iri(urlsplit(full).path), urlsplit(full).path]))
    record(*map(moved_tag, spellings))
    found = Redirect.objects.filter(Q(site=site) | Q(site=None), old_path__in=spellings)
    return sorted(found, key=lambda one: (spellings.index(one.old_path), one.site_id is None))


def location_of(redirect: Redirect, request: Any) -> str | None:
    """Where a redirect leads: to a page on its front end, or elsewhere. None if visitors may not go there."""
    if redirect.redirect_page_id is None:
        return redirect.redirect_link or None
    page = library().pages.get(redirect.redirect_page_id)
    if page is None or not library().may_visit(page):
        return None
    return page.get_url(request)


def goes_in_a_circle(redirect: Redirect, site: Site | None) -> bool:
    """Whether who follows it comes by a path twice. A page is an end."""
    seen = {redirect.old_path}
    for path in _next_paths(redirect, site):
        if path in seen:
            return True
        seen.add(path)
    return False


def _next_paths(redirect: Redirect | None, site: Site | None) -> Iterator[str]:
    for _hop in range(HOPS):
        path = _path_here(redirect, site) if redirect is not None else None
        if path is None:
            return
        yield path
        redirect = next(iter(redirects_from(path, site)), None)


def _path_here(redirect: Redirect, site: Site | None) -> str | None:
    """The path that it leads to, if that is an address on this site and no page."""
    if redirect.redirect_page_id is not None or not redirect.redirect_link:
        return None
    link = redirect.redirect_link
    hosts = {host for url in _addresses(site) if (host := urlsplit(url).netloc)}
    host = urlsplit(link).netloc
    if host and host not in hosts:
        return None
    parts = urlsplit(link)
    return Redirect.normalise_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def _addresses(site: Site | None) -> list[str]:
    sites = [site] if site is not None else Site.objects.all()
    return [url for one in sites for url in (one.root_url, front_end_of(one.pk).url)]
