"""Large files that a program sends straight to S3, where originals are kept there."""

from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.responses import Status

from media_library import uploads
from media_library.api.rest.errors import Problem, invalid, not_found
from media_library.api.rest.incoming import require_folder
from media_library.api.rest.resumable import PATH, ProgramUploads, Upload, address_of, describe_upload, uploads_of
from media_library.api.rest.schemas import ProblemDetail, Text
from media_library.api.rest.uploading import UploadFields
from media_library.api.rest.writing import as_sent
from media_library.exceptions import MediaLibraryError
from media_library.models import UploadSession
from media_library.tasks import send_import
from media_library.uploads import direct, fetching

router = Router(tags=["uploads"])

AT_ONCE = 100
"""Addresses of parts in one answer."""

Number = Annotated[int, Field(ge=1, le=direct.MAX_PARTS)]
ETag = Annotated[Text, Field(min_length=1, max_length=255, description="What S3 answered, with or without quotes.")]


class DirectRequest(UploadFields):
    """A file, and what is said of it."""

    filename: Text = Field(min_length=1, max_length=255)
    size: int = Field(ge=1, le=2**53, description="Bytes.")


class SignedPart(Schema):
    number: int
    url: str = Field(description="PUT the bytes of this part here, and keep the ETag; good for an hour.")


class SignedParts(Schema):
    parts: list[SignedPart]


class DirectUpload(SignedParts):
    """Where the parts go: the addresses of the first ones, and how many there are of which size."""

    upload: Upload
    part_size: int = Field(description="Bytes of each part but the last.")
    part_count: int


class PartNumbers(Schema):
    numbers: list[Number] = Field(min_length=1, max_length=AT_ONCE)


class SentPart(Schema):
    number: Number
    etag: ETag


class Completion(Schema):
    parts: list[SentPart] = Field(min_length=1, max_length=direct.MAX_PARTS)


@router.post(
    "/uploads/direct/",
    response={201: DirectUpload, 409: ProblemDetail, 413: ProblemDetail, 503: ProblemDetail, 507: ProblemDetail},
    operation_id="begin_direct_upload",
    summary="Begin an upload straight to S3",
)
def begin_direct_upload(request: HttpRequest, response: HttpResponse, body: DirectRequest) -> Status:
    """409 `direct_uploads_unavailable` where originals are not kept on S3: send the file with tus then."""
    if not direct.is_available():
        raise Problem(
            409,
            "direct_uploads_unavailable",
            _("Originals are not kept on S3 here. Send the file in parts with tus, to /api/media/uploads/."),
        )
    details = body.details()
    filename, size = details.pop("filename"), details.pop("size")
    require_folder(request, details.get("collection"), "body.collection")
    session = ProgramUploads(request=request).begin_anew(filename, size, as_sent(details))
    try:
        direct.begin(session)
    except MediaLibraryError:
        uploads.abandon(session)
        raise
    response["Location"] = address_of(session)
    count = direct.part_count(session)
    return Status(
        201,
        {
            "upload": describe_upload(session, request),
            "part_size": direct.part_size(session),
            "part_count": count,
            "parts": _signed(session, range(1, min(count, AT_ONCE) + 1)),
        },
    )


@router.post(
    f"{PATH}parts/",
    response={200: SignedParts, 503: ProblemDetail},
    operation_id="sign_upload_parts",
    summary="Addresses for parts of a direct upload",
)
def sign_upload_parts(request: HttpRequest, upload_id: UUID, body: PartNumbers) -> dict[str, Any]:
    """For those after the first, and for those whose hour is over."""
    session = _direct(request, upload_id)
    last = direct.part_count(session)
    if max(body.numbers) > last:
        raise invalid("body.numbers", _("This file has %(number)s parts.") % {"number": last})
    return {"parts": _signed(session, sorted(set(body.numbers)))}


@router.post(
    f"{PATH}complete/",
    response={202: Upload, 503: ProblemDetail},
    operation_id="complete_direct_upload",
    summary="End a direct upload",
)
def complete_direct_upload(request: HttpRequest, response: HttpResponse, upload_id: UUID, body: Completion) -> Status:
    """A worker then takes the file in: ask for the upload to see what has become of it. May be sent again."""
    session = _direct(request, upload_id)
    direct.complete(session, {part.number: part.etag for part in body.parts})
    fetching.try_again(session)
    transaction.on_commit(lambda: send_import(session.pk))
    response["Location"] = address_of(session)
    return Status(202, describe_upload(session, request))


def _direct(request: HttpRequest, upload_id: UUID) -> UploadSession:
    session = uploads_of(request).filter(pk=upload_id).exclude(multipart_id="").first()
    if session is None or session.is_over or not direct.is_available():
        raise not_found()
    return session


def _signed(session: UploadSession, numbers: Any) -> list[dict[str, Any]]:
    return [{"number": number, "url": url} for number, url in direct.part_urls(session, numbers).items()]
