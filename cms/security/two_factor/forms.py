from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cms.security.two_factor.devices import accept, seconds_to_wait

WRONG = _("That is not the code. Codes change every 30 seconds, and each is good once: wait for the next one.")


class CodeForm(forms.Form):
    """The second step of the login."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your app, or one of your backup codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> str:
        if seconds := seconds_to_wait(self.user):
            raise ValidationError(
                ngettext(
                    "After wrong codes, the next is looked at in a second.",
                    "After wrong codes, the next is looked at in %(seconds)d seconds.",
                    seconds,
                )
                % {"seconds": seconds}
            )
        self.device = accept(self.user, self.cleaned_data["code"])
        if self.device is None:
            raise ValidationError(WRONG)
        return self.cleaned_data["code"]


class PasswordForm(forms.Form):
    """The password once more, before anything changes: a browser that was left open is not enough."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        # Counted with the attempts to log in.
        if authenticate(self.request, username=self.request.user.get_username(), password=password) is None:
            raise ValidationError(_("That is not your password."))
        return password


class NewDeviceForm(PasswordForm):
    name = forms.CharField(label=_("Name of the device"), max_length=64, help_text=_("Such as “My phone”."))
    code = forms.CharField(
        label=_("Code"),
        max_length=7,
        help_text=_("The six digits that the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ("code", "name", "password")

    def __init__(self, device: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.device = device

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # Last, since a code is used up by it.
        if not self.errors and not self.device.verify_token(cleaned["code"].replace(" ", "")):
            self.add_error("code", WRONG)
        return cleaned
