"""What happens to every request before and after Ninja: it is counted, and every refusal is a problem."""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from media_library.api.addresses import client_address
from media_library.api.problems import PROBLEM_JSON, problem
from media_library.api.rest.errors import CODES, UNREADABLE, refusal_of
from media_library.conf import conf

WINDOW_SECONDS = 60
PER_ADDRESS = 5
"""How many times the limit one address may ask, whatever tokens it has: an office, or somebody who guesses."""

View = Callable[..., HttpResponseBase]


def door(view: View) -> View:
    """Wrap a view of an API. Answers 429 with ``Retry-After`` above ``API_REQUESTS_PER_MINUTE``."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if wait := seconds_to_wait(request):
            response = problem(429, "too_many_requests", _("Too many requests. Wait, then go on."))
            response["Retry-After"] = str(wait)
            return response
        try:
            return _as_problem(view(request, *args, **kwargs))
        except UNREADABLE as error:
            return refusal_of(error)

    # Ninja checks it for sessions, and tokens need none.
    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped


def seconds_to_wait(request: HttpRequest) -> int:
    """Count a request by its token, or by its address; 0 if it may pass."""
    limit = conf.API_REQUESTS_PER_MINUTE
    if not limit:
        return 0
    address = client_address(request)
    token = request.headers.get("Authorization", "")
    allowed = _count(token, limit) and _count(address, limit * PER_ADDRESS) if token else _count(address, limit)
    return 0 if allowed else WINDOW_SECONDS - int(time.time()) % WINDOW_SECONDS


def _count(who: str, limit: int) -> bool:
    """One more in this minute, in the cache that all processes share."""
    digest = hashlib.blake2b(who.encode(), digest_size=12).hexdigest()
    key = f"api-requests-{int(time.time()) // WINDOW_SECONDS}-{digest}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:
        # It went in this moment.
        return True


def _as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """What Ninja and Django refuse in plain text, such as a method, keeps its headers."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith((PROBLEM_JSON, "application/json")):
        return response
    code = CODES.get(response.status_code, "error")
    answer = problem(response.status_code, code, HttpResponse(status=response.status_code).reason_phrase)
    for name, value in response.items():
        if name.lower() not in ("content-type", "content-length"):
            answer[name] = value
    return answer
