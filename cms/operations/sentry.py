"""Errors of web processes and workers, to Sentry or whatever speaks its protocol. Nothing is sent without a DSN."""

from typing import Any

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from cms.operations.logs import scrub
from cms.operations.tracing import current
from media_library.log_context import bound

PRIVATE = {"authorization", "cookie", "cookies", "x-csrftoken", "x-page-token", "proxy-authorization"}
FILTERED = "[Filtered]"


COLLECTED: Any = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
}
"""Nothing of persons; and neither bodies, which hold passwords and drafts, nor variables, which hold tokens under any
name. It is what the SDK has in place of ``send_default_pii``."""


def start(dsn: str, environment: str, release: str, sample_rate: float) -> None:
    """Report errors from now on, and ``sample_rate`` (0 to 1) of all requests with their times.

    Raises ``ImproperlyConfigured`` for an address that is none.
    """
    if not dsn:
        return
    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            release=release or None,
            traces_sample_rate=sample_rate,
            data_collection=COLLECTED,
            before_send=_clean,
            before_send_transaction=_clean,
            before_breadcrumb=_clean_breadcrumb,
            auto_enabling_integrations=False,
            integrations=[DjangoIntegration(), CeleryIntegration(), LoggingIntegration()],
        )
    except BadDsn as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is no address that Sentry gives (https://key@host/number). Copy it from there."
        ) from error


def _clean(event: Any, hint: dict[str, Any]) -> Any:
    """The event with the ids of its lines in the log, and without what opens doors."""
    request = event.get("request", {})
    for name in ("cookies", "data", "query_string", "env"):
        request.pop(name, None)
    tags = {name: str(value) for name, value in (current() | bound()).items() if name != "user_id"}
    event["tags"] = dict(event.get("tags") or {}) | tags
    return _scrubbed(event)


def _clean_breadcrumb(crumb: Any, hint: dict[str, Any]) -> Any:
    return _scrubbed(crumb)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {key: FILTERED if str(key).lower() in PRIVATE else _scrubbed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(one) for one in value]
    return value
