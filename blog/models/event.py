from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from blog.blocks.body import BodyBlock
from blog.models.content_page import ContentPage
from blog.sharing.panel import SharingPanel


class EventPage(ContentPage):
    """Something that happens at a place, with a poster before and a film afterwards."""

    summary = models.TextField(
        _("summary"), blank=True, max_length=400, help_text=_("What happens, in one or two sentences.")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=255, blank=True)
    address = models.TextField(_("address"), blank=True)
    tickets_url = models.URLField(_("tickets"), blank=True, max_length=1000, help_text=_("Where to get one."))
    poster = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("poster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    highlight_film = models.ForeignKey(
        "media_library.Video",
        verbose_name=_("highlight film"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("What it was like: shown above the rest."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    pictures = ("poster",)

    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("place"),
                FieldPanel("address"),
                FieldPanel("tickets_url"),
            ],
            heading=_("When and where"),
        ),
        FieldPanel("poster"),
        FieldPanel("highlight_film"),
        FieldPanel("body"),
    ]
    promote_panels = [*ContentPage.promote_panels, SharingPanel()]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("place"),
        index.SearchField("body"),
        index.FilterField("starts_at"),
    ]
    api_fields = [
        *(
            APIField(name, writable=True)
            for name in (
                *("summary", "starts_at", "ends_at", "place", "address", "tickets_url"),
                *("poster", "highlight_film", "body"),
            )
        ),
        *ContentPage.api_fields,
    ]

    parent_page_types = ["blog.BlogIndexPage", "blog.LandingPage"]
    subpage_types: list[str] = []
    template = "blog/event_page.html"

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": ValidationError(_("It ends before it begins."), code="ends_first")})

    @property
    def listed_date(self) -> datetime:
        return self.starts_at
