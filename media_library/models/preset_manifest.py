from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import APIToken

from media_library.imaging.slots import Slot


class PresetManifest(models.Model):
    """What the front end has said it needs of each picture, at one time. The row with the highest number is in force.

    ``slots`` are those of imaging/slots.py by their names; None says that the presets of the settings are in force.
    Rows are written by media_library/manifests.py alone.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    slots = models.JSONField(_("slots"), null=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True, help_text=_("SHA-256 of the slots"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("posted by")
    )
    token = models.ForeignKey(
        APIToken, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("with the token")
    )
    # How far pictures were looked at for what they lack of it, and since when all were.
    followed_to = models.BigIntegerField(_("followed up to"), default=0, editable=False)
    followed_at = models.DateTimeField(_("followed"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("preset manifest")
        verbose_name_plural = _("preset manifests")
        ordering = ["-number"]
        # Nobody changes or deletes one: a new one is put in force.
        default_permissions = ("add",)

    def __str__(self) -> str:
        return gettext("Manifest %(number)s") % {"number": self.number}

    def read_slots(self) -> tuple[Slot, ...] | None:
        return slots_of(self.slots)


class PresetDemand(models.Model):
    """How often a slot was asked for on one day, and how often more was wanted than there is. Counts, of nobody.

    ``width`` is in pixels of the screen, by steps of statistics/demand.py.
    """

    name = models.CharField(_("slot"), max_length=64)
    day = models.DateField(_("day"), db_index=True)
    width = models.PositiveIntegerField(_("width"))
    asked = models.PositiveBigIntegerField(_("asked for"), default=0)
    in_vain = models.PositiveBigIntegerField(_("asked for in vain"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("demand for a slot")
        verbose_name_plural = _("demand for slots")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["name", "day", "width"], name="unique_preset_demand"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.day}"


def slots_of(stored: dict[str, Any] | None) -> tuple[Slot, ...] | None:
    """Slots as a row stores them."""
    return None if stored is None else tuple(Slot.from_json(name, one) for name, one in stored.items())
