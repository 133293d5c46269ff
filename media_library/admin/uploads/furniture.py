"""The way to the page for files of any kind."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from media_library.admin.uploads.doors import DOORS


class AddMediaMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(door.is_open_to(request.user) for door in DOORS)


def menu_item() -> MenuItem:
    # Images stand at 300.
    return AddMediaMenuItem(
        _("Add media"), reverse("media_library_add"), name="add-media", icon_name="upload", order=290
    )
