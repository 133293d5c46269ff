"""Public files that workers make from films and sounds. Pictures have renditions of Wagtail's; see image.py."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_cleanup import cleanup

from media_library.imaging.engine import Encoded
from media_library.models.asset import Asset
from media_library.models.encoded import store_encoded
from media_library.models.files import developed_name, public_storage, sha256
from media_library.models.job import ProcessingJob


class DevelopedFile(models.Model):
    """A public file that was made from one version of an asset."""

    version = models.PositiveIntegerField(_("version"))
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
    """Name by asset, version, what it is and a hash of the bytes."""
    digest = sha256(developed.file.file)
    extension = filename.rpartition(".")[2]
    return developed_name(developed.asset_id, developed.version, developed.label, digest, extension)


def playlist_upload_to(transcode: "Transcode", filename: str) -> str:
    """Name a playlist likewise."""
    digest = sha256(transcode.playlist.file)
    return developed_name(transcode.asset_id, transcode.version, transcode.label, digest, "m3u8")


@cleanup.select
class Transcode(DevelopedFile):
    """A film or a sound in a form that browsers play.

    A rung of the HLS ladder is one file of fragmented MP4, in which its ``playlist`` names ranges of bytes; it is
    played through the master playlist (``preset`` "hls", whose file it is), never by itself. What has no playlist is
    offered to clients.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="transcodes")
    preset = models.CharField(_("preset"), max_length=32)
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)
    playlist = models.FileField(
        _("playlist"), upload_to=playlist_upload_to, storage=public_storage, max_length=255, blank=True, default=""
    )
    mime_type = models.CharField(_("MIME type"), max_length=100)
    codecs = models.CharField(_("codecs"), max_length=100, blank=True, default="", help_text=_("As in RFC 6381"))
    # Pixels, pictures a second, bits a second, seconds. A sound has no size.
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    frame_rate = models.FloatField(_("frame rate"), null=True)
    bitrate = models.PositiveIntegerField(_("bit rate"), help_text=_("Bits per second, sound included"))
    peak_bitrate = models.PositiveIntegerField(
        _("peak bit rate"), null=True, help_text=_("Bits per second of the largest segment")
    )
    duration = models.FloatField(_("duration"), help_text=_("Seconds"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version", "preset"], name="unique_transcode"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.preset}"

    @property
    def label(self) -> str:
        return self.preset


@cleanup.select
class FilmPart(DevelopedFile):
    """What a worker has made of a part of a long film, until all parts are joined: a rung, the sound or tiles."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(ProcessingJob, on_delete=models.CASCADE, related_name="made")
    number = models.PositiveIntegerField(_("number of the part"))
    preset = models.CharField(_("preset"), max_length=32)
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "preset"], name="unique_film_part"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.label}"

    @property
    def label(self) -> str:
        return f"part-{self.number}-{self.preset}"


@cleanup.select
class PosterRendition(DevelopedFile):
    """One size and format of a film's poster or a sound's cover, with the filter spec it would have as an image."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="poster_renditions")
    filter_spec = models.CharField(_("filter"), max_length=255)
    preset = models.CharField(_("preset"), max_length=32, blank=True, default="")
    quality = models.PositiveSmallIntegerField(_("quality"), null=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version", "filter_spec"], name="unique_poster_rendition"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.filter_spec}"

    @classmethod
    def from_encoded(cls, asset: Asset, encoded: Encoded) -> Self:
        """Store the file of a poster's rendition, and return its row, not saved yet."""
        return store_encoded(cls(asset=asset, version=asset.version), encoded)

    @property
    def label(self) -> str:
        return "poster." + self.filter_spec.replace("|", ".")


@cleanup.select
class Sidecar(DevelopedFile):
    """A file that goes along with a film or a sound and tells a player about it."""

    class Kind(models.TextChoices):
        STORYBOARD = "storyboard", _("Storyboard")
        SPRITE = "sprite", _("Pictures of the storyboard")
        WAVEFORM = "waveform", _("Waveform")

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="sidecars")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    number = models.PositiveIntegerField(_("number"), default=0)
    file = models.FileField(_("file"), upload_to=developed_upload_to, storage=public_storage, max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "version", "kind", "number"], name="unique_sidecar"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.label}"

    @property
    def label(self) -> str:
        return f"{self.kind}-{self.number}" if self.number else self.kind
