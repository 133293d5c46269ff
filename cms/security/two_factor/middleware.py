from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject

from cms.security.two_factor.devices import devices_of, is_required

SESSION_KEY = "two_factor_device"
"""The id of the device by which this session was opened."""

ALWAYS_OPEN = {
    "two_factor_code",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
}
OPEN_WITHOUT_DEVICE = {"two_factor_new", "two_factor_qr"}


class TwoFactorMiddleware:
    """Whoever has a device gives its code before the admin opens.

    Everywhere else such a session is nobody's until then: no draft, no original, no user bar. API tokens are no
    sessions, and go on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.admin = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.TWO_FACTOR == "off":
            return self.get_response(request)
        if not request.path_info.startswith(self.admin):
            request.user = SimpleLazyObject(partial(_whole_user, request, request.user))  # type: ignore[assignment]
            return self.get_response(request)
        if request.user.is_authenticated and (way := self._way(request)):
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":
                raise PermissionDenied
            return redirect(f"{reverse(way)}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)

    def _way(self, request: HttpRequest) -> str | None:
        """The name of the page that stands before the one that is asked for."""
        try:
            name = resolve(request.path_info).url_name
        except Resolver404:
            name = None
        if name in ALWAYS_OPEN:
            return None
        devices = devices_of(request.user)
        if devices:
            return None if _is_verified(request, devices) else "two_factor_code"
        return "two_factor_new" if is_required(request.user) and name not in OPEN_WITHOUT_DEVICE else None


def _is_verified(request: HttpRequest, devices: list) -> bool:
    return request.session.get(SESSION_KEY) in {one.pk for one in devices}


def _whole_user(request: HttpRequest, user):
    if not user.is_authenticated:
        return user
    devices = devices_of(user)
    is_whole = _is_verified(request, devices) if devices else not is_required(user)
    return user if is_whole else AnonymousUser()
