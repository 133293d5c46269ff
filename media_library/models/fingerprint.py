from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class Fingerprint(models.Model):
    """What an asset looks like: 64 bits (imaging/fingerprint.py), of the whole picture and of its slight crops.

    Its four bands of 16 bits are indexed, each along with what is asked for, so that finding the similar ones reads
    nothing but an index (fingerprints.py). All numbers are signed, as databases have them.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="fingerprints")
    crop = models.PositiveSmallIntegerField(_("crop"), help_text=_("Place in CROPS; 0 is uncropped"))
    value = models.BigIntegerField(_("value"))
    band0 = models.SmallIntegerField()
    band1 = models.SmallIntegerField()
    band2 = models.SmallIntegerField()
    band3 = models.SmallIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        constraints = [
            models.UniqueConstraint(fields=["asset", "crop"], name="unique_fingerprint"),
        ]
        indexes = [
            models.Index(fields=[f"band{number}", "crop", "value", "asset"], name=f"fingerprint_band{number}")
            for number in range(4)
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.value & (2**64 - 1):016x}"


class DuplicatePair(models.Model):
    """Two assets that are the same file, or look the same: found when the later one came (duplicates.py).

    ``first`` is the one with the lower id. A pair that an editor has dismissed stays, so that it isn't found again.
    """

    first = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    is_exact = models.BooleanField(_("the same file"), default=False)
    distance = models.PositiveSmallIntegerField(_("distance"), help_text=_("Bits in which the fingerprints differ"))
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dismissed by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("pair of duplicates")
        verbose_name_plural = _("pairs of duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="unique_duplicate_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="ordered_duplicate_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {'exact' if self.is_exact else self.distance}"
