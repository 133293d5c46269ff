"""What Wagtail's API v3, a preview, would answer with a 500, though the client or the moment is to blame."""

import logging
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from media_library.api.problems import problem

logger = logging.getLogger(__name__)


def register(api: Any) -> None:
    # "abc" as an id, half a surrogate pair, a NUL, a number beyond 64 bits: some are noticed by the database only.
    for error in (ValueError, OverflowError, DataError):
        api.add_exception_handler(error, unusable)
    api.add_exception_handler(FieldDoesNotExist, unknown_field)
    api.add_exception_handler(IntegrityError, conflict)


def unusable(request: HttpRequest, error: Exception) -> HttpResponse:
    # In case that it isn't the client's fault.
    logger.warning("%s %s: %r", request.method, request.path, error, exc_info=error)
    return problem(
        422, "unusable", _("A value can't be used: it is no number, too large, or has impossible characters.")
    )


def unknown_field(request: HttpRequest, error: FieldDoesNotExist) -> HttpResponse:
    return problem(422, "unknown_field", _("There is no such field to filter or order by."))


def conflict(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return problem(409, "conflict", _("Something else has just been saved that doesn't go with this. Try again."))
