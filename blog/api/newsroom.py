"""What the posts of one response need beside their own rows, in a handful of queries for all of them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from blog.api import cards
from blog.api.related import NUMBER, Subject, find_candidates
from blog.api.trials import expect_experiments, note_experiments
from blog.cache_tags import record_posts
from blog.models import Category, PageStatistics, Person, PersonPage, PostAuthor, PostPage
from blog.people_pages import pages_of_people
from blog.visible import VisibleTo
from media_library.api.batch import Batch
from media_library.api.library import library
from media_library.cache_tags import record

LISTED = ("title", "slug", "url_path", "date", "summary", "search_description", "locale", "translation_key")
"""Columns of a post that lists of posts show, beside its pictures."""


class Newsroom:
    """Authors, categories, series and neighbours of posts; ``visible`` is what whoever asks may see.

    What a draft has is taken from the draft. All methods but ``expect`` take posts that were expected, or else cost a
    query of their own.
    """

    def __init__(self, visible: VisibleTo):
        self._visible = visible
        self._pages_of_people = library().once(pages_of_people)
        self._parts: Batch[int, list[PostPage]] = Batch(self._load_parts)
        self._views: Batch[int | None, int] = Batch(_load_views)
        self._related: Batch[int | None, list[PostPage]] = Batch(self._load_related)
        self._posts: dict[int | None, PostPage] = {}
        self._decided_by: dict[int | None, set[str]] = {}
        self._loaded: set[str] = set()

    def expect(self, posts: Iterable[PostPage]) -> None:
        """Say that these posts will be asked about."""
        posts = list(posts)
        expect_experiments(posts)
        for post in posts:
            self._posts[post.pk] = post
            if (views := _views_at_hand(post)) is not None:
                self._views.put(post.pk, views)
            self._views.expect([post.pk])
            self._related.expect([post.pk])
            if post.series_id:
                self._parts.expect([post.series_id])

    def authors(self, post: PostPage) -> list[Person]:
        """Everybody who wrote it, the author first."""
        self._load("further_authors", PostAuthor.objects.select_related("person"))
        people = [post.author, *(one.person for one in post.further_authors.all())]
        found = list(dict.fromkeys(person for person in people if person is not None))
        record(*(f"person-{person.pk}" for person in found))
        return found

    def page_of(self, person: Person, locale_id: int) -> PersonPage | None:
        """The person's page that readers may see, in this language if there is one."""
        if "people" not in self._loaded:
            self._loaded.add("people")
            self._pages_of_people.expect(one.pk for post in self._posts.values() for one in self.authors(post))
        visible = self._visible()
        pages = [page for page in self._pages_of_people.get(person.pk) or () if visible.shows(page)]
        return next((one for one in pages if one.locale_id == locale_id), pages[0] if pages else None)

    def categories(self, post: PostPage) -> list[Category]:
        """Its active categories, the main one first."""
        self._load("further_categories")
        found = [post.category, *post.further_categories.all()]
        tree = library().once(Category.tree)
        tree.note(one.pk for one in found if one is not None)
        return list(dict.fromkeys(one for one in found if one is not None and one.pk in tree.visible))

    def parts(self, post: PostPage) -> list[PostPage]:
        """The posts of its series that readers may see, in their order and in the language of the post."""
        record_posts("series", [post.series_id], by_day=True)
        found = self._parts.get(post.series_id) or [] if post.series_id else []
        return [one for one in found if one.locale_id == post.locale_id]

    def views(self, post: PostPage) -> int:
        return (self._views.get(post.pk) or 0) if post.pk else 0

    def related(self, post: PostPage) -> list[PostPage]:
        """At most ``NUMBER`` posts that readers may see, without itself: chosen, about the same, or new."""
        if post.pk not in self._posts:
            self.expect([post])
        found = self._related.get(post.pk) or []
        record(*self._decided_by.get(post.pk, ()))
        return found

    def _load(self, lookup: str, rows: QuerySet | None = None) -> None:
        """Prefetch what all expected posts have; once. A draft keeps its own."""
        if lookup not in self._loaded:
            self._loaded.add(lookup)
            prefetch_related_objects([post for post in self._posts.values() if post.pk], Prefetch(lookup, rows))

    def _load_parts(self, series: set[int]) -> dict[int, list[PostPage]]:
        found = defaultdict(list)
        for post in self._listed().filter(series__in=series).only(*LISTED, "series", "series_part"):
            found[post.series_id].append(post)
        return {key: _in_order(posts) for key, posts in found.items()}

    def _load_related(self, posts: set[int | None]) -> dict[int | None, list[PostPage]]:
        subjects = [self._subject(self._posts[pk]) for pk in posts]
        candidates = find_candidates(subjects, self._visible())
        beside = {one.pk: candidates.beside(one) for one in subjects}
        self._decided_by |= {one.pk: candidates.decided_by(one) for one in subjects}
        wanted = {pk for pks in beside.values() for pk in pks}
        series = {post.series_id for post in self._posts.values() if post.series_id}
        rows = self._listed().filter(Q(pk__in=wanted) | Q(series__in=series))
        columns = (*LISTED, *PostPage.pictures, "social_image", "series", "series_part")
        found = {one.pk: one for one in note_experiments(rows.only(*columns))}
        cards.expect(one for pk, one in found.items() if pk in wanted)
        # Parts of series are posts, too: they come along.
        for one in series:
            self._parts.put(one, _in_order(post for post in found.values() if post.series_id == one))
        return {pk: [found[one] for one in pks if one in found][:NUMBER] for pk, pks in beside.items()}

    def _subject(self, post: PostPage) -> Subject:
        drafted = post.pk is None or "chosen_posts" in getattr(post, "_cluster_related_objects", {})
        return Subject(
            pk=post.pk,
            locale=post.locale_id,
            categories={one.pk for one in self.categories(post)},
            tags={one.pk for one in post.tags.all()},
            picture=post.featured_image_id,
            chosen=[one.post_id for one in post.chosen_posts.all()] if drafted else None,
        )

    def _listed(self) -> QuerySet[PostPage]:
        return self._visible().of(PostPage).order_by()


def _in_order(parts: Iterable[PostPage]) -> list[PostPage]:
    """Posts of a series by number, then by day; those without a number come last."""
    return sorted(parts, key=lambda post: (post.series_part is None, post.series_part, post.date, post.pk))


def _views_at_hand(post: PostPage) -> int | None:
    """How often the post was seen, where its row came with it (``PagesAPIViewSet.get_queryset``)."""
    statistics = PostPage._meta.get_field("statistics")
    if not statistics.is_cached(post):
        return None
    found = statistics.get_cached_value(post)
    return found.view_count if found else 0


def _load_views(posts: set[int | None]) -> dict[int | None, int]:
    return dict(PageStatistics.objects.filter(page__in=posts - {None}).values_list("page_id", "view_count"))
