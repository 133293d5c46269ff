"""What readers are told of a post beside what was written into it."""

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, TypedDict

from django.http import HttpRequest
from rest_framework.fields import Field
from wagtail.api import APIField

from blog.api.cards import PageLink, cards, nested, page_link, picture_of
from blog.api.newsroom import Newsroom
from blog.api.trials import expect_pictures, experiments_of
from blog.blocks.sections import Card
from blog.cache_tags import record_posts
from blog.contents import ContentsEntry, reading_time, table_of_contents
from blog.experiments.shapes import ExperimentObject
from blog.models import Category, ContentPage, Person, PersonPage, PostPage, Series
from blog.visible import visible_to
from media_library.api.library import library
from media_library.api.serializers import NestedField
from media_library.api.shapes import Also, Inside
from media_library.models import CustomImage


class SeriesPart(TypedDict):
    """A post of a series. ``part`` is null where nobody gave it a number."""

    id: int
    title: str
    url: str
    part: int | None


Author = Annotated[dict[str, Any], Person, Also(page=PageLink | None)]
CategoryObject = Annotated[dict[str, Any], Category, Inside()]
SeriesObject = Annotated[dict[str, Any], Series, Also(part=int | None, posts=list[SeriesPart])]


def newsroom(context: dict[str, Any]) -> Newsroom:
    """That of the response whose serializer has this context."""
    if "newsroom" not in context:
        request: HttpRequest = context["request"]
        context["newsroom"] = Newsroom(cache(lambda: visible_to(request)))
    return context["newsroom"]


class PictureField(NestedField):
    """A picture of a page, or else the next one in the line of ``ContentPage.pictures``."""

    def get_attribute(self, page: ContentPage) -> CustomImage | None:
        return picture_of(page, self.field_name)


class PostField(Field):
    """Something about a post that isn't in its own row."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        """Load it for these posts before any picture is asked for, so that all pictures come together."""

    @property
    def newsroom(self) -> Newsroom:
        return newsroom(self.context)


class AuthorsField(PostField):
    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        library().expect(person for post in posts for person in newsroom.authors(post))

    def to_representation(self, post: PostPage) -> list[Author]:
        return [self._author(person, post) for person in self.newsroom.authors(post)]

    def _author(self, person: Person, post: PostPage) -> dict[str, Any]:
        page = self.newsroom.page_of(person, post.locale_id)
        return nested(person, self.context) | {"page": page_link(page, self.context) if page else None}


class CategoriesField(PostField):
    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        library().expect(category for post in posts for category in newsroom.categories(post))

    def to_representation(self, post: PostPage) -> list[CategoryObject]:
        return [nested(category, self.context) for category in self.newsroom.categories(post)]


class SeriesField(PostField):
    def to_representation(self, post: PostPage) -> SeriesObject | None:
        if post.series is None:
            return None
        parts: list[SeriesPart] = [
            {**page_link(one, self.context), "part": one.series_part} for one in self.newsroom.parts(post)
        ]
        return nested(post.series, self.context) | {"part": post.series_part, "posts": parts}


class RelatedField(PostField):
    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        for post in posts:
            newsroom.related(post)

    def to_representation(self, post: PostPage) -> list[Card]:
        return cards(self.newsroom.related(post), self.context)


class ExperimentsField(PostField):
    """Those that are running."""

    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        expect_pictures(posts)

    def to_representation(self, post: PostPage) -> list[ExperimentObject]:
        return experiments_of(post, self.context)


class ReadingTimeField(PostField):
    def to_representation(self, post: PostPage) -> int:
        return reading_time(post.body)


class ViewCountField(PostField):
    def to_representation(self, post: PostPage) -> int:
        return self.newsroom.views(post)


class TableOfContentsField(PostField):
    def to_representation(self, post: PostPage) -> list[ContentsEntry]:
        return table_of_contents(post.body)


class PostsOfPersonField(Field):
    """The newest posts of a person, newest first."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, page: PersonPage) -> list[Card]:
        record_posts("person", [page.person_id], by_day=True)
        return cards(page.posts(), self.context)


FIELDS = [
    APIField("authors", serializer=AuthorsField()),
    APIField("categories", serializer=CategoriesField()),
    APIField("series", serializer=SeriesField()),
    APIField("related", serializer=RelatedField()),
    APIField("experiments", serializer=ExperimentsField()),
    APIField("reading_time", serializer=ReadingTimeField()),
    APIField("view_count", serializer=ViewCountField()),
    APIField("table_of_contents", serializer=TableOfContentsField()),
]
"""In place of what posts have under the same name, or after it."""
