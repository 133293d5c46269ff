"""What goes wrong, as problem+json (RFC 9457) with a stable ``code``."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from media_library.api import errors
from media_library.api.problems import describe_problem, problem
from media_library.exceptions import (
    Busy,
    ChecksumMismatch,
    DuplicateFile,
    FileTooLarge,
    ForbiddenUpload,
    InvalidManifest,
    ItemGone,
    MediaLibraryError,
    NoRoom,
    NotReplaced,
    StorageAway,
    UnknownFileType,
    WrongOffset,
)
from media_library.models import MediaCollection

logger = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[MediaLibraryError], int], ...] = (
    (ForbiddenUpload, 403),
    (WrongOffset, 409),
    (DuplicateFile, 409),
    (NotReplaced, 409),
    (ItemGone, 409),
    (FileTooLarge, 413),
    (UnknownFileType, 415),
    (Busy, 429),
    (ChecksumMismatch, 460),
    (StorageAway, 503),
    (NoRoom, 507),
    # The request is as it should be, and the file or what is asked of it is not.
    (MediaLibraryError, 422),
)

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    410: "gone",
    412: "precondition_failed",
    415: "unsupported_media_type",
}

UNREADABLE = (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError)
"""What Django raises over a request that it can't read, or won't."""

MAX_SHOWN = 200
"""Characters of what was sent that a message repeats."""


class Problem(Exception):
    """An answer that is not what was asked for. ``errors`` say where: ``[{"field": "title", "message": "…"}]``."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ):
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.members = ({"errors": list(errors)} if errors else {}) | members
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        return describe_problem(self.status, self.code, self.detail, **self.members)

    def response(self) -> HttpResponse:
        response = problem(self.status, self.code, self.detail, **self.members)
        for name, value in self.headers.items():
            response[name] = value
        return response


def not_found() -> Problem:
    """For what isn't there, and for what whoever asks may not know of."""
    return Problem(404, "not_found", _("There is no such thing here, or you may not see it."))


def forbidden(detail: str = "") -> Problem:
    return Problem(403, "forbidden", detail or _("You may see this, but you may not change it."))


def invalid(field: str, message: str) -> Problem:
    """422 for one value; ``field`` as ``body.title`` or ``query.order``."""
    return Problem(422, "invalid", message, [{"field": field, "message": message}])


def form_problem(form: Any, place: str = "body") -> Problem:
    """422 with what a Django form has against its contents."""
    found = [
        {"field": f"{place}.{name}" if name != "__all__" else place, "message": str(message)}
        for name, messages in form.errors.items()
        for message in messages
    ]
    return Problem(422, "invalid", " ".join(one["message"] for one in found), found)


def register(api: NinjaAPI) -> None:
    """Teach the API what to answer to each error."""
    errors.register(api)
    answers: tuple[tuple[tuple[type[Exception], ...], Any], ...] = (
        ((Problem,), lambda request, error: error.response()),
        ((MediaLibraryError,), lambda request, error: problem_of(error).response()),
        ((ValidationError,), _validation_error),
        ((AuthenticationError,), _not_authenticated),
        ((HttpError,), _http_error),
        ((PermissionDenied,), lambda request, error: forbidden(str(error)).response()),
        # Somebody has deleted it in the middle of a change.
        ((Http404, MediaCollection.DoesNotExist), lambda request, error: not_found().response()),
        (UNREADABLE, lambda request, error: refusal_of(error)),
        ((Exception,), _failure),
    )
    for kinds, answer in answers:
        for kind in kinds:
            api.add_exception_handler(kind, answer)


def refusal_of(error: Exception) -> HttpResponse:
    """For a request that Django doesn't read."""
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", _("That is more than one request may hold. Send files as uploads."))
    if isinstance(error, TooManyFilesSent):
        return problem(413, "too_many_files", _("Send fewer files in one request, or each as an upload of its own."))
    return problem(400, "bad_request", _("This request can't be read. Send valid JSON, or a whole multipart form."))


def problem_of(error: MediaLibraryError) -> Problem:
    """What the library has against it, as a problem; that of a duplicate names the ``asset``."""
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    headers = {"Retry-After": "5"} if status in (429, 503) else {}
    members = {"asset": error.asset.pk} if isinstance(error, DuplicateFile) else {}
    found = error.errors if isinstance(error, InvalidManifest) else []
    places = [{"field": field, "message": message} for field, message in found]
    return Problem(status, error.code, str(error), places, headers=headers, **members)


def _validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [
        # Of the parameter's own name in our code, nobody knows.
        {"field": ".".join(map(str, _place(one.get("loc", ())))), "message": str(one.get("msg", ""))[:MAX_SHOWN]}
        for one in error.errors
    ]
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in found[:3])
    return problem(422, "invalid", detail, errors=found)


def _place(loc: Sequence[Any]) -> Sequence[Any]:
    """``("body", "changes", "title")`` as ``("body", "title")``: the second one is a name in our code."""
    return [loc[0], *loc[2:]] if len(loc) > 2 and loc[0] in ("body", "form", "query") else loc


def _not_authenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = _("Say who you are: with a token (Authorization: Bearer …), or by logging in to the admin.")
    response = problem(401, "not_authenticated", detail)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return refusal_of(error)
    if error.status_code == 403:
        return problem(403, "csrf_failed", _("Send the CSRF token of your session in X-CSRFToken, or use a token."))
    return problem(error.status_code, CODES.get(error.status_code, "error"), error.message)


def _failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """It is in the log with its trace; whoever asks gets neither."""
    logger.exception("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "error", _("Something went wrong here. It is in the log; try again in a moment."))
