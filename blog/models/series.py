from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.api import APIField
from wagtail.search import index

from blog.slugs import free_slug
from media_library.admin.choosing.forms import ChosenMediaForm


class Series(index.Indexed, models.Model):
    """Posts that belong together, in their order."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("The name in addresses: small letters, digits and hyphens. Leave it empty to have one made."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("A sentence for readers: what it is about.")
    )
    image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    base_form_class = ChosenMediaForm
    panels = [
        TitleFieldPanel("title", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("image"),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("description"),
        index.FilterField("title"),
    ]
    api_fields = [APIField(name, writable=True) for name in ("title", "slug", "description", "image")]

    class Meta:
        ordering = ["title"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(self.title, type(self).objects.exclude(pk=self.pk), 100, "series")
        super().save(*args, **kwargs)
