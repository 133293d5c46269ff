from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.api import APIField
from wagtail.search import index

from blog.models.category_form import CategoryForm
from blog.models.category_tree import CategoryTree
from blog.slugs import free_slug


class Category(index.Indexed, models.Model):
    """What a post is about, in the broadest sense: a tree. A post has a main one, and more if it likes."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("The name in addresses: small letters, digits and hyphens. Leave it empty to have one made."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The broader category that this one is a part of."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("A sentence for readers: what belongs here.")
    )
    image = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Readers see it. Posts keep a category that isn't active.")
    )
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown first, where a design does so.")
    )
    seo_title = models.CharField(
        _("title for search engines"), max_length=255, blank=True, help_text=_("Leave it empty to use the name.")
    )
    search_description = models.TextField(
        _("description for search engines"), blank=True, help_text=_("Leave it empty to use the description.")
    )
    keywords = models.CharField(_("keywords"), max_length=255, blank=True)
    sort_order = models.PositiveIntegerField(_("order"), default=0, editable=False)

    base_form_class = CategoryForm
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("parent"),
        FieldPanel("description"),
        FieldPanel("image"),
        MultiFieldPanel([FieldPanel("is_active"), FieldPanel("is_featured")], heading=_("Where readers see it")),
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description"), FieldPanel("keywords")],
            heading=_("For search engines"),
        ),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("description"),
        index.FilterField("name"),
        *(index.FilterField(name) for name in ("id", "slug", "parent", "is_active", "is_featured")),
    ]
    api_fields = [
        APIField(name, writable=True)
        for name in (
            *("name", "slug", "parent", "description", "image", "is_active", "is_featured"),
            *("seo_title", "search_description", "keywords"),
        )
    ]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(self.name, type(self).objects.exclude(pk=self.pk), 100, "category")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.pk is None or self.parent_id is None:
            return
        if self.parent_id == self.pk:
            message = _("A category can't stand below itself. Choose another parent, or none.")
            raise ValidationError({"parent": ValidationError(message, code="cycle")})
        if self.pk in self.tree().lineage(self.parent_id):
            message = _("“%(parent)s” stands below “%(name)s” already. Choose another parent, or none.")
            names = {"parent": self.parent, "name": self.name}
            raise ValidationError({"parent": ValidationError(message, code="cycle", params=names)})

    @classmethod
    def tree(cls) -> CategoryTree:
        """All categories as they stand below each other, in one query."""
        return CategoryTree(cls.objects.order_by("sort_order", "name", "pk").values_list("pk", "parent", "is_active"))
