"""The names of what pages are shown by and listed under: of those who record, and of those who announce.

What each stands for, and when it goes stale, says docs/invalidation.md.
"""

import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.db.models import Model
from wagtail.models import Page

from media_library.cache_tags import CONTENT, record

SITES = "sites"
"""Which sites there are, and where: addresses of pages depend on it."""

REDIRECTS = "redirects"
"""Lists of redirects."""

TITLES = "-titles"
"""Ends the tag of a list that is ordered by title or slug."""

DAYS = "-days"
"""Ends the tag of a list that is ordered or narrowed by day."""

ORDER = "-order"
"""Ends the tag of a list in the order of the tree."""

POSTS, NEWEST, PLACED = "posts", "newest", "placed"
"""Begin the tags of what depends on which posts are in a set; and on their days, or their places in the tree, too."""

NEWEST_OF_ALL = f"{NEWEST}-locale-"
"""Begins the tag of what is filled up with the newest posts of a language."""

CATEGORIES_BELOW = "categories-below"
"""Begins the tag of what depends on which categories there are from one down: ``categories-below-3``."""

LINK = ("title", "slug", "url_path", "locale_id", "first_published_at", "alias_of_id")
"""Columns of a page that links, breadcrumbs and lists of titles show of it."""

CARD = (
    *LINK,
    *("search_description", "summary", "intro", "date", "starts_at", "featured_image_id", "thumbnail_id"),
    *("poster_id", "cover_id", "social_image_id", "person_id"),
)
"""Columns of a page, as far as its type has them, that cards of it show."""

LINK_FIELDS = frozenset({"id", "type", "detail_url", "html_url", "alternates", "parent", "locale", "alias_of", *LINK})
CARD_FIELDS = LINK_FIELDS | {name.removesuffix("_id") for name in CARD}
"""The fields of API v2 that are made of these columns alone."""

LONGEST_SLUG = 100


def lists_of(model: type[Page]) -> str:
    """``pages-blog.postpage``: lists of the pages of a type, and of those that build on it."""
    return f"pages-{model._meta.label_lower}"


def lists_that_hold(model: type[Page], ancestors: Iterable[int], parent: int | None) -> Iterator[str]:
    """Every list that a page of this type may be in, by the ids of the pages above it, itself among them."""
    ancestors = list(ancestors)
    for one in model.__mro__:
        if isinstance(one, type) and issubclass(one, Page) and not one._meta.abstract:
            name = lists_of(one)
            yield name
            if parent is not None:
                yield f"{name}-in-{parent}"
            yield from (f"{name}-below-{ancestor}" for ancestor in ancestors)


def titles_of(model: type[Page]) -> Iterator[str]:
    """Lists of pages of this type that are ordered by title or slug."""
    return (f"{name.removesuffix(CONTENT)}{TITLES}" for name in contents_of(model))


def days_of(model: type[Page]) -> Iterator[str]:
    """Lists of pages of this type that are ordered or narrowed by day."""
    return (f"{name.removesuffix(CONTENT)}{DAYS}" for name in contents_of(model))


def contents_of(model: type[Page]) -> Iterator[str]:
    """Lists that are filtered, ordered or searched by what pages of this type say."""
    for one in model.__mro__:
        if isinstance(one, type) and issubclass(one, Page) and not one._meta.abstract:
            yield f"{lists_of(one)}{CONTENT}"


def slug_tag(slug: str) -> str:
    """``slug-harbour``: whether there is a page of that slug, and where. In ASCII, and short, whatever is asked."""
    return f"slug-{_in_ascii(slug)}"


def found_tag(kind: str, value: str) -> str:
    """``person-slug-ada``: which person, category, series or tag has this slug, this id or, of a tag, this name."""
    # As databases compare them that don't tell small letters from capitals.
    return f"{kind}-slug-{_in_ascii(value.upper().casefold())}"


def moved_tag(path: str) -> str:
    """``moved-%2Fharbor``: whether a redirect leads away from this path, and where to."""
    return f"moved-{_in_ascii(path)}"


def _in_ascii(text: str) -> str:
    name = quote(text, safe="", errors="replace")
    if len(name) > LONGEST_SLUG:
        name = hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
    return name


def record_link(page: Page | None) -> None:
    """Note that the response shows where this page is, or that it may be seen: ``link-7``."""
    if page is not None:
        record(f"link-{page.pk}")


def tags_of_page(pk: int) -> tuple[str, str, str, str]:
    """All that a page is shown by: whole, as a card, and as a link; and by what depends on its being there at all."""
    return f"page-{pk}", f"card-{pk}", f"link-{pk}", place_tag(pk)


def place_tag(pk: int) -> str:
    """``place-7``: whether visitors see this page, so that they can ask for what is below it."""
    return f"place-{pk}"


def record_object(prefix: str, found: Model | None) -> None:
    """Note that the response shows something of a category, a person or a series: ``person-4``."""
    if found is not None:
        record(f"{prefix}-{found.pk}")


def record_posts(of: str, keys: Iterable[int | None], *, by_day: bool = False, in_place: bool = False) -> None:
    """Note that the response depends on which posts there are of these: ``posts-category-3``, ``posts-person-4``.

    With ``by_day`` it depends on their days as well: ``newest-category-3``; with ``in_place`` on their places in the
    tree: ``placed-category-3``.
    """
    begun = [*([NEWEST] if by_day else []), *([PLACED] if in_place else [])] or [POSTS]
    record(*(f"{one}-{of}-{key}" for key in keys if key is not None for one in begun))


def newest_of(sets: Iterable[str], *, may_rise: bool = True) -> set[str]:
    """What depends on the days of the posts of sets such as ``posts-category-3``: ``newest-category-3``.

    A post that goes, or becomes older, does not rise among the newest of its language: what is filled up with them has
    shown it, and has its tag, or is the same without it.
    """
    tags = {NEWEST + one.removeprefix(POSTS) for one in sets if one.startswith(f"{POSTS}-")}
    return tags if may_rise else {one for one in tags if not one.startswith(NEWEST_OF_ALL)}


def placed_of(sets: Iterable[str]) -> set[str]:
    """What depends on where the posts of these sets are in the tree."""
    return {PLACED + one.removeprefix(POSTS) for one in sets if one.startswith(f"{POSTS}-")}


def lists_of_sets(sets: Iterable[str], *, may_rise: bool = True) -> set[str]:
    """Every list of the posts of these sets, by day, in the order of the tree, or not."""
    sets = set(sets)
    return sets | newest_of(sets, may_rise=may_rise) | placed_of(sets)
