from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index

from media_library.models.asset import Asset
from media_library.models.image import CustomImage


class MediaCollection(index.Indexed, ClusterableModel):
    """A curated, ordered set of assets: a gallery, a press kit. Wagtail's own ``Collection`` is the folder.

    What is in it is changed through ``media_library.media_collections`` only.
    """

    class Kind(models.TextChoices):
        GALLERY = "gallery", _("Gallery")
        EVENT = "event", _("Event")
        PERSON = "person", _("Person")
        PRESS_KIT = "press_kit", _("Press kit")
        CUSTOM = "custom", _("Other")

    title = models.CharField(_("title"), max_length=255)
    slug = models.SlugField(
        _("slug"),
        max_length=255,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("Its name in addresses: small letters, digits and hyphens. Made from the title if left empty."),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.GALLERY)
    description = models.TextField(_("description"), blank=True, default="")
    cover = models.ForeignKey(
        CustomImage,
        verbose_name=_("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The picture that stands for it. Without one, its first picture does."),
    )
    is_public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_("Anyone may see it: on pages that show it, and through the API. Closed folders stay closed."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_by.wagtail_reference_index_ignore = True
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, db_index=True)

    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("description"),
        index.FilterField("id"),
        index.FilterField("title"),
        index.FilterField("slug"),
        index.FilterField("kind"),
        index.FilterField("is_public"),
        index.FilterField("updated_at"),
    ]

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("media collection")
        verbose_name_plural = _("media collections")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        """The title as a slug, with a number if others have it."""
        # A title of nothing but emoji has none.
        base = slugify(self.title, allow_unicode=True)[:240] or self.Kind(self.kind).value.replace("_", "-")
        taken = set(
            MediaCollection.objects.filter(slug__startswith=base).exclude(pk=self.pk).values_list("slug", flat=True)
        )
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return base if base not in taken else next(slug for slug in numbered if slug not in taken)


class MediaCollectionItem(models.Model):
    """The place of an asset in a media collection. An asset has at most one in each."""

    media_collection = ParentalKey(MediaCollection, on_delete=models.CASCADE, related_name="items")
    asset = models.ForeignKey(
        Asset, verbose_name=_("asset"), on_delete=models.CASCADE, related_name="media_collection_items"
    )
    # Numbers have gaps; only their order counts.
    sort_order = models.PositiveIntegerField(_("order"), editable=False)
    caption = models.CharField(
        _("caption"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Shown in this collection. Leave it empty to use the caption from the library."),
    )

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("item of a media collection")
        verbose_name_plural = _("items of media collections")
        constraints = [
            models.UniqueConstraint(fields=["media_collection", "asset"], name="asset_once_in_media_collection")
        ]

    def __str__(self) -> str:
        return f"{self.media_collection_id}: {self.asset_id}"
