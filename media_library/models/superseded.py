from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class SupersededFile(models.Model):
    """A public file that another one has replaced, kept until caches have forgotten its address."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="superseded_files")
    name = models.CharField(_("name"), max_length=255, unique=True)
    delete_after = models.DateTimeField(_("delete after"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("superseded file")
        verbose_name_plural = _("superseded files")

    def __str__(self) -> str:
        return self.name
