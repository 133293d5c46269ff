"""Which posts stand beside a post: those an editor chose, then those about the same things, then the newest."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from blog.cache_tags import NEWEST as NEWEST_TAG
from blog.cache_tags import NEWEST_OF_ALL
from blog.models import PostPage, PostTag, RelatedPost

NUMBER = 6
"""Related posts of a post."""

NEWEST = 30
"""Of each category and tag, so many of its newest posts are looked at: whoever reads a post looks for no old ones of a
category of thousands."""

Term = tuple[str, int, int | None]
"""What posts share: its kind (``category`` or ``tag``), its id, and the id of the locale."""


@dataclass
class Subject:
    """A post that others are to stand beside; a draft, or a post that has no id yet, too."""

    pk: int | None
    locale: int
    categories: set[int]
    tags: set[int]
    chosen: list[int] | None = None
    """Ids of posts, where they aren't those in the database."""

    def terms(self) -> Iterator[Term]:
        yield from (("category", one, self.locale) for one in self.categories)
        yield from (("tag", one, self.locale) for one in self.tags)


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
        shared = Counter(post for term in subject.terms() for post in self.members.get(term, ()))
        rest = {*shared, *self.newest.get(subject.locale, ())}
        ordered = sorted(rest, key=lambda post: (shared[post], self.days[post], post), reverse=True)
        own = {subject.pk}
        beside = [post for post in dict.fromkeys(chosen) if post not in own]
        return beside + [post for post in ordered if post not in own | set(beside)][:NUMBER]

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


def find_candidates(subjects: Iterable[Subject], visible: QuerySet[PostPage]) -> Candidates:
    """Look for posts to stand beside these, among those that readers may see: one query for all of them."""
    subjects = list(subjects)
    shown = visible.order_by().filter(locale__in={one.locale for one in subjects})
    categories = set().union(*(one.categories for one in subjects))
    tags = set().union(*(one.tags for one in subjects))
    further = PostPage.further_categories.through.objects
    queries = [
        _rows(
            RelatedPost.objects.filter(page__in=[one.pk for one in subjects if one.pk and one.chosen is None]),
            ("chosen", "page_id", "post_id", "sort_order", "post__locale_id", "post__date"),
        ),
        _newest(shown, ("newest", None, "pk", "locale_id", "date"), NUMBER + 1),
        _newest(shown.filter(category__in=categories), ("category", "category_id", "pk", "locale_id", "date")),
        _newest(
            further.filter(category__in=categories, postpage__in=shown.values("pk")),
            ("category", "category_id", "postpage_id", "postpage__locale_id", "postpage__date"),
        ),
        _newest(
            PostTag.objects.filter(tag__in=tags, content_object__in=shown.values("pk")),
            ("tag", "tag_id", "content_object_id", "content_object__locale_id", "content_object__date"),
        ),
    ]
    found = Candidates()
    for kind, term, post, order, locale, day in queries[0].union(*queries[1:], all=True):
        if kind == "chosen":
            found.chosen[term].append((order, post))
            continue
        found.days[post] = day
        if kind == "newest":
            found.newest[locale].add(post)
        else:
            found.members[kind, term, locale].add(post)
    return found


def _newest(rows: QuerySet, columns: tuple[str, str | None, str, str, str], number: int = NEWEST) -> QuerySet:
    """The newest ``number`` of each term and locale."""
    kind, term, post, locale, day = columns
    place = Window(
        RowNumber(),
        partition_by=[F(name) for name in (term, locale) if name],
        order_by=[F(day).desc(), F(post).desc()],
    )
    return _rows(rows.annotate(place=place).filter(place__lte=number), (kind, term, post, "place", locale, day))


def _rows(rows: QuerySet, columns: tuple[str, str | None, str, str, str, str]) -> QuerySet:
    kind, term, *rest = columns
    which = F(term) if term else Value(0)
    return rows.order_by().values_list(Value(kind, output_field=CharField()), which, *rest)
