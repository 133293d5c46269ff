"""How many wrong passwords are looked at, counted over all processes in the database."""

import math
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from cms.security.login.known import knows
from media_library.api.addresses import client_address


class LoginHandler(AxesDatabaseHandler):
    """Three limits within ``LOGIN_LOCK_MINUTES``: for an account from one address, for an address, for an account.

    The third stops those who guess from many addresses, and would let them lock an account; so it is not held against
    a browser in which the account has been logged in before (`known`).
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """``AXES_FAILURE_LIMIT`` where any limit is reached, else 0."""
        return settings.AXES_FAILURE_LIMIT if self._is_too_much(request, credentials) else 0

    def _is_too_much(self, request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
        name = get_client_username(request, credentials)
        here, account = Q(ip_address=client_address(request)), Q(username=name)
        failures = {"both": here & account, "here": here, "account": account}
        found = recent_attempts().aggregate(
            **{key: Sum("failures_since_start", filter=which, default=0) for key, which in failures.items()}
        )
        if found["both"] >= settings.LOGIN_TRIES:
            return True
        if knows(request, name or ""):
            return False
        return found["here"] >= settings.LOGIN_TRIES_OF_ADDRESS or found["account"] >= settings.LOGIN_TRIES_OF_ACCOUNT


def recent_attempts() -> QuerySet[AccessAttempt]:
    """Those that still count."""
    return AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - _lock())


def _lock() -> timedelta:
    return timedelta(minutes=settings.LOGIN_LOCK_MINUTES)


def locked_out(request: HttpRequest, original: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """429 with ``Retry-After``, and on the page what to do and when; the same for names that nobody has."""
    name = get_client_username(request, credentials)
    attempts = recent_attempts().filter(Q(ip_address=client_address(request)) | Q(username=name))
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    seconds = max(1, math.ceil(((last or timezone.now()) + _lock() - timezone.now()).total_seconds()))
    minutes = math.ceil(seconds / 60)
    wait = ngettext("Try again in a minute.", "Try again in %(minutes)d minutes.", minutes) % {"minutes": minutes}
    response = render(request, "cms/security/locked_out.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def forget_old_attempts() -> int:
    """Delete what counts no more, addresses and names with it; returns how many."""
    return AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - _lock()).delete()[0]
