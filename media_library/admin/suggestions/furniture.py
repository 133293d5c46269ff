"""Where the rest of Wagtail's admin meets suggestions: the log and the menu."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from media_library.admin.permissions import may_work
from media_library.insight.deciding import LOG_ACCEPT, LOG_REJECT


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACCEPT, _("Accept a suggestion"), _("A suggestion was accepted"))
    actions.register_action(LOG_REJECT, _("Reject a suggestion"), _("A suggestion was rejected"))


class SuggestionsMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_work(request.user)


def menu_item() -> SuggestionsMenuItem:
    url = reverse("media_library_suggested")
    return SuggestionsMenuItem(_("Suggestions"), url, name="suggestions", icon_name="tag", order=1205)
