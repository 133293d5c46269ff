"""Pages behind a shared password: the password is exchanged for a token, and the token opens the page.

Nothing else of such a page is public. Lists, searches and feeds leave it out, as Wagtail does; who asks for the page
itself is told that there is a password, and its id, so that a front end can ask for it. Not its title: that may be
what the password is for. What is closed to everybody who isn't logged in stays unknown (404), password or not.
"""

import json
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from wagtail.models import Page, PageViewRestriction, Site

from media_library.api.addresses import client_address
from media_library.api.problems import problem
from media_library.statistics.shared_throttle import SharedThrottle
from media_library.uploads.names import storable

HEADER = "X-Page-Token"
PARAMETER = "access_token"

MAX_BYTES = 10_000
"""Of a body that holds a password."""

LARGEST_ID = 2**31 - 1
"""Of a page: what the database's integers hold."""

_SALT = "blog.api.passwords"
_tries = SharedThrottle("page passwords", seconds=10 * 60)


class PasswordRequired(Exception):
    """The page is there, and whoever asks hasn't given its password."""

    def __init__(self, page: Page):
        self.page = page

    @property
    def response(self) -> HttpResponse:
        """401 ``{"code": "password_required", "id": 12, "detail": "…", "message": "…"}``."""
        # As Wagtail's API says what is wrong, beside the way in which a problem does.
        detail = _("This page needs a password.")
        response = problem(401, "password_required", detail, message=detail, id=self.page.pk)
        response["WWW-Authenticate"] = "Page-Password"
        return response


def open_page(request: HttpRequest | Request, pk: int, model: type[Page] = Page) -> Any:
    """The live page of this model and id, of any site, if it is open to whoever asks; else None.

    Raises ``PasswordRequired`` if a password would open it. A page that a token has opened is marked as
    ``opened_by_password``: nobody may keep what is answered of it.
    """
    page = model._default_manager.live().filter(pk=pk).first() if pk <= LARGEST_ID else None
    if page is None:
        return None
    closed = _closed(page, request)
    if closed is None:
        return None
    if not closed:
        return page
    if _unopened(closed, request):
        raise PasswordRequired(page)
    page.opened_by_password = True
    return page


def opened_page(request: Request, pk: int) -> Page | None:
    """A page of the site that was asked for, opened by a token; None where no password would open it.

    Raises ``PasswordRequired`` as ``open_page`` does.
    """
    site = Site.find_for_request(request)
    page = Page.objects.live().filter(pk=pk).first() if site and pk <= LARGEST_ID else None
    roots = [site.root_page, *site.root_page.get_translations()] if page else []
    if not any(page.path.startswith(root.path) for root in roots):
        return None
    page = open_page(request, pk)
    return page.specific if page is not None and getattr(page, "opened_by_password", False) else None


class PasswordPagesMixin:
    """Of an endpoint of pages: its details, and what is found by a path, may be opened by a token."""

    request: Request
    kwargs: dict[str, Any]
    opened_by_password = False

    def find_base_object(self) -> Page:
        try:
            return super().find_base_object()  # type: ignore[misc]
        except Http404:
            if (page := self.opened_page(self.kwargs["pk"])) is None:
                raise
            return page

    def opened_page(self, pk: int) -> Page | None:
        """As ``opened_page``; and nobody keeps the response."""
        page = opened_page(self.request, pk)
        self.opened_by_password = page is not None
        return page

    def handle_exception(self, exc: Exception) -> HttpResponse:
        return exc.response if isinstance(exc, PasswordRequired) else super().handle_exception(exc)  # type: ignore[misc]

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if self.opened_by_password:
            response["Cache-Control"] = "private, no-store"
        return response


def _closed(page: Page, request: HttpRequest | Request) -> list[PageViewRestriction] | None:
    """The passwords that stand before a page; None when it is closed in another way, too."""
    closed = [one for one in page.get_view_restrictions() if not one.accept_request(request)]
    by_password = [one for one in closed if one.restriction_type == PageViewRestriction.PASSWORD]
    return by_password if len(by_password) == len(closed) else None


