from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FileRemoval(models.Model):
    """A file that nothing names any more, to be removed from its storage; gone once that has been done.

    Written in the transaction that deletes what named the file, so that neither is lost without the other
    (deletion/removal.py). A name that ends in "/" is everything below that folder.
    """

    class Storage(models.TextChoices):
        """Aliases in ``STORAGES``."""

        PUBLIC = "default", _("Public files")
        ORIGINALS = "originals", _("Originals")

    storage = models.CharField(_("storage"), max_length=32, choices=Storage.choices)
    name = models.CharField(_("name"), max_length=255)
    what = models.CharField(_("what it was"), max_length=64)
    # A number, not a foreign key: the asset is gone.
    asset_id = models.BigIntegerField(_("asset"), db_index=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Until then it is left to the process that wrote the row.
    not_before = models.DateTimeField(_("not before"), default=timezone.now, db_index=True)
    last_error = models.TextField(_("last error"), blank=True, default="")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("removal of a file")
        verbose_name_plural = _("removals of files")
        constraints = [
            models.UniqueConstraint(fields=["storage", "name"], name="unique_file_removal"),
        ]

    def __str__(self) -> str:
        return f"{self.storage}: {self.name}"
