import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.delivery.webhooks.signing import new_secret


class Change(models.Model):
    """Something public has changed: committed together with it, and gone once everybody was told."""

    wagtail_reference_index_ignore = True

    event = models.CharField(max_length=40, blank=True, help_text="What webhooks call it; empty for caches only.")
    subject = models.JSONField(default=dict, help_text="What it happened to: type, id, title, urls.")
    tags = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.event or " ".join(self.tags)


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Sending(models.Model):
    """Something that is sent to another server until it arrives, or until we give up."""

    wagtail_reference_index_ignore = True

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    # Whose attempt it is: no other one is recorded. It runs out when the next attempt is due.
    lease = models.UUIDField(null=True, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True


class Purge(Sending):
    """What a CDN is asked to forget."""

    tags = models.JSONField(default=list)
    urls = models.JSONField(default=list)

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="delivery_purge_due")]

    def __str__(self) -> str:
        return " ".join([*self.tags, *self.urls])


class DeliveredURL(models.Model):
    """A URL that a CDN may keep, for those CDNs that forget by URL only."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the URL.")
    url = models.TextField()
    delivered_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.url


class DeliveredTag(models.Model):
    """What the response at a delivered URL was made of."""

    wagtail_reference_index_ignore = True

    url = models.ForeignKey(DeliveredURL, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=255, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["url", "tag"], name="delivery_tag_of_url")]

    def __str__(self) -> str:
        return self.tag


class Webhook(models.Model):
    """Somebody else's server that is told of what changes."""

    wagtail_reference_index_ignore = True

    name = models.CharField(_("name"), max_length=255)
    url = models.URLField(_("URL"), max_length=2000)
    secret = models.CharField(_("secret"), max_length=255, default=new_secret, editable=False)
    # The one before, with which everything is signed as well until then, so that a receiver can take its time.
    former_secret = models.CharField(max_length=255, blank=True, editable=False)
    former_secret_until = models.DateTimeField(null=True, editable=False)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # One request at a time to each receiver, and a rest for one that doesn't answer: nothing is sent before this.
    not_before = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="Attempts in a row without success.")
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    notice = models.CharField(max_length=255, blank=True, editable=False, help_text="Why we have switched it off.")

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(Sending):
    """One event for one webhook, with how it went."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(default=uuid.uuid4, db_index=True, help_text="The same for every webhook and attempt.")
    event = models.CharField(_("event"), max_length=40)
    payload = models.JSONField(_("payload"), default=dict)
    headers = models.JSONField(default=dict, help_text="Who has signed the last attempt, and how.")
    sent_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, help_text="The beginning of the answer's body.")
    seconds = models.FloatField(_("seconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="delivery_webhook_due")]
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once_each")]

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook}"
