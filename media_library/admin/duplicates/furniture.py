"""Where the rest of Wagtail's admin meets duplicates: the log."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

from media_library.merging import LOG_MERGE


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_MERGE, _("Merge"), _("Another file merged into this one"))