def _unopened(closed: list[PageViewRestriction], request: HttpRequest | Request) -> list[PageViewRestriction]:
    proofs = _read_token(request)["proofs"]
    return [one for one in closed if not constant_time_compare(proofs.get(str(one.pk), ""), _proof(one))]


def _proof(restriction: PageViewRestriction) -> str:
    """Says that somebody knew the password as it is now. Nobody finds the password in it without the secret key."""
    return salted_hmac(_SALT, f"{restriction.pk}:{restriction.password}", algorithm="sha256").hexdigest()[:32]


def _read_token(request: HttpRequest | Request) -> dict[str, Any]:
    token = request.headers.get(HEADER) or request.GET.get(PARAMETER) or ""
    try:
        read = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        read = None
    return read if read and read["expires"] > time.time() else {"proofs": {}, "expires": None}


# It changes nothing, so there is nothing to forge.
@csrf_exempt
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """``POST /api/v2/pages/{id}/password/`` with ``{"password": "…"}``.

    200 ``{"token": "…", "expires": "2026-11-26T12:00:00Z", "open": true}``. A page may stand behind several passwords;
    then ``open`` is false until each was given, with the token of the one before. 403 for a wrong one, 404 where there
    is no password to give, 429 with ``Retry-After`` after too many wrong ones.
    """
    if request.method != "POST":
        response = problem(405, "method_not_allowed", _("A password is sent with POST."))
        response["Allow"] = "POST, OPTIONS"
        return response
    page = Page.objects.live().filter(pk=pk).first() if pk <= LARGEST_ID else None
    closed = _closed(page, request) if page else None
    if not closed:
        return problem(404, "not_found", _("There is no page here that a password opens."))
    try:
        given = _read_password(request)
    except (ValueError, RecursionError, UnreadablePostError):
        return problem(400, "unreadable", _('Send the password as JSON: {"password": "…"}.'))
    who, where = f"address {client_address(request)}", f"page {pk}"
    # Counted before it is looked at: a hundred at the same time are a hundred.
    for what, limit in ((who, settings.PAGE_PASSWORD_TRIES), (where, settings.PAGE_PASSWORD_TRIES_IN_ALL)):
        if not _tries.allows(what, limit):
            return _too_often()
    right = [one for one in closed if constant_time_compare(given, one.password)]
    if not right:
        return problem(403, "wrong_password", _("That is not the password. Try it again."))
    _tries.forgive(who)
    _tries.forgive(where)
    return _exchange(request, closed, right)


def _exchange(
    request: HttpRequest, closed: list[PageViewRestriction], right: list[PageViewRestriction]
) -> HttpResponse:
    former = _read_token(request)
    proofs = former["proofs"] | {str(one.pk): _proof(one) for one in right}
    # What a former token opens is open no longer than by that token.
    expires = min(former["expires"] or float("inf"), int(time.time()) + settings.PAGE_PASSWORD_MAX_AGE)
    body = {
        "token": signing.dumps({"proofs": proofs, "expires": expires}, salt=_SALT),
        "expires": datetime.fromtimestamp(expires, UTC).isoformat().replace("+00:00", "Z"),
        "open": all(proofs.get(str(one.pk)) == _proof(one) for one in closed),
    }
    return JsonResponse(body, headers={"Cache-Control": "private, no-store"})


def _too_often() -> HttpResponse:
    response = problem(429, "busy", _("Too many wrong passwords. Wait some minutes, then try again."))
    response["Retry-After"] = str(_tries.seconds_left())
    return response


def _read_password(request: HttpRequest) -> str:
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("too long")
    sent = json.loads(body)
    given = sent.get("password") if isinstance(sent, dict) else None
    if not isinstance(given, str) or not given:
        raise ValueError("no password")
    return storable(given)
