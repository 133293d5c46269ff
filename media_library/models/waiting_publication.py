from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from media_library.models.asset import Asset


class WaitingPublication(models.Model):
    """Somebody wants a revision published as soon as its media are ready. See publishing/waiting.py.

    ``waiting`` becomes anything else by one conditional UPDATE, in the transaction that publishes. Of one object, at
    most one revision waits; what has ended stays until somebody asks anew, so that its editors see what became of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")
        CANCELLED = "cancelled", _("Cancelled")

    # As a revision names its object: the type of its base model, and the primary key as text.
    base_content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    # With their permissions it is published; nobody's, where a schedule has run into media that are not ready.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    assets = models.ManyToManyField(Asset, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True, default="", help_text=_("Why it was not published"))
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text=_("When whoever asked was written to"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("waiting publication")
        verbose_name_plural = _("waiting publications")
        constraints = [
            models.UniqueConstraint(
                fields=["base_content_type", "object_id"],
                condition=models.Q(state="waiting"),
                name="unique_waiting_publication",
            ),
        ]
        indexes = [models.Index(fields=["base_content_type", "object_id"], name="waiting_publication_object")]

    def __str__(self) -> str:
        return f"Revision {self.revision_id}: {self.state}"
