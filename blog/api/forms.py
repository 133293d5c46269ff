"""``/api/v2/forms/{id}/``: a form page's form, and where visitors' browsers send it. No cookie is read."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from wagtail.api.utils import get_base_url
from wagtail.rich_text import expand_db_html

from blog.api.passwords import PasswordRequired, open_page
from blog.forms import traps
from blog.forms.flood import FLOODED, seconds_to_wait
from blog.forms.serializers import represent_form
from blog.models import FormPage
from media_library.api.library import serving
from media_library.api.problems import problem
from media_library.exceptions import NoRoom
from media_library.uploads.names import storable
from media_library.uploads.parts import require_room

TEXT_BYTES = 1024**2
"""What all answers but files may take, and what a multipart form has around its files."""

UNREADABLE = (MultiPartParserError, UnreadablePostError, UnicodeError)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Refused(Exception):
    """What can't be read as a form. ``response`` says so."""

    def __init__(self, status: int, code: str, detail: str, **members: Any):
        self.response = problem(status, code, detail, **members)


# It is sent in nobody's name, so there is nothing to forge.
@csrf_exempt
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a live page that is open to whoever asks.

    ``GET`` answers it as the page has it, with a ``token`` that says when it was opened. ``POST`` takes JSON,
    ``{"your_name": "Ada", "topics": ["Sea", "Light"], "website": "", "form-token": "…"}``, or a form of HTML with
    files, and answers 201 ``{"thank_you_text": "<p>Thanks</p>"}``, or 422
    ``{"code": "invalid", "errors": {"your_name": ["…"]}}``; what is wrong with the whole stands under ``__all__``.
    401 asks for the page's password (``blog/api/passwords.py``), 413 is too much, and 429 too often.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        response = problem(405, "method_not_allowed", _("A form is asked for with GET and sent with POST."))
        response["Allow"] = "GET, POST, OPTIONS"
        return response
    try:
        if request.method == "POST" and (wait := seconds_to_wait(request)):
            raise _flooded(wait)
        page = _open_form(request, pk)
        if request.method == "POST":
            return _submit(request, page)
        with serving(request, base_url=get_base_url(request) or ""):
            return _answer(200, {**represent_form(page), "token": traps.make_token(page.pk)})
    except (Refused, PasswordRequired) as refused:
        return refused.response


def _open_form(request: HttpRequest, pk: int) -> FormPage:
    page = open_page(request, pk, FormPage)
    if page is None:
        raise Refused(404, "not_found", _("There is no such form."))
    return page


def _submit(request: HttpRequest, page: FormPage) -> HttpResponse:
    data, files = _read(request)
    form = page.get_form(data, files, page=page, user=request.user)
    errors = _unknown(form, data, files)
    if not form.is_valid():
        errors |= {name: list(map(str, messages)) for name, messages in form.errors.items()}
    if errors:
        raise Refused(422, "invalid", _("Something is missing or wrong. Correct it and send it again."), errors=errors)
    page.process_form_submission(form)
    with serving(request, base_url=get_base_url(request) or ""):
        return _answer(201, {"thank_you_text": expand_db_html(page.thank_you_text)})


def _answer(status: int, body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "private, no-store"})


def _flooded(wait: int) -> Refused:
    refused = Refused(429, "busy", str(FLOODED))
    refused.response["Retry-After"] = str(wait)
    return refused


def _unknown(form: Any, data: MultiValueDict, files: MultiValueDict) -> dict[str, list[str]]:
    """Answers to what nobody asked, which would be lost in silence."""
    known = {*form.fields, form.honeypot, traps.TOKEN, "csrfmiddlewaretoken"}
    uploads = {name for name, field in form.fields.items() if hasattr(field, "allow_empty_file")}
    return {
        **{name[:100]: [_("There is no such field.")] for name in data if name not in known},
        **{name[:100]: [_("There is no such field for a file.")] for name in files if name not in uploads},
        **{name: [_("Send one file.")] for name in files if name in uploads and len(files.getlist(name)) > 1},
    }


def _read(request: HttpRequest) -> tuple[MultiValueDict, MultiValueDict]:
    """The answers and the files of a request. Raises ``Refused``."""
    try:
        if request.content_type == "application/json":
            return _read_json(request), MultiValueDict()
        if request.content_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
            raise Refused(415, "unsupported_media_type", _("Send the form as JSON or as multipart/form-data."))
        _require_length(request)
        # On disk from the start: what is refused takes no memory.
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return request.POST, request.FILES
    except UNREADABLE as error:
        raise Refused(400, "unreadable", _("The form could not be read. Send it again.")) from error
    except TOO_MUCH as error:
        raise _too_large() from error


def _require_length(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Refused(411, "length_required", _("Say in Content-Length how long the request is."))
    if int(length) > settings.FORM_MAX_FILES * settings.FORM_MAX_FILE_BYTES + TEXT_BYTES:
        raise _too_large()
    try:
        require_room(int(length))
    except NoRoom as error:
        raise Refused(507, error.code, str(error)) from error


def _too_large() -> Refused:
    return Refused(413, "too_large", _("That is more than a form may hold. Send fewer or smaller files."))


def _read_json(request: HttpRequest) -> QueryDict:
    # One byte more than there may be, so that a body that is too long is told from one that fits.
    body = request.read(TEXT_BYTES + 1)
    if len(body) > TEXT_BYTES:
        raise _too_large()
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "unreadable", _("The body is not JSON.")) from error
    if not isinstance(sent, dict):
        raise Refused(400, "unreadable", _('Send an object: {"name": "answer"}.'))
    answers = QueryDict(mutable=True)
    wrong = {}
    for name, value in sent.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, (dict, list)) for one in values):
            wrong[name[:100]] = [_("Send a text, a number, true or false, or a list of texts.")]
        else:
            answers.setlist(storable(name), [_as_text(one) for one in values if one is not None])
    if wrong:
        raise Refused(422, "invalid", _("Something is missing or wrong. Correct it and send it again."), errors=wrong)
    return answers


def _as_text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return storable(value) if isinstance(value, str) else str(value)
