from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from media_library.models.asset import RIGHTS, Asset, AssetQuerySet, upload_to
from media_library.models.files import originals_storage


@cleanup.select
class Audio(Asset):
    """A sound of the library."""

    KIND = Asset.Kind.AUDIO

    file = models.FileField(_("file"), upload_to=upload_to, storage=originals_storage, max_length=255)

    objects = AssetQuerySet.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "description",
        "caption",
        "credit",
        "licence",
        *RIGHTS,
        "collection",
        "tags",
    )
    search_fields = Asset.search_fields

    class Meta:
        verbose_name = _("audio")
        verbose_name_plural = _("audio")
        permissions = [("choose_audio", "Can choose audio")]

    @property
    def usage_url(self) -> str:
        """Where the admin lists what uses this sound, as images and documents have it."""
        return reverse("media_library_audio:usage", args=[self.pk])
