"""The way to the page for files of any kind, and what lets files be dropped on others."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from media_library.admin.uploads.doors import open_doors


class AddMediaMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(open_doors(request.user))


def menu_item() -> MenuItem:
    # Right below the library.
    return AddMediaMenuItem(
        _("Add media"), reverse("media_library_add"), name="add-media", icon_name="upload", order=301
    )


def add_icons(icons: list[str]) -> list[str]:
    return [*icons, "media_library/icons/upload-pause.svg", "media_library/icons/upload-resume.svg"]


def styles() -> SafeString:
    names = ("uploads", "upload-rows", "upload-tray")
    sheets = ((static(f"media_library/css/{name}.css"),) for name in names)
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


def script() -> SafeString:
    return format_html(
        '<script type="module" src="{}" data-upload-tray-url="{}"></script>',
        static("media_library/js/uploader/everywhere.js"),
        reverse("media_library_upload_tray"),
    )
