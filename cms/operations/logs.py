"""Lines for people on a laptop, JSON for machines in production; neither holds a secret.

A line of ``LOG_FORMAT=json``::

    {"time": "2026-11-26T10:31:02.114+00:00", "level": "INFO", "logger": "media_library.jobs.run", "message": "…",
     "process": 4711, "request_id": "3f0c…", "task": "media_library.tasks.run_image_job_task", "job_id": 7,
     "asset_id": 12}

What doesn't apply is left out. Lines of requests have ``request_id``, ``user_id``, ``method``, ``path``, ``status``,
``milliseconds``; those of workers ``task``, ``job_id`` and ``asset_id``, and the id of the request that caused them.
"""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from cms.operations.tracing import current
from media_library.log_context import bound

HIDDEN = "…"
SECRETS = re.compile(
    # Parameters of addresses that open something, whoever has them.
    r"(?P<parameter>[?&](?:[\w-]*(?:token|password|secret|signature|credential)|key|sig|x-amz-[\w-]+)=)[^&\s\"'\\<>]+"
    # A name and a password before a host; a token in a header.
    r"|(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^/\s\"'@]*:[^\s\"'@]*(?=@)"
    r"|(?P<header>\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}"
    # Links by which somebody sets a new password.
    r"|(?P<reset>/password_reset/confirm/)[^\s\"'?]+",
    re.IGNORECASE,
)


def scrub(text: str) -> str:
    """The text without what opens doors."""
    return SECRETS.sub(lambda found: next(group for group in found.groups() if group) + HIDDEN, text)


class PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


class JSONFormatter(JsonFormatter):
    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        # Django puts the request itself there, and the server its socket.
        for name in ("request", "server_time", "status_code"):
            log_data.pop(name, None)
        log_data |= current() | bound()
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))
