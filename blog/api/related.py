"""Which posts stand beside a post: those an editor chose, then those about the same things, then the newest.

How much two posts are about the same is the score of related media: docs/decisions/0046.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, F, QuerySet, Subquery, Value

from blog.cache_tags import NEWEST as NEWEST_TAG
from blog.cache_tags import NEWEST_OF_ALL
from blog.models import PostPage, PostTag, RelatedPost
from blog.visible import Visible
from media_library.related.scoring import combined, of_places, of_tags, rarity

NUMBER = 6
"""Related posts of a post."""

NEWEST = 30
"""Of each category, tag and picture, so many of its newest posts are looked at: whoever reads a post looks for no old
ones of a category of thousands. One that more have is weighed as one of so many."""

DIGITS = 6
"""Scores that differ by less than this are the same, so that the newer post comes first."""

NEWEST_OF = "newest"
"""The kind of a term that all posts of a locale share; its id is 0."""

AT_ONCE = 400
"""SQLite takes no more than 500 queries in one."""

A_TERM, A_LOCALE = -1, -2
"""Stand in a query where the id of a term and of a locale come; no id is negative."""

Term = tuple[str, int, int | None]
"""What posts share: its kind (``category``, ``tag`` or ``picture``), its id, and the id of the locale."""


@dataclass
class Subject:
    """A post that others are to stand beside; a draft, or a post that has no id yet, too."""

    pk: int | None
    locale: int
    categories: set[int]
    tags: set[int]
    picture: int | None = None
    """The featured image."""

    chosen: list[int] | None = None
    """Ids of posts, where they aren't those in the database."""

    def terms(self) -> Iterator[Term]:
        yield from (("category", one, self.locale) for one in self.categories)
        yield from (("tag", one, self.locale) for one in self.tags)
        if self.picture is not None:
            yield "picture", self.picture, self.locale


