from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from media_library.models.asset import Asset


class MediaUsage(models.Model):
    """A reference to an asset in a revision that is not live, or not yet: what Wagtail's reference index leaves out.

    Kept for the latest revision of each object and for scheduled ones. Whether a row counts is decided when it is
    read, from Wagtail's own columns (usage.py), so publishing and unpublishing have nothing to keep up to date here.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="revision_usages")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    # As in ReferenceIndex: the field's place in the model, and in this very content.
    model_path = models.TextField()
    content_path = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("use in a revision")
        verbose_name_plural = _("uses in revisions")

    def __str__(self) -> str:
        return f"{self.asset_id}: revision {self.revision_id}, {self.content_path}"
