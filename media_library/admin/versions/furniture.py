"""Where the rest of Wagtail's admin meets versions: the log."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

from media_library.replacement import LOG_REPLACE_FILE, LOG_RESTORE_VERSION


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_REPLACE_FILE, _("Replace the file"), _("File replaced"))
    actions.register_action(LOG_RESTORE_VERSION, _("Restore a version"), _("Former version of the file restored"))
