from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from blog.blocks.links import PersonLinksBlock
from blog.slugs import free_slug
from media_library.admin.choosing.forms import ChosenMediaForm


class Person(index.Indexed, models.Model):
    """Somebody who writes posts; needs no login."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("The name in addresses: small letters, digits and hyphens. Leave it empty to have one made."),
    )
    role = models.CharField(_("role"), max_length=100, blank=True, help_text=_("For example: photo editor."))
    bio = models.TextField(_("about"), blank=True, help_text=_("Two or three sentences, shown below a post."))
    portrait = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    links = StreamField(
        PersonLinksBlock(), blank=True, verbose_name=_("links"), help_text=_("Where else this person is found.")
    )

    base_form_class = ChosenMediaForm
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldPanel("portrait"),
        FieldPanel("links"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("role"),
        index.SearchField("bio"),
        index.FilterField("name"),
    ]
    api_fields = [APIField(name, writable=True) for name in ("name", "slug", "role", "bio", "portrait", "links")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(self.name, type(self).objects.exclude(pk=self.pk), 100, "person")
        super().save(*args, **kwargs)
