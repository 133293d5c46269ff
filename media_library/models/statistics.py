from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class AssetStatistics(models.Model):
    """What front ends told of one asset on one day. Counts only: nothing says who it was.

    ``Asset.view_count`` is the sum of its views. statistics/counting.py writes both.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="statistics")
    day = models.DateField(_("day"), db_index=True)
    views = models.PositiveBigIntegerField(_("views"), default=0)
    plays = models.PositiveBigIntegerField(_("plays"), default=0)
    downloads = models.PositiveBigIntegerField(_("downloads"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0, help_text=_("Sent to visitors; told or estimated"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("statistics of an asset")
        verbose_name_plural = _("statistics of assets")
        constraints = [
            models.UniqueConstraint(fields=["asset", "day"], name="unique_asset_day"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.day}"


class AssetEngagement(models.Model):
    """What visitors did with one asset on one day: rows of counters (statistics/engagement.py), and nothing of who."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="engagement")
    day = models.DateField(_("day"))
    counts = models.JSONField(_("counts"), default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("engagement with an asset")
        verbose_name_plural = _("engagement with assets")
        constraints = [
            models.UniqueConstraint(fields=["asset", "day"], name="unique_engagement_asset_day"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.day}"


class AssetStorage(models.Model):
    """What the files made from an asset take, in bytes: the sum over dozens of rows, so that totals are fast.

    Its original is ``Asset.file_size``. statistics/storage.py measures it anew when the asset has changed, and some
    days later in any case, since a rendition on demand changes no asset.
    """

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, primary_key=True, related_name="storage")
    renditions = models.PositiveBigIntegerField(
        _("renditions"), default=0, help_text=_("Posters, storyboards and waveforms among them")
    )
    transcodes = models.PositiveBigIntegerField(_("transcodes"), default=0)
    versions = models.PositiveBigIntegerField(_("earlier versions"), default=0)
    shown = models.PositiveBigIntegerField(
        _("shown"), default=0, help_text=_("What one visitor gets: a picture of 1280 pixels, a whole film, …")
    )
    measured_at = models.DateTimeField(_("measured at"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("storage of an asset")
        verbose_name_plural = _("storage of assets")

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.renditions + self.transcodes + self.versions} bytes"