@dataclass
class Candidates:
    """What one query has found for a number of subjects."""

    chosen: dict[int | None, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    members: dict[Term, set[int]] = field(default_factory=lambda: defaultdict(set))
    newest: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    days: dict[int, Any] = field(default_factory=dict)

    def beside(self, subject: Subject) -> list[int]:
        """Ids of posts in the order in which they are related. Chosen ones may be no longer there for readers."""
        chosen = subject.chosen
        if chosen is None:
            chosen = [post for _order, post in sorted(self.chosen[subject.pk])]
        scores = self._scores(subject)
        rest = {*scores, *self.newest.get(subject.locale, ())}
        ordered = sorted(rest, key=lambda post: (scores.get(post, 0), self.days[post], post), reverse=True)
        own = {subject.pk}
        beside = [post for post in dict.fromkeys(chosen) if post not in own]
        return beside + [post for post in ordered if post not in own | set(beside)][:NUMBER]

    def _scores(self, subject: Subject) -> dict[int, float]:
        """How much each post that shares something with this one is about the same: from 0 to 1."""
        found = [(term[0], self.members.get(term, set())) for term in subject.terms()]
        # What nobody else has says nothing.
        found = [(kind, there) for kind, there in found if there - {subject.pk}]
        # Which of these each post has, as bits: most have the same few.
        shared: dict[int, int] = defaultdict(int)
        for place, (_kind, there) in enumerate(found):
            for post in there:
                shared[post] |= 1 << place
        shared.pop(subject.pk or 0, None)
        numbers = [min(len(there | {subject.pk}), NEWEST) for _kind, there in found]
        tags = {place: rarity(numbers[place]) for place, (kind, _there) in enumerate(found) if kind == "tag"}

        def score(bits: int) -> float:
            places = [place for place in range(len(found)) if bits >> place & 1]
            tagged = of_tags((one for one in places if one in tags), tags) if tags else 0
            return round(combined([tagged, of_places(numbers[one] for one in places if one not in tags)]), DIGITS)

        scores = {bits: score(bits) for bits in set(shared.values())}
        return {post: scores[bits] for post, bits in shared.items()}

    def decided_by(self, subject: Subject) -> set[str]:
        """The cache tags of what decides which posts these are."""
        chosen = subject.chosen
        if chosen is None:
            chosen = [post for _order, post in self.chosen[subject.pk]]
        tags = {f"link-{post}" for post in chosen}
        tags |= {f"{NEWEST_TAG}-{kind}-{key}" for kind, key, _locale in subject.terms()}
        alike = {post for term in subject.terms() for post in self.members.get(term, ())} - {subject.pk, *chosen}
        if len(alike) < NUMBER:
            # The rest are the newest of all.
            tags.add(f"{NEWEST_OF_ALL}{subject.locale}")
        return tags


def find_candidates(subjects: Iterable[Subject], visible: Visible) -> Candidates:
    """Look for posts to stand beside these, among those that readers may see.

    One query for all of them, or one for each ``AT_ONCE`` of their terms.
    """
    found, subjects = Candidates(), list(subjects)
    if not visible.roots:
        return found
    terms = {term for one in subjects for term in one.terms()} | {(NEWEST_OF, 0, one.locale) for one in subjects}
    parts = _queries([one.pk or 0 for one in subjects if one.chosen is None], sorted(terms), visible)
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for first in range(0, len(parts), AT_ONCE):
            some = parts[first : first + AT_ONCE]
            sql = " UNION ALL ".join(sql for sql, _params in some)
            cursor.execute(sql, [one for _sql, params in some for one in params])
            rows += cursor.fetchall()
    for kind, term, post, order, locale, day in rows:
        if kind == "chosen":
            found.chosen[term].append((order, post))
            continue
        found.days[post] = day
        if kind == NEWEST_OF:
            found.newest[locale].add(post)
        else:
            found.members[kind, term, locale].add(post)
    return found


def _queries(chosen_for: list[int], terms: list[Term], visible: Visible) -> list[tuple[str, tuple[Any, ...]]]:
    """SQL and parameters for each term: each walks an index from its end until it has enough, however many it has."""
    chosen = RelatedPost.objects.filter(page__in=chosen_for or [0])
    columns = ("chosen", "page_id", "post_id", "sort_order", "post__locale_id", "post__date")
    queries = [_rows(chosen, columns).query.sql_with_params()]
    for kind, sql, params in _sql_of_one_term(visible):
        for _kind, term, locale in (one for one in terms if one[0] == kind):
            in_place = {A_TERM: term, A_LOCALE: locale}
            queries.append((sql, tuple(in_place.get(one, one) for one in params)))
    return queries


@lru_cache(maxsize=64)
def _sql_of_one_term(visible: Visible) -> list[tuple[str, str, tuple[Any, ...]]]:
    """``_of_one_term`` as SQL, kept: to write it anew for each tag, or request, takes longer than to run it."""
    return [(kind, *select.query.sql_with_params()) for kind, select in _of_one_term(visible)]


def _of_one_term(visible: Visible) -> list[tuple[str, QuerySet]]:
    """By kind of a term, what finds the newest posts of it; by their day, or those that came last."""
    posts = visible.of(PostPage).filter(locale=A_LOCALE).order_by("-date", "-pk")
    further = PostPage.further_categories.through.objects.filter(
        visible.condition("postpage__"), category=A_TERM, postpage__locale=A_LOCALE
    )
    tagged = PostTag.objects.filter(visible.condition("content_object__"), tag=A_TERM, content_object__locale=A_LOCALE)
    return [
        # All are of some day, but SQLite takes the index of days only if it is asked for some.
        (
            NEWEST_OF,
            _the_first(posts.filter(date__gte=date.min), NUMBER + 1, (NEWEST_OF, None, "pk", "locale_id", "date")),
        ),
        (
            "category",
            _the_first(posts.filter(category=A_TERM), NEWEST, ("category", "category_id", "pk", "locale_id", "date")),
        ),
        (
            "picture",
            _the_first(
                posts.filter(featured_image=A_TERM).order_by("-pk"),
                NEWEST,
                ("picture", "featured_image_id", "pk", "locale_id", "date"),
            ),
        ),
        (
            "category",
            _the_first(
                further.order_by("-pk"),
                NEWEST,
                ("category", "category_id", "postpage_id", "postpage__locale_id", "postpage__date"),
            ),
        ),
        (
            "tag",
            _the_first(
                tagged.order_by("-pk"),
                NEWEST,
                ("tag", "tag_id", "content_object_id", "content_object__locale_id", "content_object__date"),
            ),
        ),
    ]


def _the_first(rows: QuerySet, number: int, columns: tuple[str, str | None, str, str, str]) -> QuerySet:
    kind, term, post, locale, day = columns
    first = rows.model._default_manager.filter(pk__in=Subquery(rows.values("pk")[:number]))
    return _rows(first.annotate(place=Value(0)), (kind, term, post, "place", locale, day))


def _rows(rows: QuerySet, columns: tuple[str, str | None, str, str, str, str]) -> QuerySet:
    kind, term, *rest = columns
    which = F(term) if term else Value(0)
    return rows.order_by().values_list(Value(kind, output_field=CharField()), which, *rest)
