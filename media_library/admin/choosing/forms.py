"""Forms in which media are used. Imported while models load, which name them as their ``base_form_class``."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.models import ReferenceIndex, RevisionMixin

from media_library.admin.choosing.kinds import not_choosable, words
from media_library.admin.permissions import usable_assets
from media_library.models import Asset
from media_library.usage import describe_field


class ChosenMediaMixin:
    """What a form brings in must be media that its user may choose, however it got there: by the chooser or by hand.

    What was in the field before stays, whoever put it there; and an older version of a page may bring back what it had
    from the trash. What is refused is told with its place.
    """

    for_user: Any
    instance: Model
    initial: dict[str, Any]
    data: Any

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.for_user is None:
            return data
        fresh: dict[str, list[Named]] = {}
        for name in data:
            if (field := _model_field(self._meta.model, name)) is not None:
                known = {one.asset for one in _named(field, self.initial.get(name))}
                fresh[name] = [one for one in _named(field, data[name]) if one.asset not in known]
        if wanted := {one.asset for found in fresh.values() for one in found}:
            usable = usable_assets(self.for_user).filter(pk__in=wanted).in_bulk()
            brought_back = self._brought_back() if any(one.trashed_at for one in usable.values()) else set()
            for name, found in fresh.items():
                for one in found:
                    if refusal := one.refusal(usable.get(one.asset), brought_back):
                        self.add_error(name, refusal)
        return data

    def _brought_back(self) -> set[int]:
        """The assets of the older version that somebody makes the draft again, as Wagtail's editor sends its id."""
        key = str(self.data.get("revision") or "")
        if not isinstance(self.instance, RevisionMixin) or self.instance.pk is None or not key.isdecimal():
            return set()
        older = self.instance.revisions.filter(pk=key).first()
        if older is None:
            return set()
        assets = ContentType.objects.get_for_model(Asset).pk
        references = ReferenceIndex._extract_references_from_object(older.as_object())
        return {int(pk) for target, pk, *_paths in references if target == assets and pk.isdecimal()}


@dataclass(frozen=True)
class Named:
    """A place in a form that names an asset: as what, and where."""

    asset: int
    model: type[Asset]
    field: Field
    model_path: str

    def refusal(self, asset: Asset | None, brought_back: set[int]) -> ValidationError | None:
        """Why the asset can't stand there; ``asset`` is None where there is none, or none that the user may choose."""
        if asset is None:
            return self._error(not_choosable(), "not_choosable")
        if asset.trashed_at and asset.pk not in brought_back:
            sentence = _("“%(title)s” is in the trash. Restore it, or choose another one.") % {"title": asset.title}
            return self._error(sentence, "in_trash")
        if self.model is not Asset and asset.kind != self.model.KIND:
            return self._error(words((self.model.KIND,)).wrong_kind, "wrong_kind")
        return None

    def _error(self, sentence: str, code: str) -> ValidationError:
        if not self.model_path:
            return ValidationError(sentence, code=code)
        own = ContentType.objects.get_for_model(self.field.model)
        path = f"{self.field.name}.{self.model_path}"
        place = describe_field(ReferenceIndex(content_type=own, model_path=path)).name
        return ValidationError(f"{place}: {sentence}", code=code)


def _model_field(model: type[Model], name: str) -> Field | None:
    """The field that may hold media, or None."""
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    if isinstance(field, ForeignKey):
        return field if issubclass(field.related_model, Asset) else None
    return field if hasattr(field, "extract_references") else None


def _named(field: Field, value: Any) -> Iterator[Named]:
    """The assets in a value of a form, or in what it began with."""
    if not value:
        return
    if isinstance(field, ForeignKey):
        yield Named(getattr(value, "pk", value), cast(type[Asset], field.related_model), field, "")
        return
    for model, key, model_path, _path in field.extract_references(value):
        if issubclass(model, Asset) and str(key).isdecimal():
            yield Named(int(key), model, field, model_path)


class ChosenMediaForm(ChosenMediaMixin, WagtailAdminModelForm):
    """Of anything that isn't a page."""


class ChosenMediaPageForm(ChosenMediaMixin, WagtailAdminPageForm):
    """Of a page."""
