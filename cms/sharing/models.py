import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.delivery.models import Sending


class Posting(Sending):
    """A post on one account, posted there once. It outlives the post, as what was posted does.

    Rows of posts that are there are never removed: they say that it was posted.
    """

    post = models.ForeignKey(
        "blog.PostPage", verbose_name=_("post"), null=True, on_delete=models.SET_NULL, related_name="postings"
    )
    account = models.ForeignKey(
        "blog.SharingAccount", verbose_name=_("account"), on_delete=models.CASCADE, related_name="postings"
    )
    title = models.CharField(_("title"), max_length=255)
    key = models.UUIDField(default=uuid.uuid4, help_text="By which a server knows a repeated request.")
    # An answer that never came may have been a yes: the first request since then whose answer isn't known.
    begun_at = models.DateTimeField(null=True, editable=False)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    text = models.TextField(_("text"), blank=True)
    url = models.URLField(_("address there"), max_length=2000, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="sharing_posting_due")]
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="sharing_once_each")]

    def __str__(self) -> str:
        return f"{self.title} → {self.account}"
