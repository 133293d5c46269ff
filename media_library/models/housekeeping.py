from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class OrphanSweep(models.Model):
    """What one run of ``sweep_orphans`` found: files without rows, and rows without files."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), db_index=True)
    deleted = models.BooleanField(_("deleted"), default=False, help_text=_("Otherwise it only looked"))
    # housekeeping/orphans.py: {"files": {"count": 3, "bytes": 1200, "examples": ["9/1/w320-….avif"]}, "rows": {…}, …}
    findings = models.JSONField(_("findings"), default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sweep of orphans")
        verbose_name_plural = _("sweeps of orphans")

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}"


class UnusedAsset(models.Model):
    """Since when nothing uses an asset, as far as anybody has looked. Gone as soon as something does.

    With ``UNUSED_CLEANUP_DAYS`` it is announced, and goes to the trash some days later, unless somebody keeps it.
    """

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, primary_key=True, related_name="unused")
    since = models.DateTimeField(_("unused since"), db_index=True)
    announced_at = models.DateTimeField(_("announced at"), null=True, db_index=True)
    is_kept = models.BooleanField(_("kept all the same"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("unused asset")
        verbose_name_plural = _("unused assets")

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.since:%Y-%m-%d}"


class ImportedFile(models.Model):
    """One file that ``import_media`` has looked at, so that a second run takes up where the first one stopped."""

    class State(models.TextChoices):
        IMPORTED = "imported", _("Imported")
        DUPLICATE = "duplicate", _("In the library before")
        FAILED = "failed", _("Failed")

    # SHA-256 of the location, which may be longer than what databases index.
    key = models.CharField(_("key"), max_length=64, unique=True)
    location = models.TextField(_("location"), help_text=_("A path, or s3://bucket/key"))
    size = models.PositiveBigIntegerField(_("size"))
    mark = models.CharField(_("mark"), max_length=100, help_text=_("Changes with the file: its time, or its ETag"))
    state = models.CharField(_("state"), max_length=16, choices=State.choices)
    reason = models.TextField(_("reason"), blank=True, default="", help_text=_("Why it failed, for an editor"))
    asset = models.ForeignKey(Asset, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return f"{self.location}: {self.state}"
