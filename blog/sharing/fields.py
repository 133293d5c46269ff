"""Texts that an editor has written for single networks, as a field of models and of forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from blog.sharing.networks import NETWORKS


class TextsWidget(forms.MultiWidget):
    """A text area for each network."""

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({name: forms.Textarea({"rows": 4}) for name in NETWORKS}, attrs)

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(name, "") for name in NETWORKS]


class TextsFormField(forms.MultiValueField):
    """Raises for each text that is too long for its network, with what it measures there."""

    widget = TextsWidget

    def __init__(self, **kwargs: Any):
        kwargs |= {"required": False, "require_all_fields": False}
        super().__init__([forms.CharField(required=False) for _name in NETWORKS], **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        found = dict(zip(NETWORKS, data_list, strict=False))
        texts = {name: text for name, text in found.items() if text}
        too_long = [
            _("%(network)s: %(measure)s of %(limit)s characters. Shorten your text, or leave it empty.")
            % {"network": network.label, "measure": network.measure(texts[name]), "limit": network.limit}
            for name, network in NETWORKS.items()
            if name in texts and not network.fits(texts[name])
        ]
        if too_long:
            raise ValidationError([ValidationError(text, code="too_long") for text in too_long])
        return texts


class TextsField(models.JSONField):
    """Texts by the names of networks; those that nobody has written are not in it."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs |= {"default": dict, "blank": True}
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        # Past that of JSON, which takes an encoder.
        options = {"label": self.verbose_name, "help_text": self.help_text}
        if "widget" in kwargs:
            options["widget"] = kwargs["widget"]
        return TextsFormField(**options)
