"""Renditions on demand: from a signed address to the bytes.

The signature is looked at first, so that nobody can find out by guessing what exists. Then each error says what it is,
as ``application/problem+json`` (RFC 9457) with a stable ``code``.
"""

import time

from django.core.files.storage import Storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import gettext as _

from media_library.api.library import Library
from media_library.api.problems import problem
from media_library.conf import conf
from media_library.exceptions import Busy, InvalidTransform, MediaLibraryError, UnacceptableFile
from media_library.models import CustomImage
from media_library.models.files import public_storage
from media_library.statistics import vain
from media_library.statistics.counting import count_address
from media_library.statistics.demand import asked_by_address, refused
from media_library.statistics.events import MAX_DIGITS
from media_library.transforms.address import Wanted, message, read_address, revision
from media_library.transforms.finished import Finished, find
from media_library.transforms.negotiation import choose_format
from media_library.transforms.rendering import render
from media_library.transforms.signing import is_signed
from media_library.transforms.sizes import size_in_address

FALLBACKS = ("jpeg", "png", "gif")
"""Formats that every client knows: of a picture, of one with transparency, and of one that moves."""

YEAR = 365 * 24 * 60 * 60
"""Seconds, as long as caches keep anything."""

REDIRECT_SECONDS = 24 * 60 * 60
"""Seconds for which a redirect may be kept: far less than a file outlives the one that replaced it."""

RETRY_SECONDS = 2
"""What a client is told to wait when too much is going on."""


def transform(request: HttpRequest, signature: str, expires: str, picture: str, name: str) -> HttpResponseBase:
    """``GET /transform/<signature>/<expires>/<picture>/<name>``: the picture, rendered when it is asked for first."""
    if request.method not in ("GET", "HEAD"):
        response: HttpResponseBase = problem(405, "method_not_allowed", _("A picture can only be read."))
        response["Allow"] = "GET, HEAD"
    elif is_signed(message(expires, picture, name), signature):
        response = _answer(request, expires, picture, name)
    else:
        vain.ask(vain.Reason.UNSIGNED, size_in_address(name))
        response = problem(403, "bad_signature", _("The signature is not that of this address."))
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
        count_address(wanted.image_id, asked_by_address(name.partition(".")[0]))
        if wanted.expires is not None and wanted.expires <= time.time():
            return problem(410, "expired", _("This address was good for a limited time, which is over."))
        return _deliver(request, wanted)
    except CustomImage.DoesNotExist:
        return problem(404, "not_found", _("There is no such public picture."))
    except InvalidTransform as error:
        image_id = picture.partition("-")[0]
        if image_id.isdecimal() and len(image_id) <= MAX_DIGITS:
            count_address(int(image_id), refused(name))
        return problem(400, error.code, str(error))
    except UnacceptableFile as error:
        return problem(422, error.code, str(error))
    except MediaLibraryError as error:
        response = problem(503, error.code, _("This picture can't be rendered right now. Try again soon."))
        response["Retry-After"] = str(RETRY_SECONDS)
        return response


def _deliver(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    accept = request.headers.get("Accept", "")
    formats = {one: choose_format(accept, wanted.transform.offered(one)) for one in FALLBACKS}
    finished = find(wanted.image_id, wanted.transform, formats)
    original = finished.original if finished else CustomImage.objects.get(pk=wanted.image_id)
    # For nobody in particular, whoever asks: caches would show it to everybody.
    if original.collection_id in Library().closed_collections:
        raise CustomImage.DoesNotExist
    # A second time when the file of a finished rendition is lost.
    for there in (finished, None):
        try:
            return _file_response(request, wanted, there or render(wanted.image_id, wanted.transform, formats))
        except FileNotFoundError:
            continue
    raise Busy("The file of a rendition is gone as soon as it is made.")


def _file_response(request: HttpRequest, wanted: Wanted, finished: Finished) -> HttpResponseBase:
    """The file from local storage, or the way to it in another; raises ``FileNotFoundError``."""
    is_pinned = wanted.revision == revision(finished.original)
    seconds = YEAR if is_pinned else conf.TRANSFORM_MAX_AGE
    if wanted.expires is not None:
        # No cache may show it for longer than the address is good.
        seconds = max(0, min(seconds, wanted.expires - int(time.time())))
    storage = public_storage()
    try:
        storage.path(finished.name)
    except NotImplementedError:
        response: HttpResponseBase = HttpResponseRedirect(storage.url(finished.name))
        response["Cache-Control"] = f"public, max-age={min(seconds, REDIRECT_SECONDS)}"
        return response
    # A name follows from the bytes.
    etag = f'"{finished.name}"'
    response = get_conditional_response(request, etag=etag) or _whole_file(request, storage, finished)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={seconds}" + (", immutable" if is_pinned else "")
    return response


def _whole_file(request: HttpRequest, storage: Storage, finished: Finished) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(
            content_type=finished.mime_type, headers={"Content-Length": str(storage.size(finished.name))}
        )
    return FileResponse(storage.open(finished.name, "rb"), content_type=finished.mime_type)
