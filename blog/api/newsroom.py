"""What the posts of one response need beside their own rows, in a handful of queries for all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects
from wagtail.models import Page

from blog.api.related import NUMBER, Subject, find_candidates
from blog.cache_tags import record_posts
from blog.models import Category, PageStatistics, Person, PersonPage, PostAuthor, PostPage
from media_library.api.batch import Batch
from media_library.api.library import library
from media_library.cache_tags import record

LISTED = ("title", "slug", "url_path", "date", "summary", "search_description", "locale", "translation_key")
"""Columns of a post that lists of posts show, beside its pictures."""

Visible = Callable[[], QuerySet[Page]]


class Newsroom:
    """Authors, categories, series and neighbours of posts; ``visible`` is what whoever asks may see.

    What a draft has is taken from the draft. All methods but ``expect`` take posts that were expected, or else cost a
    query of their own.
    """

    def __init__(self, visible: Visible):
        self._visible = visible
        self._pages_of_people: Batch[int, list[PersonPage]] = Batch(self._load_pages_of_people)
        self._parts: Batch[int, list[PostPage]] = Batch(self._load_parts)
        self._views: Batch[int | None, int] = Batch(_load_views)
        self._related: Batch[int | None, list[PostPage]] = Batch(self._load_related)
        self._posts: dict[int | None, PostPage] = {}
        self._decided_by: dict[int | None, set[str]] = {}
        self._loaded: set[str] = set()

    def expect(self, posts: Iterable[PostPage]) -> None:
        """Say that these posts will be asked about."""
        for post in posts:
            self._posts[post.pk] = post
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
        pages = self._pages_of_people.get(person.pk) or []
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
        record_posts("series", [post.series_id])
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

    def _load_pages_of_people(self, people: set[int]) -> dict[int, list[PersonPage]]:
        # Whose page one author needs, all need.
        for post in self._posts.values():
            people |= {one.pk for one in self.authors(post)}
        found = defaultdict(list)
        pages = PersonPage.objects.filter(person__in=people, pk__in=self._visible().values("pk"))
        for page in pages.only("title", "url_path", "locale", "translation_key", "person").order_by("path"):
            found[page.person_id].append(page)
        return dict(found)

    def _load_parts(self, series: set[int]) -> dict[int, list[PostPage]]:
        found = defaultdict(list)
        posts = self._listed().filter(series__in=series).only(*LISTED, "series", "series_part")
        for post in posts.order_by(F("series_part").asc(nulls_last=True), "date", "pk"):
            found[post.series_id].append(post)
        return dict(found)

    def _load_related(self, posts: set[int | None]) -> dict[int | None, list[PostPage]]:
        subjects = [self._subject(self._posts[pk]) for pk in posts]
        candidates = find_candidates(subjects, self._visible())
        beside = {one.pk: candidates.beside(one) for one in subjects}
        self._decided_by |= {one.pk: candidates.decided_by(one) for one in subjects}
        wanted = {pk for pks in beside.values() for pk in pks}
        found = self._listed().filter(pk__in=wanted).only(*LISTED, *PostPage.pictures, "social_image").in_bulk()
        library().expect(found.values())
        return {pk: [found[one] for one in pks if one in found][:NUMBER] for pk, pks in beside.items()}

    def _subject(self, post: PostPage) -> Subject:
        drafted = post.pk is None or "chosen_posts" in getattr(post, "_cluster_related_objects", {})
        return Subject(
            pk=post.pk,
            locale=post.locale_id,
            categories={one.pk for one in self.categories(post)},
            tags={one.pk for one in post.tags.all()},
            chosen=[one.post_id for one in post.chosen_posts.all()] if drafted else None,
        )

    def _listed(self) -> QuerySet[PostPage]:
        return PostPage.objects.filter(pk__in=self._visible().values("pk"))


def _load_views(posts: set[int | None]) -> dict[int | None, int]:
    return dict(PageStatistics.objects.filter(page__in=posts - {None}).values_list("page_id", "view_count"))
