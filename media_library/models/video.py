from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from media_library.models.asset import RIGHTS, Asset, AssetQuerySet, upload_to
from media_library.models.files import originals_storage
from media_library.models.image import CustomImage


@cleanup.select
class Video(Asset):
    """A film of the library."""

    KIND = Asset.Kind.VIDEO

    file = models.FileField(_("file"), upload_to=upload_to, storage=originals_storage, max_length=255)

    # Where its poster comes from: a picture of the library, or a moment of the film; by itself otherwise.
    poster_image = models.ForeignKey(
        CustomImage,
        verbose_name=_("poster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A picture to show in place of a moment of the film."),
    )
    poster_time = models.FloatField(_("poster at"), null=True, blank=True, editable=False, help_text=_("Seconds"))
    # What crops of the poster keep: left, top, width and height as shares of it. Of a picture of the library, its own.
    poster_focus = models.JSONField(_("focal area of the poster"), null=True, editable=False)

    objects = AssetQuerySet.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "description",
        "caption",
        "visible_text",
        "credit",
        "licence",
        *RIGHTS,
        "collection",
        "tags",
        "poster_image",
    )
    search_fields = Asset.search_fields

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        permissions = [("choose_video", "Can choose video")]

    @property
    def usage_url(self) -> str:
        """Where the admin lists what uses this film, as images and documents have it."""
        return reverse("media_library_videos:usage", args=[self.pk])
