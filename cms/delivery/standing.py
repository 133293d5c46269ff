"""Where a live page stands: which lists hold it, and by what it is found. Compared before and after a change."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page

from blog.cache_tags import (
    CARD,
    LINK,
    ORDER,
    contents_of,
    days_of,
    lists_of_sets,
    lists_that_hold,
    newest_of,
    placed_of,
    slug_tag,
    tags_of_page,
    titles_of,
)
from blog.models import PersonPage, PostPage
from cms.delivery.passing import lists_by_passing
from cms.delivery.sets import sets_in_memory, sets_of

PART = "series_part"
"""The column of what only the other posts of its series show of a post."""

DAY = ("date", "first_published_at")
"""Columns that decide where in a list by day a page is."""


@dataclass(frozen=True)
class Standing:
    """What lists and paths know of a page.

    Of a page that was moved, ``above`` are the ids of the pages above it and its own, the root first, and ``behind``
    is that of the sibling right before it, None for the first one; ``path`` has changed meanwhile.
    """

    pk: int
    model: type[Page]
    path: str
    url_path: str
    slug: str
    translation_key: UUID
    face: dict[str, Any] = field(default_factory=dict)
    sets: frozenset[str] = frozenset()
    above: tuple[int, ...] = field(default=(), compare=False)
    behind: int | None = field(default=None, compare=False)

    def shown_otherwise(self, after: "Standing") -> set[str]:
        """What shows something of the page that is another now, besides the page itself."""
        tags = set()
        if any(self.face.get(name) != after.face.get(name) for name in CARD):
            tags.add(f"card-{self.pk}")
        if any(self.face.get(name) != after.face.get(name) for name in LINK):
            tags |= {f"link-{self.pk}", *titles_of(self.model)}
        if self.face.get(PART) != after.face.get(PART):
            tags |= newest_of(one for one in after.sets if one.startswith("posts-series-"))
        return tags

    def differs(self, after: "Standing") -> set[str]:
        """The lists that are others when the page stands like that."""
        tags = lists_of_sets(self.sets ^ after.sets)
        if self.slug != after.slug:
            tags |= {slug_tag(self.slug), slug_tag(after.slug)}
        if any(self.face.get(one) != after.face.get(one) for one in DAY):
            before, now = self.face.get("date"), after.face.get("date")
            may_rise = before is None or now is None or now > before
            tags |= {*days_of(self.model), *newest_of(after.sets, may_rise=may_rise)}
        return tags | self._differs_in_place(after)

    def _differs_in_place(self, after: "Standing") -> set[str]:
        if self.face.get("locale_id") != after.face.get("locale_id"):
            return self.tags() | after.tags()
        if not self.above:
            return self.tags() | after.tags() if self.path != after.path else set()
        above = ids_on(after.path)
        if self.above == above:
            return lists_by_passing(after.path, self.behind, above[:-1])
        if _gates(self.above) != _gates(above):
            return self.tags() | after.tags()
        # The same visitors see it, at another place.
        lists, now = self._lists(), after._lists()
        by_person = {one for one in after.sets if not one.startswith("posts-")}
        in_order = {f"{one}{ORDER}" for one in lists | now}
        return {slug_tag(self.slug), *(lists ^ now), *in_order, *placed_of(after.sets), *by_person}

    def tags(self, *, comes: bool = True) -> set[str]:
        """Every list that the page is in or comes into, and what it is found by."""
        return {
            slug_tag(self.slug),
            *lists_of_sets(self.sets, may_rise=comes),
            *titles_of(self.model),
            *days_of(self.model),
            *self._lists(),
        }

    def _lists(self) -> set[str]:
        return _lists_with(self.model, [*(self.above or ids_on(self.path))])


def stored(page_id: int, model: type[Page]) -> Standing | None:
    """As the database has it; None for a page that is not live. Two queries for posts, and one for others."""
    columns = face_of(model)
    row = model._base_manager.filter(pk=page_id, live=True).values("path", "translation_key", *columns).first()
    if row is None:
        return None
    face = {name: row[name] for name in columns}
    sets = sets_of(PostPage.objects.filter(pk=page_id)) if issubclass(model, PostPage) else _set_of_person(face)
    return Standing(
        page_id, model, row["path"], row["url_path"], row["slug"], row["translation_key"], face, frozenset(sets)
    )


def about_to_be(page: Page) -> Standing | None:
    """As it is in memory, with what its revision brings and its row does not have yet; None if it is not live."""
    if not page.live:
        return None
    model = page.specific_class or type(page)
    face = {name: getattr(page, name) for name in face_of(type(page))}
    if type(page) is Page:
        # What makes it special is not known here, nor saved.
        now = stored(page.pk, model)
        face, sets = (now.face | face, now.sets) if now else (face, frozenset())
    else:
        sets = frozenset(sets_in_memory(page) if isinstance(page, PostPage) else _set_of_person(face))
    return Standing(page.pk, model, page.path, page.url_path, page.slug, page.translation_key, face, sets)


def place_of(path: str) -> dict[str, Any]:
    """``above`` and ``behind`` of the page that is at this path now."""
    siblings = Page.objects.filter(path__startswith=path[: -Page.steplen], depth=len(path) // Page.steplen)
    before = siblings.filter(path__lt=path).order_by("-path").values_list("pk", flat=True).first()
    return {"above": ids_on(path), "behind": before}


def face_of(model: type[Page]) -> list[str]:
    """The columns by which pages of this type are shown elsewhere."""
    names = {field.attname for field in model._meta.concrete_fields}
    return [name for name in (*CARD, PART) if name in names]


def _set_of_person(face: dict[str, Any]) -> set[str]:
    return {f"person-{face['person_id']}"} if face.get("person_id") else set()


def ids_on(path: str) -> tuple[int, ...]:
    """The ids of the pages from the root of the tree down to this path."""
    paths = [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
    return tuple(Page.objects.filter(path__in=paths).order_by("path").values_list("pk", flat=True))


def _gates(ids: Iterable[int]) -> set[int]:
    """Those of these pages that decide who sees what is below: where a site begins, in any language; closed ones."""
    first = Page.objects.filter(sites_rooted_here__isnull=False).order_by().values("translation_key")
    found = Page.objects.filter(Q(translation_key__in=first) | Q(view_restrictions__isnull=False), pk__in=list(ids))
    return set(found.order_by().values_list("pk", flat=True))


def subtree(path: str, most: int, above: Iterable[int] = (), *, comes: bool = True) -> set[str] | None:
    """All tags of the live pages from this path down, themselves among them; None for more than ``most`` pages.

    ``above`` are the ids on the way to the first one, where they aren't those of ``path``. Without ``comes`` they go.
    """
    if (rows := _live_below(path, most, above)) is None:
        return None
    tags: set[str] = set()
    for slug, model, chain in rows:
        tags |= {*tags_of_page(chain[-1]), slug_tag(slug), *contents_of(model), *titles_of(model), *days_of(model)}
    tags |= lists_of_sets(sets_of(PostPage.objects.filter(path__startswith=path, live=True)), may_rise=comes)
    tags |= _people_below(path)
    return tags.union(*(_lists_with(model, chain) for _slug, model, chain in rows))


def _people_below(path: str) -> set[str]:
    people = PersonPage.objects.filter(path__startswith=path, live=True, person__isnull=False)
    return {f"person-{pk}" for pk in people.values_list("person", flat=True)}


def _lists_with(model: type[Page], chain: list[int]) -> set[str]:
    return set(lists_that_hold(model, chain, chain[-2] if len(chain) > 1 else None))


def _live_below(path: str, most: int, above: Iterable[int] = ()) -> list[tuple[str, type[Page], list[int]]] | None:
    """Slug and type of each live page, and the ids from the root of the tree down to it."""
    rows = list(
        Page.objects.filter(path__startswith=path)
        .order_by("path")
        .values_list("pk", "path", "slug", "live", "content_type_id")[: most + 1]
    )
    if len(rows) > most:
        return None
    ids_above = tuple(above) or ids_on(path)[:-1]
    known = {row_path: pk for pk, row_path, _slug, _live, _kind in rows}
    found = []
    for _pk, row_path, slug, live, kind in rows:
        if live:
            steps = range(len(path), len(row_path) + 1, Page.steplen)
            chain = [*ids_above, *(known[row_path[:end]] for end in steps if row_path[:end] in known)]
            found.append((slug, ContentType.objects.get_for_id(kind).model_class() or Page, chain))
    return found
