from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets import Button

from cms.security.two_factor import views

urlpatterns = [
    path("two-factor/code/", views.CodeView.as_view(), name="two_factor_code"),
    path("account/two-factor/", views.OverviewView.as_view(), name="two_factor"),
    path("account/two-factor/new/", views.NewDeviceView.as_view(), name="two_factor_new"),
    path("account/two-factor/new/qr.svg", views.QRCodeView.as_view(), name="two_factor_qr"),
    path("account/two-factor/<int:pk>/remove/", views.RemoveDeviceView.as_view(), name="two_factor_remove"),
    path("users/<int:pk>/two-factor/reset/", views.ResetView.as_view(), name="two_factor_reset"),
]


def account_item(request: HttpRequest) -> dict[str, Any] | None:
    if settings.TWO_FACTOR == "off":
        return None
    return {
        "url": reverse("two_factor"),
        "label": _("Two-factor login"),
        "help_text": _("Log in with a code from your phone beside the password."),
    }


def user_buttons(user: Any, request_user: Any) -> list[Button]:
    if settings.TWO_FACTOR == "off" or not views.may_reset(request_user, user):
        return []
    url = reverse("two_factor_reset", args=[user.pk])
    return [Button(_("Reset the two-factor login"), url, icon_name="lock", priority=30)]
