"""What programs write about assets: through the forms of the admin, so that the same rules hold, and into its log."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from taggit.models import Tag
from taggit.utils import edit_string_for_tags
from wagtail.actions.edit import EditAction

from media_library.admin.uploads.doors import DOORS
from media_library.api.rest.errors import form_problem, invalid
from media_library.editing import edit
from media_library.models import Asset, CustomImage


def write(asset: Asset, changes: dict[str, Any], request: HttpRequest) -> None:
    """Write these fields of an asset and nothing else of it, all or none. Raises a 422 that says which can't be."""
    specific, fields = asset.specific, dict(changes)
    has_point, point = "focal_point" in fields, fields.pop("focal_point", None)
    if has_point and not isinstance(specific, CustomImage):
        raise invalid("body.focal_point", _("Only pictures have a focal point."))
    with transaction.atomic():
        if fields:
            form = _form(specific, fields, request.user)
            EditAction(form.instance, user=request.user, form=form).execute(skip_permission_checks=True)
        if has_point:
            edit(specific, specific.get_recipe(), request.user, (point["x"], point["y"]) if point else None)


def _form(asset: Asset, fields: dict[str, Any], user: Any) -> Any:
    """The valid form of the asset's kind with these fields alone."""
    door = next(door for door in DOORS if asset.kind == door.model.KIND)
    form = door.details_form_class()(as_sent(fields), instance=asset, user=user)
    require_fields(form, fields)
    for name in set(form.fields) - set(fields):
        del form.fields[name]
    if not form.is_valid():
        raise form_problem(form)
    return form


def require_fields(form: Any, names: Iterable[str], place: str = "body") -> None:
    """Raise a 422 for a field that the form hasn't."""
    for name in sorted(set(names) - set(form.fields)):
        raise invalid(f"{place}.{name}", _("Assets of this kind have no such field, or you may not change it."))


def as_sent(fields: dict[str, Any]) -> dict[str, str]:
    """Values as a browser sends them."""
    sent = {name: "" if value is None else str(value) for name, value in fields.items() if name != "tags"}
    if "tags" in fields:
        sent["tags"] = edit_string_for_tags([Tag(name=name) for name in fields["tags"]])
    return sent
