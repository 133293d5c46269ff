import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class UploadSession(models.Model):
    """A file on its way into the library, in as many requests as it takes (uploads/).

    How much of it is there stands nowhere but on disk (uploads/parts.py): a row could say more than a crash has left.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("Uploading")
        RECEIVED = "received", _("Waiting to be taken in")
        FINISHED = "finished", _("Finished")
        REFUSED = "refused", _("Refused")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(_("file name"), max_length=255)
    # Bytes; not known of what comes from an address until its server has answered.
    size = models.PositiveBigIntegerField(_("file size"), null=True)
    # What an editor has written about it by now: {"title": "…", "collection": "3", "tags": "sea, moon"}.
    details = models.JSONField(_("details"), default=dict)
    # Where a worker gets it from; blank for what a browser sends.
    source_url = models.CharField(_("address"), max_length=2000, blank=True, default="")
    # S3's name of what a program sends there directly (uploads/direct.py); blank for what comes here.
    multipart_id = models.CharField(max_length=1024, blank=True, default="", editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.RECEIVING)
    # A sentence for the editor: why it was refused, or what keeps it from being taken in.
    reason = models.TextField(_("reason"), blank=True, default="")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["user", "state"], name="upload_user_state")]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.state in (self.State.FINISHED, self.State.REFUSED)

    @property
    def title(self) -> str:
        """What it is called when nobody says anything else."""
        return PurePosixPath(self.filename).stem or self.filename


class IdempotencyKey(models.Model):
    """A key with which a program has sent a file, so that the same request again makes nothing new (uploads/keys.py).

    ``asset`` or ``upload`` is what was made of it; an asset that is deleted leaves its key behind.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # SHA-256 each: of the key as it was sent, and of the request.
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    asset = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    upload = models.ForeignKey(UploadSession, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="unique_idempotency_key")]

    def __str__(self) -> str:
        return self.key
