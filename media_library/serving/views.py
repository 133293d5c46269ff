"""``/files/<signature>/<expires>/<asset>/<rest>``: what was made of an asset in a private collection."""

import time
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from media_library.models.files import public_storage
from media_library.serving.addresses import NAMES_OTHERS, read_private_address
from media_library.serving.files import Served, file_response, guard
from media_library.storage.content_types import content_type


@require_safe
def private_file(request: HttpRequest, signature: str, expires: int, asset_id: int, rest: str) -> HttpResponseBase:
    """The file while the address is good, 403 for one that we didn't sign, 410 for one whose time is over."""
    if not read_private_address(signature, expires, asset_id):
        return _refusal(403, "The signature is not that of this address.")
    seconds = expires - int(time.time())
    if seconds <= 0:
        return _refusal(410, "This address was good for a limited time, which is over. Ask for a new one.")
    response = stored_file(request, f"{asset_id}/{rest}", seconds)
    # The address is the right: pages of any host may use it, as their players do.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def stored_file(request: HttpRequest, name: str, seconds: int) -> HttpResponseBase:
    """A file of public storage for one reader, who may keep it for so many seconds. Raises ``Http404``."""
    storage: Any = public_storage()
    if ".." in name.split("/"):
        raise Http404
    kept = f"private, max-age={seconds}"
    kind = content_type(name)
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return _from_afar(storage, name, kind, seconds, kept)
    try:
        # A name holds a hash of the bytes.
        return file_response(request, path, Served(kind, etag=f'"{name}"', cache_control=kept))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Http404 from error


def _from_afar(storage: Any, name: str, kind: str, seconds: int, kept: str) -> HttpResponseBase:
    if not NAMES_OTHERS.fullmatch(name):
        address = storage.signed_url(name, seconds) if hasattr(storage, "signed_url") else storage.url(name)
        response = HttpResponseRedirect(address)
        response["Cache-Control"] = kept
        return response
    # What it names by relative addresses has to be read by this one's right, too. A few kilobytes.
    try:
        with storage.open(name, "rb") as file:
            playlist = HttpResponse(file.read(), content_type=kind)
    except FileNotFoundError as error:
        raise Http404 from error
    playlist["Cache-Control"] = kept
    guard(playlist, kind)
    return playlist


def _refusal(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
