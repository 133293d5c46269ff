"""Forms in which media are used. Imported while models load, which name them as their ``base_form_class``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import ngettext
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from media_library.admin.permissions import usable_assets
from media_library.models import Asset


class ChosenMediaMixin:
    """What a form brings in must be media that its user may choose, however it got there: by the chooser or by hand.

    What was in the field before stays, whoever put it there; and an older version of a page may bring back what it had
    from the trash.
    """

    for_user: Any
    initial: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        fresh = {}
        for name in data if self.for_user is not None else ():
            if (field := _model_field(self._meta.model, name)) is not None:
                fresh[name] = _assets_in(field, data[name]) - _assets_in(field, self.initial.get(name))
        if wanted := set().union(*fresh.values()):
            allowed = set(usable_assets(self.for_user).filter(pk__in=wanted).values_list("pk", flat=True))
            for name, found in fresh.items():
                if found - allowed:
                    self.add_error(name, _refusal(len(found - allowed)))
        return data


def _refusal(number: int) -> ValidationError:
    # Not which: that they exist is already more than this user may know.
    message = ngettext(
        "A file that is used here is none that you may choose. Choose another one.",
        "%(number)s files that are used here are none that you may choose. Choose others.",
        number,
    )
    return ValidationError(message, code="not_choosable", params={"number": number})


def _model_field(model: type[Model], name: str) -> Field | None:
    """The field that may hold media, or None."""
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    if isinstance(field, ForeignKey):
        return field if issubclass(field.related_model, Asset) else None
    return field if hasattr(field, "extract_references") else None


def _assets_in(field: Field, value: Any) -> set[int]:
    """The ids of the assets in a value of a form, or in what it began with."""
    if not value:
        return set()
    if isinstance(field, ForeignKey):
        return {getattr(value, "pk", value)}
    references = field.extract_references(value)
    return {int(key) for model, key, *_paths in references if issubclass(model, Asset) and str(key).isdecimal()}


class ChosenMediaForm(ChosenMediaMixin, WagtailAdminModelForm):
    """Of anything that isn't a page."""


class ChosenMediaPageForm(ChosenMediaMixin, WagtailAdminPageForm):
    """Of a page."""
