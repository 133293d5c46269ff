"""Browsers in which somebody has logged in before, by a signed cookie.

After "device cookies" of OWASP's "Slow Down Online Guessing Attacks", https://owasp.org/www-community/. The cookie
opens nothing: it says whose further attempts aren't counted with those of strangers.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
_SALT = "cms.security.login.known"
MAX_AGE = 180 * 24 * 60 * 60
MOST = 5
"""Accounts that one browser is known for, the latest first."""


def knows(request: HttpRequest, username: str) -> bool:
    """Whether this account has been logged in in this browser."""
    return _mark(username) in _read(request)


@receiver(user_logged_in)
def remember(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if request is not None:
        request._known_user = user.get_username()


class KnownBrowserMiddleware:
    """Give the cookie to a browser in which somebody has just logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if name := getattr(request, "_known_user", None):
            mark = _mark(name)
            marks = [mark, *(one for one in _read(request) if one != mark)][:MOST]
            response.set_cookie(
                COOKIE,
                signing.dumps(marks, salt=_SALT),
                max_age=MAX_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _mark(username: str) -> str:
    return salted_hmac(_SALT, username, algorithm="sha256").hexdigest()[:32]


def _read(request: HttpRequest) -> list[str]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return []
