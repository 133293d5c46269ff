"""Uploads that go on where they stopped: tus 1.0 by token, and what others may know of them meanwhile."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import pydantic
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status
from taggit.utils import parse_tags

from media_library import uploads
from media_library.admin.uploads.doors import DOORS, duplicates, is_id, open_doors
from media_library.admin.uploads.endpoint import MAX_LISTED, UploadsView
from media_library.api.problems import problem
from media_library.api.rest.auth import ANYONE
from media_library.api.rest.errors import CODES, Problem, invalid, not_found
from media_library.api.rest.incoming import idempotency_key, require_folder, require_may_add
from media_library.api.rest.reading import find_changeable
from media_library.api.rest.schemas import ProblemDetail, Text
from media_library.api.rest.uploading import KEY_HEADER, UploadFields
from media_library.api.rest.writing import as_sent
from media_library.api.tus import PART_TYPE, VERSION
from media_library.exceptions import ForbiddenUpload
from media_library.intake.limits import require_size
from media_library.models import Asset, UploadSession
from media_library.tasks import send_import
from media_library.uploads import fetching, keys

router = Router(tags=["uploads"])

PATH = "/uploads/{uuid:upload_id}/"


class ProgramUploads(UploadsView):
    """The admin's endpoint for programs: refusals are problems, and what is said of a file is looked at beforehand."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Who may change assets and add none may still send them new files.
        return super(UploadsView, self).dispatch(request, *args, **kwargs)

    def refused(self, status: int, message: str, code: str = "") -> HttpResponse:
        code = code or CODES.get(status, "refused")
        status = 403 if code == ForbiddenUpload.code else status
        return problem(status, code, message or HttpResponse(status=status).reason_phrase)

    def begin(self, filename: str, size: int, details: dict[str, str]) -> UploadSession:
        key = idempotency_key(self.request) or details.pop("idempotency_key", "")
        _require_sound(details)
        require_folder(self.request, details.get("collection"), "metadata.collection")
        if not key:
            return self.begin_anew(filename, size, details)
        with transaction.atomic():
            row, is_new = keys.take(self.request.user, key, {"filename": filename, "size": size, "details": details})
            if is_new:
                row.upload = self.begin_anew(filename, size, details)
                row.save(update_fields=["upload"])
        if row.upload is None:
            raise not_found()
        return row.upload

    def begin_anew(self, filename: str, size: int, details: dict[str, str]) -> UploadSession:
        if "replaces" not in details:
            require_may_add(self.request)
            return super().begin(filename, size, details)
        if not is_id(details["replaces"]):
            raise invalid("metadata.replaces", _("This must be the id of an asset."))
        require_size(find_changeable(self.request, int(details["replaces"])).kind, size)
        return uploads.create(self.request.user, filename, size, details)

    def largest(self) -> int:
        return max(door.largest for door in open_doors(self.request.user) or DOORS)

    def address(self, session: UploadSession) -> str:
        return address_of(session)

    def outcome(self, session: UploadSession) -> dict[str, str]:
        asset_id = session.asset_id
        return {"Content-Location": reverse("media_api:get_media", args=[asset_id])} if asset_id else {}


_view = ProgramUploads.as_view()


class Upload(Schema):
    """A file on its way. Once there is an ``asset``, it is in the library."""

    id: UUID
    url: str = Field(description="Where it goes on, for tus.")
    filename: str
    size: int | None = Field(description="Bytes; null where an address hasn't said it yet.")
    offset: int = Field(description="Bytes that are here.")
    state: Literal["receiving", "received", "finished", "refused"]
    reason: str = Field(description="Why it was refused, or what keeps it from being taken in: a sentence.")
    asset: int | None = Field(description="The id of what it has become.")
    duplicate: int | None = Field(description="The id of an asset that has the same bytes.")
    created_at: datetime
    expires_at: datetime


class UploadList(Schema):
    items: list[Upload]


class ImportRequest(UploadFields):
    """An address, and what is said of the file there."""

    url: Text = Field(max_length=2000, examples=["https://example.org/harbour.jpg"])


def _header(name: str, description: str, required: bool = True, kind: str = "string") -> dict[str, Any]:
    schema = {"type": kind, "minimum": 0} if kind == "integer" else {"type": kind}
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


