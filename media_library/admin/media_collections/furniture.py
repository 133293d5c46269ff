"""Where the rest of Wagtail's admin meets media collections."""

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

from media_library.media_collections import LOG_ADD, LOG_CAPTION, LOG_MOVE, LOG_REMOVE, LOG_REPLACE


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ADD, _("Add to the collection"), _("Added to the collection"))
    actions.register_action(LOG_REMOVE, _("Take out of the collection"), _("Taken out of the collection"))
    actions.register_action(LOG_REPLACE, _("Replace a file"), _("File replaced with another one"))
    actions.register_action(LOG_MOVE, _("Change the order"), _("Order changed"))
    actions.register_action(LOG_CAPTION, _("Write a caption"), _("Caption written"))
