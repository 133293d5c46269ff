from django.db import models
from django.utils.translation import gettext_lazy as _


class SharingAccount(models.Model):
    """An account on another server, to which posts are posted when they are published.

    How to speak to that server is what its connector knows (``SHARING_CONNECTORS``).
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        UNLISTED = "unlisted", _("Public, and in no timeline of everybody")
        PRIVATE = "private", _("For followers")

    name = models.CharField(_("name"), max_length=120, unique=True)
    connector = models.CharField(_("kind"), max_length=40)
    address = models.URLField(_("address"), max_length=1000)
    # Encrypted: a copy of the database gives nobody the account.
    secret = models.TextField(editable=False)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.PUBLIC, help_text=_("On Mastodon.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("To one that is paused, nothing is posted; what waits for it waits on.")
    )
    notice = models.CharField(max_length=255, blank=True, editable=False, help_text="Why we have paused it.")
    # What the server has asked for: nothing is sent before.
    not_before = models.DateTimeField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["name"]
        verbose_name = _("account for sharing")
        verbose_name_plural = _("accounts for sharing")

    def __str__(self) -> str:
        return self.name
