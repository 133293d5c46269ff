from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from media_library.models.asset import Asset
from media_library.models.files import HASH_LENGTH, originals_storage


def preview_upload_to(version: "AssetVersion", filename: str) -> str:
    """Beside the originals, which are private: ``image/12/previews/9f86d081884c-version-2.webp``."""
    folder, extension = f"{version.asset.kind}/{version.asset_id}/previews", filename.rpartition(".")[2]
    return f"{folder}/{version.file_hash[:HASH_LENGTH]}-version-{version.number}.{extension}"


@cleanup.select
class AssetVersion(models.Model):
    """One file that an asset had or has: who put it there, when, why, and of a former one all that was known of it.

    An asset whose file was never replaced has none. The version with the highest number is the current one; its file
    and its facts stand in the asset, and are moved here when another takes its place (replacement.py). ``file`` is
    the former original under the name that it always had; deleting the row removes it.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    note = models.CharField(_("reason"), max_length=255, blank=True, default="")
    created_at = models.DateTimeField(_("uploaded at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True)

    file = models.FileField(_("file"), storage=originals_storage, max_length=255, blank=True, default="")
    preview = models.FileField(
        _("preview"),
        upload_to=preview_upload_to,
        storage=originals_storage,
        max_length=255,
        blank=True,
        default="",
    )
    filename = models.CharField(_("file name"), max_length=255, blank=True, default="")
    file_size = models.PositiveBigIntegerField(_("file size"), null=True)
    file_hash = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    mime_type = models.CharField(_("MIME type"), max_length=100, blank=True, default="")
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    duration = models.FloatField(_("duration"), null=True)
    metadata = models.JSONField(_("metadata"), default=dict)
    # Of a picture: how it was edited, and the focal area as Wagtail's columns; of a film, the moment of its poster
    # and its focal area.
    settings = models.JSONField(_("settings"), default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="unique_asset_version"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}, version {self.number}"

    @property
    def is_current(self) -> bool:
        return self.replaced_at is None
