"""Where the rest of Wagtail's admin meets bulk actions: log and menu."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from media_library.admin.permissions import visible_assets
from media_library.bulk import LOG_ACTIONS
from media_library.models import BulkOperation


def register_log_actions(actions: LogActionRegistry) -> None:
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)


class OperationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return BulkOperation.objects.filter(user=request.user).exists() or visible_assets(request.user).exists()


def menu_item() -> MenuItem:
    return OperationsMenuItem(
        _("Bulk operations"), reverse("media_library_operations"), name="operations", icon_name="list-ul", order=1201
    )
