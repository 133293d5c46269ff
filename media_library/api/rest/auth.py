"""Who asks: a token of Wagtail's, a session of the admin, or nobody in particular."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import SessionAuth as NinjaSessionAuth
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.models import APIToken

from media_library.api.rest.errors import Problem
from media_library.tokens import is_too_old


class TokenAuth(BearerTokenAuth):
    """``Authorization: Bearer wagtail_…``. A token that is no good is told so, whatever cookies come along."""

    openapi_name = "token"

    def __call__(self, request: HttpRequest) -> APIToken | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _space, token = header.partition(" ")
        if scheme.lower() != self.openapi_scheme or not token.strip():
            raise unauthorized("invalid_token", _("Send the token as “Authorization: Bearer <token>”."))
        found = self.authenticate(request, token.strip())
        if found is None:
            raise unauthorized(
                "invalid_token", _("This token is not known, was revoked, or its user is not active. Make a new one.")
            )
        if is_too_old(found):
            raise unauthorized("expired_token", _("This token is too old. Make a new one."))
        return found


class SessionAuth(NinjaSessionAuth):
    """Somebody who is logged in to the admin; their browser sends the CSRF token with what changes anything."""

    openapi_name = "session"

    def __call__(self, request: HttpRequest) -> Any:
        # Without a session there is nothing to forge, and the answer is that nobody is logged in.
        return super().__call__(request) if request.user.is_authenticated else None


class Anyone:
    """For reading what is public."""

    def __call__(self, request: HttpRequest) -> AnonymousUser:
        request.user = AnonymousUser()
        return request.user


SIGNED_IN: list[Any] = [TokenAuth(), SessionAuth()]
ANYONE: list[Any] = [*SIGNED_IN, Anyone()]


def unauthorized(code: str, detail: str) -> Problem:
    """401, with the challenge of RFC 6750."""
    error = f' error="{code}"' if code == "invalid_token" else ""
    return Problem(401, code, detail, headers={"WWW-Authenticate": f"Bearer{error}"})
