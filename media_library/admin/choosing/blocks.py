"""Blocks that hold an asset. What is stored is its id, as with Wagtail's own choosers."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.blocks import ChooserBlock
from wagtail.images.blocks import ImageChooserBlockComparison
from wagtail.images.shortcuts import get_rendition_or_not_found

from media_library.admin.choosing.kinds import MODELS, clean_kinds, model_of, words
from media_library.admin.choosing.widgets import MediaChooser
from media_library.models import Asset, CustomImage


class MediaChooserBlock(ChooserBlock):
    """Chooses an asset of one of ``kinds``, of any kind by default: ``MediaChooserBlock(kinds=["image", "video"])``.

    Its value is the asset as its kind (``CustomImage``, ``Video``, …). Subclasses may set ``kinds`` for good.
    """

    kinds: tuple[str, ...] = ()

    def __init__(self, *args: Any, kinds: Iterable[str] = (), **kwargs: Any):
        self.kinds = clean_kinds(kinds or self.kinds)
        super().__init__(*args, **kwargs)
        if self.meta.icon == ChooserBlock._meta_class.icon:
            self.meta.icon = words(self.kinds).icon

    @property
    def target_model(self) -> type[Asset]:
        return model_of(self.kinds)

    @cached_property
    def widget(self) -> MediaChooser:
        return MediaChooser(self.kinds)

    @cached_property
    def field(self) -> ModelChoiceField:
        field = super().field
        if self.target_model is Asset:
            field.queryset = Asset.objects.filter(kind__in=self.kinds)
        field.error_messages["invalid_choice"] = words(self.kinds).wrong_kind
        return field

    def to_python(self, value: Any) -> Asset | None:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[Any]) -> list[Asset | None]:
        values = list(values)
        if self.target_model is not Asset:
            return super().bulk_to_python(values)
        # One query for the kinds of all, and one for each kind.
        kinds = dict(Asset.objects.filter(pk__in=values, kind__in=self.kinds).values_list("pk", "kind"))
        found: dict[Any, Asset] = {}
        for kind in set(kinds.values()):
            found |= MODELS[kind].objects.in_bulk([key for key, its in kinds.items() if its == kind])
        return [found.get(value) for value in values]

    def value_from_form(self, value: Any) -> Asset | None:
        """The asset with this id, even if it is of a kind that ``clean`` refuses: its editor is to see what it was.

        For an id that names nothing, an asset that is in no database: ``clean`` refuses that, too, where None would be
        an empty place.
        """
        chosen = self.widget.get_instance(value)
        if chosen is None and value not in (None, ""):
            return self.target_model()
        return chosen.specific if chosen is not None else None

    def clean(self, value: Any) -> Asset | None:
        if isinstance(value, Asset):
            if value._state.adding:
                raise ValidationError(_("This file is not there any more. Choose another one."), code="unknown_media")
            if value.kind not in self.kinds:
                raise ValidationError(words(self.kinds).wrong_kind, code="wrong_kind")
            value = value.pk
        return super().clean(value)

    def get_form_state(self, value: Any) -> Any:
        return None if isinstance(value, Asset) and value._state.adding else super().get_form_state(value)

    def render_basic(self, value: Asset | None, context: dict[str, Any] | None = None) -> Any:
        if isinstance(value, CustomImage):
            return get_rendition_or_not_found(value, "original").img_tag()
        return super().render_basic(value, context=context)

    def get_comparison_class(self) -> type:
        if self.target_model is CustomImage:
            return ImageChooserBlockComparison
        return super().get_comparison_class()
