"""tus 1.0, a protocol for uploads that go on where they stopped (https://tus.io/protocols/resumable-upload).

Core, creation, creation-with-upload, checksum, expiration and termination. Who may upload what is the business of
whoever mounts it: the admin (admin/uploads/endpoint.py) by session, other programs by token.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.generic import View

from media_library import uploads
from media_library.exceptions import (
    Busy,
    ChecksumMismatch,
    FileTooLarge,
    MediaLibraryError,
    NoRoom,
    StorageAway,
    WrongOffset,
)
from media_library.models import UploadSession
from media_library.uploads.parts import BLOCK, CHECKSUMS

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "expiration", "termination")
PART_TYPE = "application/offset+octet-stream"
MAX_DIGITS = 18
"""Longer numbers don't fit the database's integers."""

STATUSES: tuple[tuple[type[MediaLibraryError], int], ...] = (
    (WrongOffset, 409),
    (FileTooLarge, 413),
    (Busy, 423),
    (ChecksumMismatch, 460),
    (StorageAway, 503),
    (NoRoom, 507),
    # The request is as it should be, and the file is not.
    (MediaLibraryError, 422),
)


class Refusal(Exception):
    """A request that is answered with a status of the protocol and a sentence."""

    def __init__(self, status: int, message: str = "", headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


class TusView(View):
    """The protocol at both addresses: without ``pk`` the one where uploads are created, with it one upload.

    Errors have a body, ``{"message": "…", "code": "wrong_offset"}``; the sentence is for whoever uploads.
    """

    http_method_names = ["get", "post", "head", "patch", "delete", "options"]

    def sessions(self) -> Any:
        """The uploads of whoever asks; others are not found."""
        raise NotImplementedError

    def begin(self, filename: str, size: int, details: dict[str, str]) -> UploadSession:
        """Create an upload, if its sender may."""
        raise NotImplementedError

    def largest(self) -> int:
        """Of all files that may be sent here, in bytes."""
        raise NotImplementedError

    def address(self, session: UploadSession) -> str:
        """The URL of one upload."""
        raise NotImplementedError

    def outcome(self, session: UploadSession) -> dict[str, str]:
        """Headers that say what has become of an upload, for clients that needn't ask then."""
        return {}

    def refused(self, status: int, message: str, code: str = "") -> HttpResponse:
        """The answer to a request that is refused."""
        return JsonResponse({"message": message} | ({"code": code} if code else {}), status=status)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # For clients behind something that lets only GET and POST through.
        if request.method == "POST" and (method := request.headers.get("X-HTTP-Method-Override")):
            request.method = method.upper()
        try:
            if request.method in ("POST", "HEAD", "PATCH", "DELETE"):
                self.require_version()
            response = super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            response = self.refused(refusal.status, refusal.message)
            for name, value in refusal.headers.items():
                response[name] = value
        except MediaLibraryError as error:
            response = self.refused(status_of(error), str(error), error.code)
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    def require_version(self) -> None:
        if self.request.headers.get("Tus-Resumable") != VERSION:
            raise Refusal(412, _("This server speaks tus 1.0.0."), {"Tus-Version": VERSION})

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": ",".join(EXTENSIONS),
                "Tus-Max-Size": str(self.largest()),
                "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
            },
        )

    def post(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Create an upload, with its first bytes if they come along."""
        if pk is not None:
            raise Refusal(405, headers={"Allow": "GET, HEAD, PATCH, DELETE, OPTIONS"})
        size = whole_number(request.headers.get("Upload-Length"), "Upload-Length")
        metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
        has_bytes = request.content_type == PART_TYPE
        checksum = self.checksum() if has_bytes else None
        session = self.begin(metadata.pop("filename", ""), size, metadata)
        headers = {"Location": self.address(session)}
        if has_bytes:
            # One that was there before goes on from where it is.
            headers["Upload-Offset"] = str(uploads.offset(session) or self.add(session, 0, checksum))
        return HttpResponse(status=201, headers=headers | self.expiry(session) | self.outcome(session))

    def head(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        session = self.session(pk)
        headers = {"Upload-Offset": str(uploads.offset(session))}
        if session.size is not None:
            headers["Upload-Length"] = str(session.size)
        return HttpResponse(status=200, headers=headers | self.expiry(session) | self.outcome(session))

    def patch(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        """Add bytes; with the last ones, the file is taken in. Repeated with nothing, that is tried again."""
        if request.content_type != PART_TYPE:
            raise Refusal(415, _("Send the bytes of a file as %(type)s.") % {"type": PART_TYPE})
        start = whole_number(request.headers.get("Upload-Offset"), "Upload-Offset")
        checksum = self.checksum()
        session = self.session(pk)
        offset = self.add(session, start, checksum)
        headers = {"Upload-Offset": str(offset)} | self.expiry(session) | self.outcome(session)
        return HttpResponse(status=204, headers=headers)

    def delete(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        uploads.abandon(self.session(pk, refused=True))
        return HttpResponse(status=204)

    def add(self, session: UploadSession, start: int, checksum: tuple[str, bytes] | None) -> int:
        if session.state == UploadSession.State.RECEIVING:
            offset = uploads.receive(session, start, blocks(self.request), checksum)
        elif (offset := uploads.offset(session)) != start:
            raise WrongOffset(_("This file has arrived already."))
        if session.state != UploadSession.State.RECEIVING:
            uploads.finish(session)
        return offset

    def session(self, pk: UUID | None, refused: bool = False) -> UploadSession:
        """The upload at this address. 404 for none and for those of others, 410 for one that was refused."""
        session = self.sessions().filter(pk=pk).first() if pk else None
        if session is None:
            raise Refusal(404, _("There is no such upload. It may have been cancelled, or it was left for too long."))
        if session.state == UploadSession.State.REFUSED and not refused:
            raise Refusal(410, session.reason)
        return session

    def checksum(self) -> tuple[str, bytes] | None:
        """``Upload-Checksum: sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=``."""
        header = self.request.headers.get("Upload-Checksum")
        if header is None:
            return None
        algorithm, _space, encoded = header.partition(" ")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refusal(400, _("Upload-Checksum is not readable.")) from error
        if algorithm not in CHECKSUMS or len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
            raise Refusal(
                400, _("Upload-Checksum must be of one of these: %(names)s.") % {"names": ", ".join(CHECKSUMS)}
            )
        return algorithm, digest

    def expiry(self, session: UploadSession) -> dict[str, str]:
        return {} if session.is_over else {"Upload-Expires": http_date(session.expires_at.timestamp())}


def status_of(error: MediaLibraryError) -> int:
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def blocks(request: HttpRequest) -> Iterator[bytes]:
    """The body of a request, as far as it comes: a connection that is cut is the reason for all of this."""
    while True:
        try:
            block = request.read(BLOCK)
        except OSError:
            return
        if not block:
            return
        yield block


def whole_number(value: str | None, name: str) -> int:
    if value is None or not (value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS):
        raise Refusal(400, _("%(name)s must be a whole number.") % {"name": name})
    return int(value)


def read_metadata(header: str) -> dict[str, str]:
    """``filename aGFyYm91ci5qcGc=,folder`` as ``{"filename": "harbour.jpg", "folder": ""}``."""
    metadata: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        key, _space, encoded = pair.partition(" ")
        try:
            value = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError) as error:
            raise Refusal(400, _("Upload-Metadata is not readable.")) from error
        if not key.isascii() or key in metadata:
            raise Refusal(400, _("Upload-Metadata is not readable."))
        metadata[key] = value
    return metadata
