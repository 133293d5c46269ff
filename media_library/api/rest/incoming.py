"""A file that comes with a request, on its way through the same forms and the same intake as in the admin."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Schema

from media_library.admin.uploads.doors import DOORS, collections_for, filled_form, open_doors, save_upload, with_bytes
from media_library.api.rest.errors import Problem, forbidden, form_problem, invalid, problem_of
from media_library.api.rest.writing import as_sent, require_fields
from media_library.exceptions import DuplicateFile, MediaLibraryError
from media_library.intake import inspect
from media_library.models import UploadSession
from media_library.single_flight import single_flight
from media_library.uploads import keys
from media_library.uploads.names import clean_filename
from media_library.uploads.parts import require_room
from media_library.uploads.sessions import all_or_nothing, told_as_storage

FORM_BYTES = 4 * 1024**2
"""What a multipart form may have around its files."""

LONGEST_KEY = 255
WAIT_SECONDS = 30
"""For which a file waits while another request takes in the same bytes."""


def receives_files(run: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For ``decorate_view``: refuse at once what can't be taken, and put files on disk as they come."""

    @wraps(run)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            _require_readable(request)
        except MediaLibraryError as error:
            return problem_of(error).response()
        except Problem as refused:
            return refused.response()
        # An open file on disk is read once (intake.inspect), and local storage moves it.
        handler = TemporaryFileUploadHandler(request)
        request.upload_handlers = [handler]
        try:
            return run(request, **kwargs)
        finally:
            # A form that is no form from somewhere on leaves the file that it was in the middle of.
            if file := getattr(handler, "file", None):
                file.close()

    return wrapped


def _require_readable(request: HttpRequest) -> None:
    if request.content_type != "multipart/form-data":
        raise Problem(415, "unsupported_media_type", _("Send files as multipart/form-data."))
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Problem(411, "length_required", _("Say in Content-Length how long the request is."))
    if int(length) > max(door.largest for door in DOORS) + FORM_BYTES:
        raise Problem(413, "too_large", _("That is more than one request may hold. Send files as uploads."))
    require_room(int(length))


def require_may_add(request: HttpRequest) -> None:
    """Raise a 403 for somebody who may add no files at all."""
    if not open_doors(request.user):
        raise forbidden(_("You may not add files to the library."))


def require_folder(request: HttpRequest, collection: Any, field: str) -> None:
    """Raise a 422 for a folder that is none, or to which this user may add nothing.

    Forms don't ask those who may add to one folder only, and put the file there, whatever is sent.
    """
    offered = {str(pk) for pk in collections_for(request.user).values_list("pk", flat=True)}
    if collection is not None and str(collection) not in offered:
        raise invalid(field, _("There is no such folder, or you may not add files to it."))


def require_known_parts(request: HttpRequest, fields: type[Schema], *files: str) -> None:
    """Raise a 422 for a part of the form that there is not: a typing error must not lose a credit."""
    known = {*fields.model_fields, *files, "csrfmiddlewaretoken"}
    for name in [*request.POST, *request.FILES]:
        if name not in known:
            names = ", ".join(sorted(known - {"csrfmiddlewaretoken"}))
            raise invalid(
                f"form.{name[:100]}", _("There is no such field. These are allowed: %(names)s.") % {"names": names}
            )


def idempotency_key(request: HttpRequest) -> str:
    """The header ``Idempotency-Key``, empty without one; as a string of RFC 8941 or without its quotation marks."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if "Idempotency-Key" in request.headers and not (key and key.isascii() and len(key) <= LONGEST_KEY):
        raise Problem(
            400,
            "invalid_idempotency_key",
            _("Send 1 to %(number)s ASCII characters as Idempotency-Key.") % {"number": LONGEST_KEY},
        )
    return key


def take_in(
    request: HttpRequest, file: Any, details: Mapping[str, Any], allow_duplicate: bool = False, key: str = ""
) -> int:
    """Make an asset of a file and return its id; with the key of an earlier request, that of its asset.

    Raises a ``Problem``, ``UnacceptableFile`` or ``UploadError``, and then nothing has been made.
    """
    user = request.user
    file.name = clean_filename(file.name or "")
    require_folder(request, details.get("collection"), "form.collection")
    sent = as_sent(dict(details))
    form = filled_form(UploadSession(user=user, filename=file.name, details=sent), file)
    require_fields(form, set(details) - {"collection"}, "form")
    if not form.is_valid():
        raise form_problem(form, "form")
    model = type(form.instance)
    digest = inspect(model.KIND, file.file, file.name).file_hash
    row = None
    with single_flight(f"intake-{digest}", WAIT_SECONDS), told_as_storage(file.name), all_or_nothing() as saved:
        is_new = True
        if key:
            said = {"file": digest, "filename": file.name, "details": sent, "duplicate": allow_duplicate}
            row, is_new = keys.take(user, key, said)
        if is_new:
            same = None if allow_duplicate else with_bytes(model, digest, user).first()
            if same is not None:
                raise DuplicateFile(same)
            asset = save_upload(form, user)
            saved.append(asset)
            if row:
                row.asset_id = asset.pk
                row.save(update_fields=["asset"])
            return asset.pk
    if row is None or row.asset_id is None:
        raise Problem(410, "gone", _("What was made of this request has been deleted since."))
    return row.asset_id
