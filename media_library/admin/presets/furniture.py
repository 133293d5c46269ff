"""Where Wagtail's admin meets presets: the menu, and the permission in the form of groups."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from media_library.admin.permissions import may_work


class PresetsMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_work(request.user)


def menu_item() -> PresetsMenuItem:
    return PresetsMenuItem(
        _("Presets"), reverse("media_library_presets"), name="presets", icon_name="picture-crop", order=1115
    )


def permissions() -> QuerySet[Permission]:
    """What may be given to a group: of a front end's build, for its token."""
    return Permission.objects.filter(content_type__app_label="media_library", codename="add_presetmanifest")
