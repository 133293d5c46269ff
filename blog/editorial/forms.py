"""What a form of a page says of its schedule, in the admin and in API v3. Imported while models load."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.slugs import SlugMixin
from media_library.admin.choosing.forms import ChosenMediaPageForm
from media_library.api.v3.forms import WrittenPageForm


class ScheduleMixin:
    """A date is in the future when somebody chooses it, and may pass then; it ends after it begins."""

    initial: dict[str, Any]
    instance: Any

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        begins = data.get("go_live_at")
        if begins and begins <= timezone.now() and not same_minute(begins, self.initial.get("go_live_at")):
            told = _("This time has passed. Choose a later one, or leave it empty to publish at once.")
            self.add_error("go_live_at", ValidationError(told, code="in_the_past"))
        # Of a page that API v3 changes, only what was sent is in the form.
        begins, ends = (data.get(name, getattr(self.instance, name)) for name in ("go_live_at", "expire_at"))
        if begins and ends and ends <= begins and "expire_at" in data and "expire_at" not in self.errors:
            told = _("It would end before it begins. Choose a time after that at which the page goes live.")
            self.add_error("expire_at", ValidationError(told, code="ends_first"))
        return data


def same_minute(one: datetime, other: datetime | None) -> bool:
    """Whether somebody who sees no seconds has left it as it was."""
    return other is not None and one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


class EditorialPageForm(ScheduleMixin, SlugMixin, ChosenMediaPageForm):
    """In the admin."""


class WrittenEditorialPageForm(ScheduleMixin, SlugMixin, WrittenPageForm):
    """In API v3."""
