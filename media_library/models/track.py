import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset
from media_library.models.files import HASH_LENGTH, public_storage


def track_upload_to(track: "Track", filename: str) -> str:
    """Name by asset, what it is and a hash of the text, e.g. ``31/tracks/captions-en-2c26b46b68ff.vtt``."""
    digest = hashlib.sha256(track.text.encode()).hexdigest()
    return f"{track.asset_id}/tracks/{track.kind}-{track.language}-{digest[:HASH_LENGTH]}.vtt"


class Track(models.Model):
    """Timed text of a film or a sound: what is said, or its chapters. It outlives the versions of its asset.

    ``text`` is WebVTT, checked and put in order by video/captions/; ``file`` is the same for players. Save and delete
    with video/tracks.py, which keeps former files for as long as caches may name them.
    """

    class Kind(models.TextChoices):
        # The words of HTML's <track>.
        CAPTIONS = "captions", _("Captions (speech and sounds, for who can't hear)")
        SUBTITLES = "subtitles", _("Subtitles (a translation of speech)")
        DESCRIPTIONS = "descriptions", _("Descriptions (what can be seen, for who can't see)")
        CHAPTERS = "chapters", _("Chapters")

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="tracks")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.CAPTIONS)
    language = models.CharField(
        _("language"),
        max_length=35,
        # BCP 47 in its common forms: de, pt-BR, zh-Hant-TW.
        validators=[RegexValidator(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", _("Write it as in en, de or pt-BR."))],
    )
    label = models.CharField(_("label"), max_length=100, blank=True, help_text=_("What the player's menu says."))
    is_default = models.BooleanField(_("on by itself"), default=False)
    text = models.TextField(_("text"))
    file = models.FileField(upload_to=track_upload_to, storage=public_storage, max_length=255, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "kind", "language"], name="unique_track"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.kind} {self.language}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the file of this text."""
        if self.file.name != track_upload_to(self, ""):
            self.file = ContentFile(self.text.encode(), name="track.vtt")
        super().save(*args, **kwargs)

    @property
    def cue_count(self) -> int:
        # No text and no comment of WebVTT may hold an arrow.
        return self.text.count("-->")
