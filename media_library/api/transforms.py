"""Renditions on demand: from a signed address to the bytes.

The signature is looked at first, so that nobody can find out by guessing what exists. Then each error says what it is,
as ``application/problem+json`` (RFC 9457) with a stable ``code``.
"""

import time

from django.core.files.storage import Storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import gettext as _

from media_library.api.library import Library
from media_library.conf import conf
from media_library.exceptions import Busy, InvalidTransform, MediaLibraryError, UnacceptableFile
from media_library.imaging.presets import MIME_TYPES
from media_library.models import CustomImage
from media_library.models.files import public_storage
from media_library.transforms.address import Wanted, message, read_address, revision
from media_library.transforms.negotiation import choose_format
from media_library.transforms.operations import AUTO
from media_library.transforms.rendering import find_file, find_image, render
from media_library.transforms.signing import is_signed

YEAR = 365 * 24 * 60 * 60
"""Seconds, as long as caches keep anything."""

REDIRECT_SECONDS = 24 * 60 * 60
"""Seconds for which a redirect may be kept: far less than a file outlives the one that replaced it."""

RETRY_SECONDS = 2
"""What a client is told to wait when too much is going on."""


def transform(request: HttpRequest, signature: str, expires: str, picture: str, name: str) -> HttpResponseBase:
    """``GET /transform/<signature>/<expires>/<picture>/<name>``: the picture, rendered when it is asked for first."""
    if request.method not in ("GET", "HEAD"):
        response: HttpResponseBase = _problem(405, "method_not_allowed", _("A picture can only be read."))
        response["Allow"] = "GET, HEAD"
    elif is_signed(message(expires, picture, name), signature):
        response = _answer(request, expires, picture, name)
    else:
        response = _problem(403, "bad_signature", _("The signature is not that of this address."))
    if "." not in name:
        patch_vary_headers(response, ["Accept"])
    # Pages of any host may read it, as they may read other public files.
    response["Access-Control-Allow-Origin"] = "*"
    if response.status_code >= 400:
        # In place of Django's line, which would hold the signature.
        refused = f"{response.reason_phrase}: a transform, {message(expires, picture, name)}"
        log_response("%s", refused, response=response, request=request, level="warning")  # type: ignore[arg-type]
    return response


def _answer(request: HttpRequest, expires: str, picture: str, name: str) -> HttpResponseBase:
    try:
        wanted = read_address(expires, picture, name)
        if wanted.expires is not None and wanted.expires <= time.time():
            return _problem(410, "expired", _("This address was good for a limited time, which is over."))
        return _deliver(request, wanted)
    except CustomImage.DoesNotExist:
        return _problem(404, "not_found", _("There is no such public picture."))
    except InvalidTransform as error:
        return _problem(400, error.code, str(error))
    except UnacceptableFile as error:
        return _problem(422, error.code, str(error))
    except MediaLibraryError as error:
        response = _problem(503, error.code, _("This picture can't be rendered right now. Try again soon."))
        response["Retry-After"] = str(RETRY_SECONDS)
        return response


def _deliver(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    image = find_image(wanted.image_id)
    # For nobody in particular, whoever asks: caches would show it to everybody.
    if image is None or not Library().may_show(image):
        raise CustomImage.DoesNotExist
    if image.is_svg():
        raise InvalidTransform(_("A drawing in SVG has no size in pixels; use its own address."))
    form = wanted.transform.format
    if form == AUTO:
        form = choose_format(request.headers.get("Accept", ""), image.has_alpha)
    spec = wanted.transform.spec(form)
    is_pinned = wanted.revision == revision(image)
    # A second time when the file of a finished rendition is lost.
    for name in (find_file(image, spec), None):
        try:
            return _file_response(request, name or render(image, spec), form, _max_age(wanted, is_pinned), is_pinned)
        except FileNotFoundError:
            continue
    raise Busy("The file of a rendition is gone as soon as it is made.")


def _max_age(wanted: Wanted, is_pinned: bool) -> int:
    """Seconds for which the answer may be kept: never longer than the address is good."""
    seconds = YEAR if is_pinned else conf.TRANSFORM_MAX_AGE
    return seconds if wanted.expires is None else max(0, min(seconds, wanted.expires - int(time.time())))


def _file_response(request: HttpRequest, name: str, form: str, max_age: int, is_pinned: bool) -> HttpResponseBase:
    """The file from local storage, or the way to it in another; raises ``FileNotFoundError``."""
    storage = public_storage()
    try:
        storage.path(name)
    except NotImplementedError:
        response: HttpResponseBase = HttpResponseRedirect(storage.url(name))
        response["Cache-Control"] = f"public, max-age={min(max_age, REDIRECT_SECONDS)}"
        return response
    # A name follows from the bytes.
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag) or _whole_file(request, storage, name, form)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}" + (", immutable" if is_pinned else "")
    return response


def _whole_file(request: HttpRequest, storage: Storage, name: str, form: str) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=MIME_TYPES[form], headers={"Content-Length": str(storage.size(name))})
    return FileResponse(storage.open(name, "rb"), content_type=MIME_TYPES[form])


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    response = JsonResponse(
        {"type": "about:blank", "title": HttpResponse(status=status).reason_phrase, "status": status}
        | {"code": code, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
    response["Cache-Control"] = "no-store"
    return response
