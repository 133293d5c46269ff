"""The rights to an asset in its form: a group of their own, which is closed until somebody opens it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from media_library.models.asset import RIGHTS
from media_library.rights import LICENCES

GROUP = ("credit", "licence", *RIGHTS)


class LicenceInput(forms.TextInput):
    """Free text that suggests the licences which are known by name."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id') or name}-known"
        known = format_html_join(
            "", '<option value="{}" label="{}"></option>', ((one.name, one.url or one.name) for one in LICENCES)
        )
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, known)


WIDGETS = {"licence": LicenceInput, "expires_on": AdminDateInput}
HELP_TEXTS = {
    "licence": _("One of the list, or in your own words. The name of a Creative Commons licence becomes a link."),
    "legal_basis": _("Why people in it may be shown: Article 6 of the GDPR. For editors only."),
    "model_release": _("Whether the people in it have agreed in writing. For editors only."),
}


class RightsFormMixin:
    """For forms of assets whose page shows the rights by themselves (the tag ``rights_panel``)."""

    set_aside: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[BoundField]:
        return (field for field in super().__iter__() if field.name not in self.set_aside)

    def set_rights_aside(self) -> list[BoundField]:
        """The fields of the group, which walking through the form leaves out from now on."""
        self.set_aside = GROUP
        return [field for field in super().__iter__() if field.name in GROUP]
