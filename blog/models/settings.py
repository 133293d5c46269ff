from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from blog.blocks.links import MenuBlock, PersonLinksBlock


@register_setting(icon="home")
class SiteSettings(BaseSiteSetting):
    """What front ends need to know of a site."""

    tagline = models.CharField(_("tagline"), max_length=255, blank=True, help_text=_("A few words below the name."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("For search engines and feeds: what this site is about.")
    )
    logo = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    social_image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("picture when shared"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("For pages that have no picture of their own."),
    )
    footer_text = models.TextField(_("footer"), blank=True)
    links = StreamField(
        PersonLinksBlock(), blank=True, verbose_name=_("profiles"), help_text=_("This site on social networks.")
    )
    x_handle = models.CharField(_("account on X"), max_length=50, blank=True, help_text=_("For example @darkroom."))
    frontend_url = models.URLField(
        _("address of the front end"),
        blank=True,
        help_text=_("Where visitors see this site, if not at FRONTEND_URL. For example https://www.example.org"),
    )
    preview_url = models.URLField(
        _("address of its preview"), blank=True, help_text=_("By default the front end's address and /preview.")
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("tagline"), FieldPanel("description"), FieldPanel("logo"), FieldPanel("social_image")],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [FieldPanel("footer_text"), FieldPanel("links"), FieldPanel("x_handle")], heading=_("Where else")
        ),
        MultiFieldPanel([FieldPanel("frontend_url"), FieldPanel("preview_url")], heading=_("Front end")),
    ]

    class Meta:
        verbose_name = _("site settings")


@register_setting(icon="list-ul")
class Menus(BaseSiteSetting):
    """The menus of a site."""

    main = StreamField(MenuBlock(), blank=True, verbose_name=_("main menu"))
    footer = StreamField(MenuBlock(), blank=True, verbose_name=_("menu in the footer"))

    panels = [FieldPanel("main"), FieldPanel("footer")]

    class Meta:
        verbose_name = _("menus")
