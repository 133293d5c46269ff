from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    ImageQuerySet,
    WagtailImageField,
    get_rendition_upload_to,
)

from media_library.imaging.operations import COLLECTION, NO_WATERMARK, OwnWatermark, Recipe
from media_library.imaging.watermark import Watermark, read_picture
from media_library.models.asset import Asset, upload_to
from media_library.models.collection import CollectionSettings
from media_library.models.files import developed_name, originals_storage, public_storage, sha256


class CustomImage(Asset, AbstractImage):
    """An image of the library, and Wagtail's image model (``WAGTAILIMAGES_IMAGE_MODEL``).

    ``Asset`` comes first in the bases, so its fields stand in place of those of the same name in ``AbstractImage``.
    """

    KIND = Asset.Kind.IMAGE

    # No width_field and height_field: they would store what the file's header says, without EXIF orientation.
    file = WagtailImageField(verbose_name=_("file"), upload_to=upload_to, storage=originals_storage, max_length=255)
    has_alpha = models.BooleanField(_("transparent"), default=False, editable=False)
    is_animated = models.BooleanField(_("animated"), default=False, editable=False)
    # How the original is edited before anything is made from it; imaging/operations.py. Width and height are those
    # of the edited picture.
    recipe = models.JSONField(_("edits"), default=dict, blank=True, editable=False)

    objects = models.Manager.from_queryset(ImageQuerySet)()

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "description",
        "caption",
        "credit",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = Asset.search_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def get_recipe(self) -> Recipe:
        """How the original is edited. Raises ``UnacceptableRecipe`` for one that nobody could have saved."""
        return Recipe.from_json(self.recipe)

    def get_watermark(self) -> Watermark | None:
        """The mark on each of its renditions: its own, or that of its collection; None without one.

        Reads the watermark's picture, as edited. Raises ``DamagedFile`` or ``FileTooLarge`` for it.
        """
        wanted = self.get_recipe().watermark
        if wanted == COLLECTION:
            settings = CollectionSettings.objects.filter(collection=self.collection_id).first()
            wanted = settings.watermark if settings else NO_WATERMARK
        if not isinstance(wanted, OwnWatermark):
            return None
        # No logo is stamped on itself.
        logo = type(self).objects.filter(pk=wanted.image).exclude(pk=self.pk).first()
        if logo is None and (not wanted.text or wanted.image == self.pk):
            return None
        return Watermark(wanted.text, logo and logo.as_watermark(), wanted.position, wanted.opacity)

    def as_watermark(self) -> Any:
        """The edited pixels of this image, as large as a watermark ever is."""
        with self.file.open("rb") as file:
            return self.get_recipe().apply(read_picture(file))

    @property
    def default_alt_text(self) -> str:
        """What Wagtail offers as alt text where an editor places this image."""
        return self.alt


class CustomRendition(AbstractRendition):
    """One size and format of an image, made by a worker beforehand or by ``get_rendition`` on demand."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        upload_to=get_rendition_upload_to,
        storage=public_storage,
        max_length=255,
        width_field="width",
        height_field="height",
    )
    file_size = models.PositiveIntegerField(_("file size"), null=True, editable=False)
    # The preset that it was made for; blank when somebody asked for it.
    preset = models.CharField(_("preset"), max_length=32, blank=True, default="", editable=False)
    quality = models.PositiveSmallIntegerField(_("quality"), null=True, editable=False)
    is_polished = models.BooleanField(_("polished"), default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"),
        ]

    def get_upload_to(self, filename: str) -> str:
        """Name by asset, version, filter and a hash of the bytes: the same bytes always get the same name."""
        label = self.filter_spec.replace("|", ".")
        if self.focal_point_key:
            label = f"{self.focal_point_key}.{label}"
        digest = sha256(self.file.file)
        return developed_name(self.image_id, self.image.version, label, digest, filename.rpartition(".")[2])
