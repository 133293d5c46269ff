"""The ways to the board: below Reports."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from media_library.admin.permissions import may_work


class BoardMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_work(request.user)


def dashboard_item() -> MenuItem:
    url = reverse("media_library_dashboard")
    return BoardMenuItem(_("Media dashboard"), url, name="media-dashboard", icon_name="history", order=1100)


def health_item() -> MenuItem:
    url = reverse("media_library_health")
    return BoardMenuItem(_("Media health"), url, name="media-health", icon_name="check", order=1110)
