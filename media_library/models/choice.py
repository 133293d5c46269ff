from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class RecentChoice(models.Model):
    """That somebody has chosen an asset, and when last: what their chooser offers first."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="+"
    )
    asset = models.ForeignKey(Asset, verbose_name=_("asset"), on_delete=models.CASCADE, related_name="recent_choices")
    chosen_at = models.DateTimeField(_("chosen at"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recent choice")
        verbose_name_plural = _("recent choices")
        constraints = [models.UniqueConstraint(fields=["user", "asset"], name="unique_recent_choice")]
        indexes = [models.Index(fields=["user", "-chosen_at"], name="recent_choice_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.asset_id}"
