from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from media_library.imaging.operations import NO_WATERMARK, OwnWatermark


class WatermarkPosition(models.TextChoices):
    TOP_LEFT = "top-left", _("Top left")
    TOP_RIGHT = "top-right", _("Top right")
    CENTRE = "centre", _("Centre")
    BOTTOM_LEFT = "bottom-left", _("Bottom left")
    BOTTOM_RIGHT = "bottom-right", _("Bottom right")


class CollectionSettings(models.Model):
    """How the pictures of one collection are treated. A collection without a row has the defaults."""

    collection = models.OneToOneField(
        Collection, on_delete=models.CASCADE, related_name="media_settings", verbose_name=_("collection")
    )
    keep_location = models.BooleanField(
        _("keep where photographs were taken"),
        default=False,
        help_text=_(
            "GPS coordinates of new photographs stay in the library, for editors only. They are never public."
        ),
    )
    watermark_image = models.ForeignKey(
        "media_library.CustomImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("watermark picture"),
        help_text=_("Best with a transparent background."),
    )
    watermark_text = models.CharField(_("watermark text"), max_length=100, blank=True, default="")
    watermark_position = models.CharField(
        _("position of the watermark"),
        max_length=16,
        choices=WatermarkPosition.choices,
        default=WatermarkPosition.BOTTOM_RIGHT,
    )
    watermark_opacity = models.FloatField(
        _("opacity of the watermark"),
        default=0.6,
        validators=[MinValueValidator(0.05), MaxValueValidator(1)],
        help_text=_("From 0.05 (hardly seen) to 1 (covers what is below it)."),
    )

    class Meta:
        verbose_name = _("collection settings")
        verbose_name_plural = _("collection settings")

    def __str__(self) -> str:
        return str(self.collection)

    @property
    def watermark(self) -> str | OwnWatermark:
        """What pictures of the collection carry, as a recipe has it: "none", or picture or text."""
        if self.watermark_image_id is None and not self.watermark_text.strip():
            return NO_WATERMARK
        return OwnWatermark(
            image=self.watermark_image_id,
            text=self.watermark_text,
            position=self.watermark_position,
            opacity=self.watermark_opacity,
        )
