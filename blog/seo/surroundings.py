"""What pages stand among: their sites, the pages above them, the cards that were made of them, pages of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from blog.cache_tags import SITES, record_object
from blog.models import Person, PersonPage, PostPage, SiteSettings, SocialCard
from blog.people_pages import pages_of_people
from blog.seo.facts import authors_of
from media_library.api.batch import Batch
from media_library.api.library import library
from media_library.cache_tags import record
from media_library.models import CustomImage


class Crumb(TypedDict):
    """One step on the way from the home page. ``url`` is null for a page that has no address yet."""

    id: int | None
    title: str
    url: str | None


@dataclass(frozen=True)
class Surrounding:
    """A site as pages on it speak of it. ``url`` is where it begins for visitors; "" for none at all."""

    name: str
    url: str = ""
    root_path: str = ""
    x_handle: str = ""
    description: str = ""
    tagline: str = ""
    logo: CustomImage | None = None
    social_image: CustomImage | None = None
    profiles: tuple[str, ...] = ()


class Surroundings:
    """Looks up what ``pages`` stand among: for all of them together, one query for each sort of thing.

    ``request`` remembers the roots of sites, and is what local addresses get their host from.
    """

    def __init__(self, pages: Iterable[Page] = (), request: HttpRequest | None = None):
        self.request = request
        self._library = library()
        self._sites = Batch(self._load_sites)
        self._cards = Batch(_load_cards)
        self._pages_of_people = self._library.once(pages_of_people)
        self.expect(pages)

    def expect(self, pages: Iterable[Page]) -> None:
        """Prepare to be asked about these pages."""
        for page in pages:
            self._library.pages.expect(_paths_above(page))
            card = Page._meta.get_field("social_card")
            if card.is_cached(page):
                self._cards.put(page.pk, card.get_cached_value(page))
            self._cards.expect([page.pk])
            if isinstance(page, PostPage):
                self._pages_of_people.expect(author.pk for author in authors_of(page))
            elif isinstance(page, PersonPage) and page.person_id is not None:
                self._pages_of_people.expect([page.person_id])

    def address(self, page: Page) -> str | None:
        """Where visitors see the page; None where it can't be seen."""
        return page.get_full_url(self.request) or None

    def site(self, page: Page) -> Surrounding:
        """The site that the page is on."""
        parts = page.get_url_parts(self.request)
        record(SITES, *([f"settings-{parts[0]}"] if parts else []))
        return (parts and self._sites.get(parts[0])) or Surrounding(settings.WAGTAIL_SITE_NAME)

    def trail(self, page: Page) -> list[Crumb]:
        """The way from the home page of the site down to this page, which is the last one.

        Pages above that are not live have no address, and are left out.
        """
        root = self.site(page).root_path
        above = [self._library.page_at(path) for path in _paths_above(page) if root and path.startswith(root)]
        return [self._crumb(one) for one in [*(one for one in above if one is not None and one.live), page]]

    def card(self, page: Page) -> SocialCard | None:
        """The picture that a worker has made of the page."""
        record(f"sharing-{page.pk}")
        return self._cards.get(page.pk) if page.pk is not None else None

    def page_of(self, person: Person) -> str | None:
        """The address of the page about somebody, if there is one that everybody may see."""
        record_object("person", person)
        pages = sorted(self._pages_of_people.get(person.pk) or (), key=lambda page: page.pk)
        closed = self._library.restricted_pages
        open_to_all = (self.address(page) for page in pages if not page.path.startswith(closed))
        return next(filter(None, open_to_all), None)

    def absolute(self, url: str) -> str:
        """The address with a host: media that are stored here have none of their own."""
        url = library().absolute(url)
        if not url.startswith("/"):
            return url
        return self.request.build_absolute_uri(url) if self.request else f"{settings.WAGTAILADMIN_BASE_URL}{url}"

    def _crumb(self, page: Page) -> Crumb:
        return {"id": page.pk, "title": page.title, "url": self.address(page)}

    def _load_sites(self, ids: set[int]) -> dict[int, Surrounding]:
        known = {one.site_id: one for one in SiteSettings.objects.filter(site__in=ids)}
        library().attach(known.values())
        sites = self._find_sites(ids)
        self._library.pages.expect(site.root_page.path for site in sites)
        return {
            site.pk: _surrounding(site, known.get(site.pk), self._root_url(self._library.page_at(site.root_page.path)))
            for site in sites
        }

    def _root_url(self, root: Page | None) -> str:
        return (self.address(root) or "") if root is not None and root.live else ""

    def _find_sites(self, ids: set[int]) -> Iterable[Site]:
        # Most pages are on the site that was asked for, which is at hand.
        asked = getattr(getattr(self.request, "_request", self.request), "_wagtail_site", None)
        if asked is not None and ids == {asked.pk}:
            return [asked]
        return Site.objects.filter(pk__in=ids).select_related("root_page")


def _surrounding(site: Site, known: SiteSettings | None, url: str) -> Surrounding:
    name = site.site_name or settings.WAGTAIL_SITE_NAME
    path = site.root_page.path
    if known is None:
        return Surrounding(name, url, path)
    handle = known.x_handle.strip().lstrip("@")
    return Surrounding(
        name,
        url,
        path,
        f"@{handle}" if handle else "",
        known.description,
        known.tagline,
        _open(known.logo),
        _open(known.social_image),
        tuple(block.value["url"] for block in known.links),
    )


def _open(image: CustomImage | None) -> CustomImage | None:
    return image if image is not None and library().may_show(image) else None


def _paths_above(page: Page) -> list[str]:
    """Paths of the pages above, from the top; the path of a page begins with that of its parent (treebeard)."""
    path = page.path or ""
    return [path[:end] for end in range(2 * Page.steplen, len(path), Page.steplen)]


def _load_cards(ids: set[int]) -> dict[int, SocialCard]:
    return SocialCard.objects.in_bulk(ids)
