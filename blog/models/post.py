from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from blog.blocks.body import BodyBlock
from blog.models.front_end import SCHEDULE, FrontEndMixin
from media_library.admin.choosing.forms import ChosenMediaPageForm
from media_library.api.library import library
from media_library.api.v3.forms import WrittenPageForm


class PostTag(TaggedItemBase):
    """A tag on a post."""

    content_object = ParentalKey("blog.PostPage", on_delete=models.CASCADE, related_name="tagged_items")


class PostPage(FrontEndMixin, Page):
    """A post."""

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=400,
        help_text=_("What the post is about, in one or two sentences. Shown in lists and above the post."),
    )
    date = models.DateField(
        _("date"), default=timezone.localdate, help_text=_("The day that readers see. It decides the order of posts.")
    )
    featured_image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("featured image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The picture at the top of the post, in lists, and where the post is shared."),
    )
    author = models.ForeignKey(
        "blog.Person",
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    category = models.ForeignKey(
        "blog.Category",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    tags = ClusterTaggableManager(
        through=PostTag,
        blank=True,
        verbose_name=_("tags"),
        help_text=_("Words by which related posts are found. Separate them with commas."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    base_form_class = ChosenMediaPageForm
    api_base_form_class = WrittenPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("featured_image"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("date"), FieldPanel("author"), FieldPanel("category"), FieldPanel("tags")],
            heading=_("About this post"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.AutocompleteField("summary"),
        index.SearchField("body"),
        index.RelatedFields("tags", [index.SearchField("name")]),
        index.RelatedFields("author", [index.SearchField("name")]),
        index.FilterField("date"),
        index.FilterField("category"),
        index.FilterField("author"),
    ]
    api_fields = [
        APIField(name, writable=True)
        for name in ("summary", "date", "featured_image", "author", "category", "tags", "body", *SCHEDULE)
    ]

    parent_page_types = ["blog.BlogIndexPage"]
    subpage_types: list[str] = []
    template = "blog/post_page.html"

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        library().attach([self])
        return super().get_context(request, *args, **kwargs)
