"""The fields that API v2 shows on pages beside those that editors write."""

from collections.abc import Iterable
from typing import Any

from rest_framework.fields import Field
from wagtail.api import APIField
from wagtail.models import Page

from blog.api.newsroom import Newsroom
from blog.models import ContentPage, PostPage
from blog.seo.metadata import seo_of
from blog.seo.shapes import Seo, ShareLink
from blog.seo.surroundings import Crumb, Surroundings
from blog.sharing.links import SHARED, share_links


class FieldOfPage(Field):
    """Made from the whole page and what it stands among, which is looked up once for all pages of a response."""

    def __init__(self, **options: Any):
        super().__init__(source="*", read_only=True, **options)

    @property
    def around(self) -> Surroundings:
        if "surroundings" not in self.context:
            shown = self.root.instance
            pages = [one for one in (shown if isinstance(shown, list) else [shown]) if isinstance(one, Page)]
            self.context["surroundings"] = Surroundings(pages, self.context.get("request"))
        return self.context["surroundings"]


class SeoField(FieldOfPage):
    def prepare(self, posts: Iterable[PostPage], newsroom: Newsroom) -> None:
        """Load who wrote these posts, all at once."""
        for post in posts:
            newsroom.authors(post)

    def to_representation(self, page: ContentPage) -> Seo:
        return seo_of(page, self.around)


class BreadcrumbsField(FieldOfPage):
    def to_representation(self, page: ContentPage) -> list[Crumb]:
        return self.around.trail(page)


class ShareField(FieldOfPage):
    def to_representation(self, page: ContentPage) -> list[ShareLink]:
        return share_links(page, self.around)


def seo_fields(model: type[Page]) -> list[APIField]:
    """What pages of this type show of themselves."""
    if not issubclass(model, ContentPage):
        return []
    fields = [APIField("seo", serializer=SeoField()), APIField("breadcrumbs", serializer=BreadcrumbsField())]
    return [*fields, APIField("share", serializer=ShareField())] if issubclass(model, SHARED) else fields
