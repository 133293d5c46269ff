from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from blog.blocks.sections import LandingBlock
from blog.models.content_page import ContentPage


class LandingPage(ContentPage):
    """A page put together from sections: a home page, a campaign, "About us". May be a site's root."""

    body = StreamField(LandingBlock(), blank=True, verbose_name=_("sections"))

    content_panels = [*ContentPage.content_panels, FieldPanel("body")]
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    api_fields = [APIField("body", writable=True), *ContentPage.api_fields]

    parent_page_types = ["wagtailcore.Page", "blog.LandingPage", "blog.BlogIndexPage"]
    template = "blog/landing_page.html"

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")
