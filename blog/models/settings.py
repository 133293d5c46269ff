from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from blog.blocks.links import MenuBlock, PersonLinksBlock

FRONT_ENDS_CACHE_KEY = "blog_front_ends"


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

    def clean(self) -> None:
        super().clean()
        wrong = {
            name: _("Write an address that begins with http:// or https:// and has no question mark or hash sign.")
            for name in ("frontend_url", "preview_url")
            if (url := getattr(self, name)) and not _is_plain_web_address(url)
        }
        if wrong:
            raise ValidationError(wrong)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        forget_front_ends()
        # Others may have looked at what was there before this is committed.
        transaction.on_commit(forget_front_ends)

    @staticmethod
    def get_front_ends() -> dict[int, tuple[str, str]]:
        """The front ends of sites that have their own: ``{site id: (address, address of its preview)}``.

        Either may be empty; neither ends in a slash. Remembered as Wagtail remembers the roots of sites.
        """
        found = cache.get(FRONT_ENDS_CACHE_KEY)
        if found is None:
            rows = SiteSettings.objects.exclude(frontend_url="", preview_url="")
            found = {
                site_id: (frontend_url.rstrip("/"), preview_url.rstrip("/"))
                for site_id, frontend_url, preview_url in rows.values_list("site", "frontend_url", "preview_url")
            }
            cache.set(FRONT_ENDS_CACHE_KEY, found, 3600)
        return found


@register_setting(icon="list-ul")
class Menus(BaseSiteSetting):
    """The menus of a site."""

    main = StreamField(MenuBlock(), blank=True, verbose_name=_("main menu"))
    footer = StreamField(MenuBlock(), blank=True, verbose_name=_("menu in the footer"))

    panels = [FieldPanel("main"), FieldPanel("footer")]

    class Meta:
        verbose_name = _("menus")


def forget_front_ends() -> None:
    """Look up the front ends of all sites anew."""
    cache.delete(FRONT_ENDS_CACHE_KEY)


def _is_plain_web_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and not parts.query and not parts.fragment
