from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, PageChooserPanel

from blog.experiments.forms import ExperimentForm


class Experiment(models.Model):
    """Two pictures for one place of a post, of which half of all visitors see either: which is clicked more often?

    Dates are what editors set. ``state`` is what readers have been told: it follows when an experiment is saved, and
    by beat (``experiments/running.py``).
    """

    class Slot(models.TextChoices):
        THUMBNAIL = "thumbnail", _("Thumbnail, in lists")
        FEATURED_IMAGE = "featured_image", _("Featured image")
        POSTER = "poster", _("Poster of its film")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    name = models.CharField(_("name"), max_length=160, help_text=_("What is tried: “Boats or gulls”."))
    post = models.ForeignKey(
        "blog.PostPage", verbose_name=_("post"), on_delete=models.CASCADE, related_name="experiments"
    )
    slot = models.CharField(_("place"), max_length=20, choices=Slot, default=Slot.THUMBNAIL)
    variant_a = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("picture A"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The one that is there now, as a rule."),
    )
    variant_b = models.ForeignKey(
        "media_library.CustomImage",
        verbose_name=_("picture B"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    starts_at = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("Leave it empty as long as it is only planned.")
    )
    ends_at = models.DateTimeField(
        _("ends"),
        null=True,
        blank=True,
        help_text=_("Choose the day beforehand: whoever ends it as soon as one is ahead is often wrong."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED, editable=False)

    base_form_class = ExperimentForm
    panels = [
        FieldPanel("name"),
        PageChooserPanel("post", "blog.PostPage"),
        FieldPanel("slot"),
        FieldRowPanel([FieldPanel("variant_a"), FieldPanel("variant_b")]),
        MultiFieldPanel(
            [
                HelpPanel(_("Once it has started, its pictures stay as they are: begin another one for others.")),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
            ],
            heading=_("When"),
        ),
    ]

    FIXED = ("post_id", "slot", "variant_a_id", "variant_b_id", "starts_at")
    """What can't change once visitors have seen it, or the counts would be of something else."""

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "slot"],
                condition=models.Q(state="running"),
                name="one_running_experiment_per_slot",
                violation_error_message=_("Another experiment is running in this place of the post."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.state = self.state_at(timezone.now())
        super().save(*args, **kwargs)

    def state_at(self, now: datetime) -> str:
        """What its dates say."""
        if self.ends_at is not None and self.ends_at <= now:
            return self.State.ENDED
        if self.starts_at is not None and self.starts_at <= now:
            return self.State.RUNNING
        return self.State.PLANNED

    def clean(self) -> None:
        super().clean()
        if self.variant_a_id is not None and self.variant_a_id == self.variant_b_id:
            raise ValidationError({"variant_b": _("Choose another picture than A.")})
        if self.ends_at is not None and (self.starts_at is None or self.ends_at <= self.starts_at):
            raise ValidationError({"ends_at": _("It ends after it starts.")})
        self._require_as_it_was()
        self._require_place()
        self._require_alone()

    def _require_as_it_was(self) -> None:
        stored = type(self).objects.filter(pk=self.pk).exclude(state=self.State.PLANNED).values(*self.FIXED).first()
        if stored is not None and any(getattr(self, name) != value for name, value in stored.items()):
            raise ValidationError(_("It has started: only its name and its end can change. Begin another one."))

    def _require_place(self) -> None:
        """Nothing is tried where nothing is shown. What has started goes on, whatever becomes of the post."""
        if self.post_id is None or type(self).objects.filter(pk=self.pk).exclude(state=self.State.PLANNED).exists():
            return
        if self.slot == self.Slot.POSTER and all(block.block_type != "video" for block in self.post.body):
            raise ValidationError({"slot": _("This post has no film. Choose another place, or add one to it first.")})
        if self.slot == self.Slot.FEATURED_IMAGE and self.post.featured_image_id is None:
            raise ValidationError({"slot": _("This post has no featured image. Choose another place, or one for it.")})

    def _require_alone(self) -> None:
        """Of experiments in one place, none may begin before the other has ended."""
        if self.starts_at is None or self.post_id is None:
            return
        others = type(self).objects.filter(post=self.post_id, slot=self.slot, starts_at__isnull=False)
        others = others.exclude(pk=self.pk).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=self.starts_at))
        if self.ends_at is not None:
            others = others.filter(starts_at__lt=self.ends_at)
        if other := others.first():
            raise ValidationError(
                _("“%(name)s” is in the same place of the post at that time.") % {"name": other.name}
            )


class ExperimentCounts(models.Model):
    """How often either picture was shown and clicked on one day. Counts only: nothing says who it was."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField(_("day"))
    a_shown = models.PositiveBigIntegerField(_("A shown"), default=0)
    a_clicked = models.PositiveBigIntegerField(_("A clicked"), default=0)
    b_shown = models.PositiveBigIntegerField(_("B shown"), default=0)
    b_clicked = models.PositiveBigIntegerField(_("B clicked"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("counts of an experiment")
        verbose_name_plural = _("counts of experiments")
        constraints = [models.UniqueConstraint(fields=["experiment", "day"], name="unique_experiment_day")]

    def __str__(self) -> str:
        return f"{self.experiment_id}: {self.day}"
