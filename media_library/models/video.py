from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from media_library.imaging.engine import Encoded
from media_library.models.asset import Asset, AssetQuerySet, upload_to
from media_library.models.encoded import store_encoded
from media_library.models.files import developed_name, originals_storage, public_storage, sha256


@cleanup.select
class Video(Asset):
    """A film of the library."""

    KIND = Asset.Kind.VIDEO

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
        "collection",
        "tags",
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


class DevelopedFile(models.Model):
    """A public file that was made from one version of a video."""

    version = models.PositiveIntegerField(_("version"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    file_size = models.PositiveBigIntegerField(_("file size"))

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """The part of the file's name that says what it is."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return self.file.url


def developed_upload_to(developed: DevelopedFile, filename: str) -> str:
    """Name by video, version, what it is and a hash of the bytes."""
    digest = sha256(developed.file.file)
    extension = filename.rpartition(".")[2]
    return developed_name(developed.video_id, developed.version, developed.label, digest, extension)


@cleanup.select
class VideoTranscode(DevelopedFile):
    """A film in a size and format that browsers play."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="transcodes")
    preset = models.CharField(_("preset"), max_length=32)
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)
    mime_type = models.CharField(_("MIME type"), max_length=100)
    bitrate = models.PositiveIntegerField(_("bit rate"), help_text=_("Bits per second, sound included"))
    duration = models.FloatField(_("duration"), help_text=_("Seconds"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "version", "preset"], name="unique_transcode"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id}: {self.preset}"

    @property
    def label(self) -> str:
        return self.preset


@cleanup.select
class PosterRendition(DevelopedFile):
    """One size and format of a video's poster, with the filter spec that it would have as an image."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="poster_renditions")
    filter_spec = models.CharField(_("filter"), max_length=255)
    preset = models.CharField(_("preset"), max_length=32, blank=True, default="")
    quality = models.PositiveSmallIntegerField(_("quality"), null=True)
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "version", "filter_spec"], name="unique_poster_rendition"),
        ]

    def __str__(self) -> str:
        return f"{self.video_id}: {self.filter_spec}"

    @classmethod
    def from_encoded(cls, video: Video, encoded: Encoded) -> Self:
        """Store the file of a poster's rendition, and return its row, not saved yet."""
        return store_encoded(cls(video=video, version=video.version), encoded)

    @property
    def label(self) -> str:
        return "poster." + self.filter_spec.replace("|", ".")
