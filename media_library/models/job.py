from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class ProcessingJob(models.Model):
    """One piece of work on one version of an asset. The row is the truth; a broker's message is a hint to look.

    ``queued`` becomes ``running`` by one conditional UPDATE, under a lease that the worker renews. See jobs/README.md.
    """

    class Operation(models.TextChoices):
        DEVELOP_IMAGE = "develop_image", _("Develop the picture")
        POLISH_IMAGE = "polish_image", _("Make the renditions smaller")
        SPLIT_MOTION = "split_motion", _("Take the film out of the motion photo")
        MAKE_POSTER = "make_poster", _("Make the poster")
        TRANSCODE_VIDEO = "transcode_video", _("Transcode the film")
        TRANSCODE_PART = "transcode_part", _("Transcode a part of the film")
        MAKE_WEBM = "make_webm", _("Make the WebM")
        DEVELOP_AUDIO = "develop_audio", _("Develop the sound")
        SUGGEST = "suggest", _("Look for what to suggest")
        ASK_ENDPOINT = "ask_endpoint", _("Ask for a description")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    NOT_WAITED_FOR = (
        Operation.SPLIT_MOTION,
        Operation.POLISH_IMAGE,
        Operation.MAKE_WEBM,
        Operation.SUGGEST,
        Operation.ASK_ENDPOINT,
        Operation.TRANSCODE_PART,
    )
    """Operations without which an asset is ready, whatever becomes of them. A part is waited for by its film's job."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="jobs")
    operation = models.CharField(_("operation"), max_length=32, choices=Operation.choices)
    version = models.PositiveIntegerField(_("version of the asset"))
    # The job that waits for this one and its like, and then puts together what they made.
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts_of_it")
    number = models.PositiveIntegerField(_("number of the part"), default=0, help_text=_("0 for what is whole"))
    # What its work is called with beyond the asset.
    arguments = models.JSONField(_("arguments"), default=dict)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(_("lease"), null=True, help_text=_("Names the claim under which it runs"))
    lease_expires_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent to the broker"), null=True)
    progress = models.FloatField(_("progress"), default=0.0, help_text=_("0 to 1"))
    # 0 to 1 each, such as {"480p": 1.0, "1080p": 0.31}.
    parts = models.JSONField(_("progress of its parts"), default=dict)
    # Asked for by an editor; the worker reads it with each renewal of its lease.
    cancel_requested_at = models.DateTimeField(_("cancelling asked for at"), null=True)
    reason = models.TextField(_("reason"), blank=True, default="", help_text=_("Why it failed, for an editor"))
    log = models.TextField(_("log"), blank=True, default="", help_text=_("Details, for an operator"))
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("processing job")
        verbose_name_plural = _("processing jobs")
        constraints = [
            models.UniqueConstraint(fields=["asset", "operation", "version", "number"], name="unique_job"),
        ]
        indexes = [
            models.Index(fields=["state", "available_at"], name="job_state_available"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} of asset {self.asset_id}, version {self.version}: {self.state}"
