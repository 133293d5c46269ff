"""The form field that holds a chosen asset. Imported while models load, for the blocks, so it touches no URL."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets.chooser import BaseChooser

from media_library.admin.choosing.cards import chosen_data
from media_library.admin.choosing.kinds import ALL_KINDS, MODELS, WORDS, clean_kinds, model_of, words
from media_library.models import Asset

MODAL = "media_library_chooser:choose"
UPLOAD = "media_library_chooser:create"


class MediaChooser(BaseChooser):
    """Chooses an asset of one of ``kinds``, of any kind by default: ``MediaChooser(kinds=["image", "video"])``.

    Shows the chosen one with its picture and its status, which keeps itself up to date, and takes files that are
    dropped on it.
    """

    template_name = "media_library/choosing/widget.html"
    classname = "media-chooser"
    clear_choice_text = _("Clear")
    # The input beside it: what is chosen now, for which the modal looks for similar ones.
    linked_fields = {"chosen": {"match": "^.+(?=-chooser$)"}}
    model = Asset

    def __init__(self, kinds: Iterable[str] = (), **kwargs: Any):
        self.kinds = clean_kinds(kinds)
        found = words(self.kinds)
        self.icon = found.icon
        self.choose_one_text = found.choose
        self.choose_another_text = found.choose_another
        self.link_to_chosen_text = found.edit
        super().__init__(**kwargs)

    def get_chooser_modal_url(self) -> str:
        return self.limit(reverse(MODAL))

    def limit(self, url: str) -> str:
        return url if self.kinds == ALL_KINDS else f"{url}?kinds={','.join(self.kinds)}"

    def get_instance(self, value: Any) -> Asset | None:
        """The asset, whatever its kind: of one that can't be used here, the form says so."""
        if value is None or isinstance(value, Asset):
            return value
        try:
            return Asset.objects.get(pk=value)
        except (Asset.DoesNotExist, ValueError, TypeError, OverflowError):
            return None

    def get_value_data_from_instance(self, instance: Asset) -> dict[str, Any]:
        [data] = chosen_data([instance])
        return data

    def get_context(self, name: str, value_data: dict[str, Any], attrs: dict[str, Any]) -> dict[str, Any]:
        return super().get_context(name, value_data, attrs) | {
            "chosen": value_data,
            "upload_url": self.limit(reverse(UPLOAD)),
            "icons": [(kind, WORDS[kind].icon) for kind in self.kinds],
            "chosen_icon": WORDS[value_data["kind"]].icon if value_data else "",
        }


def register_widgets() -> None:
    """Foreign keys to assets are chosen with it in all forms of the admin."""
    for kinds in [ALL_KINDS, *((kind,) for kind in MODELS)]:
        override = {
            "widget": MediaChooser(kinds),
            "error_messages": {"invalid_choice": words(kinds).wrong_kind},
        }
        register_form_field_override(ForeignKey, to=model_of(kinds), override=override)
