from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from blog.blocks.sections import GalleryBodyBlock
from blog.models.content_page import ContentPage
from blog.sharing.panel import SharingPanel


class GalleryPage(ContentPage):
    """Pictures, films and sounds to look at one after the other."""

    summary = models.TextField(
        _("summary"), blank=True, max_length=400, help_text=_("What is seen here, in one or two sentences.")
    )
    cover = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The picture in lists."),
    )
    body = StreamField(GalleryBodyBlock(), blank=True, verbose_name=_("what hangs here"))

    pictures = ("cover",)

    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("summary"),
        FieldPanel("cover"),
        FieldPanel("body"),
    ]
    promote_panels = [*ContentPage.promote_panels, SharingPanel()]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
    ]
    api_fields = [
        *(APIField(name, writable=True) for name in ("summary", "cover", "body")),
        *ContentPage.api_fields,
    ]

    parent_page_types = ["blog.BlogIndexPage", "blog.LandingPage"]
    subpage_types: list[str] = []
    template = "blog/gallery_page.html"

    class Meta:
        verbose_name = _("gallery")
        verbose_name_plural = _("galleries")
