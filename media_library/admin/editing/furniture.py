"""Where the rest of Wagtail's admin meets edited pictures: bulk actions, log, icons."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

from media_library import watermarks
from media_library.admin import motion
from media_library.editing import LOG_EDIT, LOG_REVERT
from media_library.models import CustomImage

ICONS = ("crop", "rotate-left", "rotate-right", "undo", "redo", "flip-horizontal", "flip-vertical", "swap")


def add_icons(icons: list[str]) -> list[str]:
    return [*icons, *(f"media_library/icons/picture-{name}.svg" for name in ICONS)]


def redevelop_moved(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail moves many pictures to a collection by one UPDATE, of which no signal tells."""
    images = [one for one in objects if isinstance(one, CustomImage)]
    if action_type == "add_to_collection" and images:
        watermarks.moved(images, action.cleaned_form.cleaned_data["collection"].pk)


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_EDIT, _("Edit the picture"), _("Picture edited"))
    motion.register_log_actions(actions)
    actions.register_action(LOG_REVERT, _("Show the original again"), _("Original shown again"))
