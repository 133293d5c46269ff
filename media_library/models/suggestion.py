from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_library.models.asset import Asset


class Suggestion(models.Model):
    """What a backend of insight/ would write on an asset. Nothing of it is the asset's until somebody accepts it.

    A row that was decided on stays, so that the same thing is not suggested again.
    """

    class Field(models.TextChoices):
        TAG = "tag", _("Tag")
        ALT_TEXT = "alt_text", _("Alt text")
        CAPTION = "caption", _("Caption")
        VISIBLE_TEXT = "visible_text", _("Words in it")
        FOCAL_POINT = "focal_point", _("Focal point")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Checked by somebody")
        REJECTED = "rejected", _("Rejected")

    LONGEST = 500

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="suggestions")
    version = models.PositiveIntegerField(_("version of the asset"))
    field = models.CharField(_("field"), max_length=16, choices=Field.choices)
    text = models.CharField(
        _("text"),
        max_length=LONGEST,
        help_text=_("Of a focal point, its place as CSS has it in object-position: “40% 25%”."),
    )
    # Of text for people; blank for what is the same in all languages.
    language = models.CharField(_("language"), max_length=20, blank=True, default="")
    # Of a focal point: left, top, width and height as shares of the picture.
    area = models.JSONField(_("area"), null=True)
    confidence = models.FloatField(
        _("confidence"), validators=[MinValueValidator(0), MaxValueValidator(1)], help_text=_("0 to 1")
    )
    source = models.CharField(_("source"), max_length=64, help_text=_("Which backend says so"))
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    created_at = models.DateTimeField(_("suggested at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(fields=["asset", "field", "language", "text"], name="unique_suggestion"),
        ]
        indexes = [
            # What is open, surest first: the list that editors work through.
            models.Index(
                fields=["field", "-confidence", "-id"], condition=models.Q(state="open"), name="suggestion_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}: {self.field} {self.text}"

    @property
    def is_open_text(self) -> bool:
        """Whether it says what can be read in a picture, and nobody has decided on it."""
        return self.field == self.Field.VISIBLE_TEXT and self.state == self.State.OPEN

    @property
    def percent(self) -> int:
        """Confidence, 0 to 99: no machine is certain."""
        return min(99, round(self.confidence * 100))
