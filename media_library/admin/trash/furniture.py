"""Where the rest of Wagtail's admin meets the trash: the log."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

from media_library.deletion.trash import LOG_RESTORE, LOG_TRASH


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_TRASH, _("Put in the trash"), _("Put in the trash"))
    actions.register_action(LOG_RESTORE, _("Restore from the trash"), _("Restored from the trash"))
