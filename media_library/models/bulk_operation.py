import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BulkOperation(models.Model):
    """What a user has asked to be done to many assets. Which ones was settled when it was started (``BulkBatch``).

    As with ``ProcessingJob``, the row is the truth, and a broker's message is a hint to look. Its id also names the
    entries that it leaves in Wagtail's log.
    """

    class Action(models.TextChoices):
        MOVE = "move", _("Move")
        TAG = "tag", _("Add tags")
        UNTAG = "untag", _("Remove tags")
        RIGHTS = "rights", _("Set rights")
        TEXTS = "texts", _("Edit texts")
        COLLECT = "collect", _("Add to a media collection")
        DEVELOP = "develop", _("Develop again")
        DELETE = "delete", _("Delete")
        RESTORE = "restore", _("Restore from the trash")

    class State(models.TextChoices):
        # In the hands of its user, page by page: no worker takes it.
        OPEN = "open", _("Open")
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNFINISHED = (State.OPEN, State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(_("action"), max_length=16, choices=Action.choices)
    parameters = models.JSONField(_("parameters"), default=dict)
    total = models.PositiveIntegerField(_("files"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0, help_text=_("Those that could not be changed among them"))
    failed = models.PositiveIntegerField(_("not changed"), default=0)
    left_out = models.PositiveIntegerField(
        _("left out"), default=0, help_text=_("Matched too, but its user was not allowed to do this to them")
    )
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED)
    # How often workers have begun since the last batch that was done.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(_("lease"), null=True, help_text=_("Names the claim under which it runs"))
    lease_expires_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent to the broker"), null=True)
    cancel_requested_at = models.DateTimeField(_("cancelling asked for at"), null=True)
    reason = models.TextField(_("reason"), blank=True, default="", help_text=_("Why it ended early"))
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("bulk operation")
        verbose_name_plural = _("bulk operations")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "available_at"], name="bulk_state_available"),
            models.Index(fields=["user", "-created_at"], name="bulk_user_created"),
        ]

    def __str__(self) -> str:
        return f"{self.action} of {self.total} assets: {self.state}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def changed(self) -> int:
        return self.done - self.failed


class BulkBatch(models.Model):
    """Some of the assets of an operation: they are done, recorded and counted in one transaction.

    So a worker that dies has either done all of a batch or none of it, and memory holds one batch at a time.
    """

    operation = models.ForeignKey(BulkOperation, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField(_("number"))
    asset_ids = models.JSONField(_("assets"))
    is_done = models.BooleanField(_("done"), default=False)
    # [{"id": 12, "title": "Harbour", "reason": "“Harbour” is used in 1 place, …", "code": "in_use"}, …]
    failures = models.JSONField(_("not changed"), default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("batch of a bulk operation")
        verbose_name_plural = _("batches of bulk operations")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["operation", "number"], name="unique_bulk_batch")]

    def __str__(self) -> str:
        return f"{self.operation_id}: batch {self.number}"
