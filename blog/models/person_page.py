from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from blog.blocks.body import BodyBlock
from blog.models.content_page import ContentPage
from blog.models.post import PostAuthor, PostPage
from media_library.api.library import library


class PersonPage(ContentPage):
    """The page of a person: who they are, and what they wrote."""

    person = models.ForeignKey(
        "blog.Person",
        verbose_name=_("person"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="pages",
        help_text=_("Name, portrait, and links are those of the person."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    pictures = ("person.portrait",)

    content_panels = [*ContentPage.content_panels, FieldPanel("person"), FieldPanel("body")]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("body"),
        index.RelatedFields("person", [index.SearchField("name"), index.SearchField("bio")]),
    ]
    api_fields = [*(APIField(name, writable=True) for name in ("person", "body")), *ContentPage.api_fields]

    parent_page_types = ["blog.BlogIndexPage", "blog.LandingPage"]
    subpage_types: list[str] = []
    template = "blog/person_page.html"

    class Meta:
        verbose_name = _("page of a person")
        verbose_name_plural = _("pages of people")

    def posts(self, most: int = 24) -> QuerySet[PostPage]:
        """The newest posts that this person wrote, alone or with others, as visitors see them."""
        if self.person_id is None:
            return PostPage.objects.none()
        together = PostAuthor.objects.filter(person=self.person_id).values("page")
        posts = PostPage.objects.filter(Q(author=self.person_id) | Q(pk__in=together)).live().public()
        return posts.defer_streamfields().order_by("-date", "-pk")[:most]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if self.person is not None:
            library().attach([self.person])
        posts = list(self.posts())
        library().attach(posts)
        return super().get_context(request, *args, **kwargs) | {"posts": posts}

    @property
    def listed_summary(self) -> str:
        return super().listed_summary or (self.person.role if self.person else "")
