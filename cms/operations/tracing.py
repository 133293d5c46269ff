"""One id for a request and all that it causes: in its answer, in its lines, and in those of workers."""

import re
from contextvars import ContextVar
from secrets import token_hex
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.core.signals import request_finished
from django.http import HttpRequest

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=-]{7,127}")
"""What a proxy may have made: long enough to be one of a kind, and nothing that a log or a header would trip over."""

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_names: ContextVar[dict[str, Any]] = ContextVar("names", default={})  # noqa: B039 - never changed


def begin(request: HttpRequest) -> str:
    """Take the id that the request came with, if it is sane, or make one. It holds until the answer has been sent."""
    given = request.headers.get(HEADER, "")
    request_id = given if SANE.fullmatch(given) else token_hex(16)
    _request.set(request)
    _names.set({"request_id": request_id})
    return request_id


def current() -> dict[str, Any]:
    """What lines of now belong to: ``request_id``, and ``user_id`` or ``task`` where there is one."""
    names = _names.get()
    if (request := _request.get()) is not None and (user_id := _user_id(request)) is not None:
        return names | {"user_id": user_id}
    return names


def _user_id(request: HttpRequest) -> int | None:
    """Whoever asks, as far as it is known already: a line in the log is worth no query."""
    token = getattr(request, "auth", None)
    if (of_token := getattr(token, "user_id", None)) is not None:
        return of_token
    return getattr(getattr(request, "_cached_user", None), "pk", None)


def _forget(**kwargs: Any) -> None:
    _request.set(None)
    _names.set({})


def _send_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None and (request_id := _names.get().get("request_id")):
        headers["request_id"] = request_id


def _take_up(task: Any = None, **kwargs: Any) -> None:
    request_id = task.request.get("request_id")
    _names.set({"task": task.name} | ({"request_id": request_id} if request_id else {}))


def connect() -> None:
    """Listen to Django and Celery."""
    # After the body was sent: a stream still belongs to its request.
    request_finished.connect(_forget, dispatch_uid="tracing")
    before_task_publish.connect(_send_along, dispatch_uid="tracing")
    task_prerun.connect(_take_up, dispatch_uid="tracing")
    task_postrun.connect(_forget, dispatch_uid="tracing")
