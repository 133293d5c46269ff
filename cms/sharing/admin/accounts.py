"""Accounts in the admin. Their tokens are written, and never shown again."""

from ipaddress import ip_address, ip_network
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from blog.models import SharingAccount
from cms.delivery.admin.receivers import ReceiverIndexView, read_address
from cms.sharing import secrets
from cms.sharing.admin.testing import TestView
from cms.sharing.connectors import connectors


def connector_choices() -> list[tuple[str, Any]]:
    return [(name, connector.label) for name, connector in connectors().items()]


class AccountForm(forms.ModelForm):
    connector = forms.ChoiceField(label=_("Kind"), choices=connector_choices)
    address = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        help_text=_("Of the Mastodon server, as https://example.social; of a webhook, where messages are sent to."),
    )
    token = forms.CharField(
        label=_("Access token, or secret"),
        required=False,
        strip=True,
        max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    class Meta:
        model = SharingAccount
        fields = ["name", "connector", "address", "token", "visibility", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        told = [f"{one.label}: {one.token_help}" for one in connectors().values()]
        if self.instance.pk:
            told.insert(0, gettext("Leave it empty to keep the one that is there; it is not shown."))
        self.fields["token"].help_text = " ".join(told)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        parts = read_address(address)
        if parts.scheme != "https" and not _is_inside(str(parts.hostname)):
            told = gettext("Use https://: with http:// the token can be read on its way.")
            raise ValidationError(told, code="address")
        return address

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        connector, token = connectors().get(data.get("connector", "")), data.get("token")
        if connector is None:
            return data
        if token:
            try:
                connector.check_token(token)
            except ValidationError as error:
                self.add_error("token", error)
        elif not self.instance.pk:
            self.add_error("token", ValidationError(gettext("Enter it."), code="required"))
        elif {"connector", "address"} & set(self.changed_data):
            # A token is for one server, and shall be sent to no other.
            told = gettext("Enter the token again: it is for the other server.")
            self.add_error("token", ValidationError(told, code="required"))
        return data

    def save(self, commit: bool = True) -> SharingAccount:
        if token := self.cleaned_data.get("token"):
            self.instance.secret = secrets.lock(token)
        if self.instance.is_active:
            # A new beginning.
            self.instance.notice, self.instance.not_before = "", None
        return super().save(commit)


def _is_inside(host: str) -> bool:
    """Whether an operator has named this host, or its network."""
    allowed = {str(one).lower() for one in settings.WEBHOOK_ALLOWED_HOSTS}
    if host.lower() in allowed:
        return True
    try:
        address = ip_address(host)
        return any(address in ip_network(one, strict=False) for one in allowed if one[:1].isdigit() or ":" in one)
    except ValueError:
        return False


class AccountIndexView(ReceiverIndexView):
    address_column = Column("address", label=_("Address"), classname="sending-url")
    state_template_name = "sharing/account_state.html"


class AccountEditView(generic.EditView):
    template_name = "sharing/account.html"


class AccountViewSet(ModelViewSet):
    model = SharingAccount
    name = "sharing_accounts"
    url_prefix = "sharing-accounts"
    icon = "user"
    menu_label = _("Accounts for sharing")
    menu_order = 710
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    search_fields = ["name", "address"]
    search_backend_name = None
    list_filter = ["is_active"]
    index_view_class = AccountIndexView
    edit_view_class = AccountEditView
    edit_template_name = "sharing/account.html"

    def get_form_class(self, for_update: bool = False) -> type[AccountForm]:
        return AccountForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("test/<int:pk>/", TestView.as_view(), name="test")]