TUS = {
    "name": "Tus-Resumable",
    "in": "header",
    "required": True,
    "description": "The version of the protocol.",
    "schema": {"type": "string", "enum": [VERSION]},
}
CHECKSUM = _header("Upload-Checksum", "Of this part: `sha1`, `sha256`, `sha512` or `md5`, and its base64.", False)
BYTES = {"content": {PART_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


def _refusals(*statuses: int) -> dict[Any, Any]:
    return dict.fromkeys(statuses, ProblemDetail)


@router.get("/uploads/", response=UploadList, operation_id="list_uploads", summary="List unfinished uploads")
def list_uploads(request: HttpRequest) -> dict[str, Any]:
    """Your own, the oldest first."""
    mine = uploads_of(request).filter(state__in=(UploadSession.State.RECEIVING, UploadSession.State.RECEIVED))
    return {"items": [describe_upload(one, request) for one in mine.order_by("created_at")[:MAX_LISTED]]}


@router.post(
    "/uploads/",
    response={201: None, **_refusals(410, 412, 413, 415, 423, 460, 503, 507)},
    operation_id="create_upload",
    summary="Begin an upload",
    openapi_extra={
        "parameters": [
            TUS,
            _header("Upload-Length", "Bytes of the whole file.", kind="integer"),
            _header(
                "Upload-Metadata",
                "Names and base64 of values: `filename`, the fields of `upload_media` (`tags` separated by commas), "
                "and `idempotency_key`; or `replaces`, the id of the asset whose file it becomes, and `note`.",
                False,
            ),
            CHECKSUM,
            KEY_HEADER,
        ],
        "requestBody": BYTES | {"required": False},
    },
)
def create_upload(request: HttpRequest) -> HttpResponseBase:
    """tus 1.0, creation and creation-with-upload: `Location` is where it goes on."""
    return _view(request)


@router.api_operation(
    ["OPTIONS"],
    "/uploads/",
    response={204: None},
    auth=ANYONE,
    operation_id="describe_uploads",
    summary="What tus may",
)
def describe_uploads(request: HttpRequest) -> HttpResponseBase:
    """Extensions, checksums and the largest size, in headers."""
    return _view(request)


@router.post(
    "/uploads/import/",
    response={202: Upload},
    operation_id="import_media",
    summary="Let the library get a file from an address",
)
def import_media(request: HttpRequest, response: HttpResponse, body: ImportRequest) -> Status:
    """A worker gets it; ask for the upload to see what has become of it."""
    require_may_add(request)
    details = body.details()
    require_folder(request, details.get("collection"), "body.collection")
    session = fetching.begin(request.user, details.pop("url"), as_sent(details))
    transaction.on_commit(lambda: send_import(session.pk))
    response["Location"] = address_of(session)
    return Status(202, describe_upload(session, request))


@router.get(PATH, response=Upload, operation_id="get_upload", summary="How far an upload is")
def get_upload(request: HttpRequest, upload_id: UUID) -> dict[str, Any]:
    """For any client of the same user."""
    session = uploads_of(request).filter(pk=upload_id).first()
    if session is None:
        raise not_found()
    return describe_upload(session, request)


@router.api_operation(
    ["HEAD"],
    PATH,
    response={200: None, **_refusals(410, 412)},
    operation_id="head_upload",
    summary="Where an upload goes on",
    openapi_extra={"parameters": [TUS]},
)
def head_upload(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """tus 1.0: `Upload-Offset` and `Upload-Length`; `Content-Location` once it is an asset."""
    return _view(request, pk=upload_id)


@router.patch(
    PATH,
    response={204: None, **_refusals(409, 410, 412, 413, 415, 423, 460, 503, 507)},
    operation_id="append_to_upload",
    summary="Send a part of an upload",
    openapi_extra={
        "parameters": [TUS, _header("Upload-Offset", "Where this part begins.", kind="integer"), CHECKSUM],
        "requestBody": BYTES,
    },
)
def append_to_upload(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """tus 1.0. With the last part the file is taken in: `Content-Location` is the asset then."""
    return _view(request, pk=upload_id)


@router.delete(
    PATH,
    response={204: None, **_refusals(412)},
    operation_id="cancel_upload",
    summary="Cancel an upload",
    openapi_extra={"parameters": [TUS]},
)
def cancel_upload(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """tus 1.0, termination. What has become an asset stays. One straight to S3 needs no header of tus."""
    if session := uploads_of(request).filter(pk=upload_id).exclude(multipart_id="").first():
        uploads.abandon(session)
        return HttpResponse(status=204)
    return _view(request, pk=upload_id)


@router.post(
    PATH,
    response={200: None, 204: None, **_refusals(405, 409, 410, 412, 413, 415, 423, 460, 503, 507)},
    operation_id="override_upload",
    summary="PATCH, HEAD or DELETE of an upload by another name",
    openapi_extra={
        "parameters": [TUS, _header("X-HTTP-Method-Override", "`PATCH`, `HEAD` or `DELETE`.")],
        "requestBody": BYTES | {"required": False},
    },
)
def override_upload(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """tus 1.0, for clients behind something that lets only GET and POST through."""
    return _view(request, pk=upload_id)


def address_of(session: UploadSession) -> str:
    """Where programs go on with an upload."""
    return reverse("media_api:get_upload", args=[session.pk])


def uploads_of(request: HttpRequest) -> QuerySet[UploadSession]:
    """Those of whoever asks."""
    return UploadSession.objects.filter(user=request.user)


def describe_upload(session: UploadSession, request: HttpRequest) -> dict[str, Any]:
    """As ``Upload``."""
    return {
        "id": session.pk,
        "url": address_of(session),
        "filename": session.filename,
        "size": session.size,
        "offset": uploads.offset(session),
        "state": session.state,
        "reason": session.reason,
        "asset": session.asset_id,
        "duplicate": _duplicate(session.asset, request) if session.asset else None,
        "created_at": session.created_at,
        "expires_at": session.expires_at,
    }


def _duplicate(asset: Asset, request: HttpRequest) -> int | None:
    return duplicates(asset.specific, request.user).values_list("pk", flat=True).first()


def _require_sound(details: dict[str, str]) -> None:
    """Raise a 422 for what would be found wrong when all bytes are here."""
    said: dict[str, Any] = {name: details[name] for name in UploadFields.model_fields if name in details}
    if "tags" in said:
        said["tags"] = parse_tags(said["tags"])
    try:
        UploadFields.model_validate(said)
    except pydantic.ValidationError as error:
        found = [
            {"field": ".".join(["metadata", *map(str, one["loc"])]), "message": one["msg"]} for one in error.errors()
        ]
        raise Problem(422, "invalid", "; ".join(one["message"] for one in found), found) from error
