"""Files that come whole: one with all that is said about it, or many at once."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, File, Form, Router, Schema, UploadedFile
from ninja.decorators import decorate_view
from ninja.responses import Status

from media_library.api.rest.assets import router as assets
from media_library.api.rest.errors import Problem, problem_of
from media_library.api.rest.ids import Id
from media_library.api.rest.incoming import (
    idempotency_key,
    receives_files,
    require_known_parts,
    require_may_add,
    take_in,
)
from media_library.api.rest.reading import represent_asset, represent_assets
from media_library.api.rest.schemas import AnyAsset, LegalBasis, ModelRelease, ProblemDetail, Text
from media_library.exceptions import MediaLibraryError
from media_library.models import Asset

router = Router(tags=["uploads"])


class SharedFields(Schema):
    """What may be said of several files at once."""

    credit: Text | None = Field(None, max_length=255)
    licence: Text | None = Field(None, max_length=255)
    source: Text | None = Field(None, max_length=255)
    expires_on: date | None = Field(None, description="The last day on which it may be shown.")
    legal_basis: LegalBasis | None = None
    model_release: ModelRelease | None = None
    tags: list[Annotated[Text, Field(min_length=1, max_length=100)]] = Field(
        [], max_length=100, description="The field may be sent several times."
    )
    collection: Id | None = Field(None, description="The folder; the first one you may add to without it.")
    allow_duplicate: bool = Field(False, description="Take it in though the library has the same file already.")

    def details(self) -> dict[str, Any]:
        """What was sent, for the form of the admin."""
        return self.model_dump(exclude_unset=True, exclude={"allow_duplicate"})


class UploadFields(SharedFields):
    """What is said of one file. A title that is left out is made from the file, or from its name."""

    title: Text | None = Field(None, min_length=1, max_length=255)
    description: Text | None = Field(None, max_length=255)
    alt_text: Text | None = Field(None, max_length=500)
    caption: Text | None = Field(None, max_length=10_000)


class Duplicate(ProblemDetail):
    """409 for a file that the library has already."""

    asset: int = Field(description="The id of that one.")


class UploadResult(Schema):
    """What became of one of them: an asset, or there is a problem."""

    filename: str
    status: int = Field(description="As if it had been sent alone.", examples=[201, 415])
    asset: AnyAsset | None = None
    problem: Duplicate | ProblemDetail | None = None


class UploadResults(Schema):
    results: list[UploadResult] = Field(description="One for each file, in the order of the request.")


KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any string of your own, such as a UUID: the same request sent again within 24 hours makes nothing "
    "new, and gets the asset that it made the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}

REFUSALS = dict.fromkeys((410, 411, 415, 503, 507), ProblemDetail)


# Where the list is, too: one address, one router.
@assets.post(
    "/",
    response={201: AnyAsset, 409: Duplicate, **REFUSALS},
    operation_id="upload_media",
    summary="Upload a file",
    openapi_extra={"parameters": [KEY_HEADER]},
)
@decorate_view(receives_files)
def upload_media(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], fields: Form[UploadFields]
) -> Status:
    """Its kind is decided by its bytes. 409 with the `asset` that it equals, unless `allow_duplicate` is true."""
    require_may_add(request)
    require_known_parts(request, UploadFields, "file")
    asset_id = take_in(request, file, fields.details(), fields.allow_duplicate, idempotency_key(request))
    response["Location"] = reverse("media_api:get_media", args=[asset_id])
    return Status(201, represent_asset(request, Asset(pk=asset_id)))


@router.post(
    "/bulk_upload/",
    response={200: UploadResults, **REFUSALS},
    operation_id="bulk_upload_media",
    summary="Upload many files",
    openapi_extra={"parameters": [KEY_HEADER]},
)
@decorate_view(receives_files)
def bulk_upload_media(
    request: HttpRequest, files: File[list[UploadedFile]], fields: Form[SharedFields]
) -> dict[str, Any]:
    """One result for each file; what is wrong with one leaves the others alone. At most 100 files."""
    require_may_add(request)
    require_known_parts(request, SharedFields, "files")
    key = idempotency_key(request)
    results = [
        _result(request, file, fields, f"{key} {number}" if key else "") for number, file in enumerate(files, 1)
    ]
    shown = {one["id"]: one for one in represent_assets(request, [one["asset"] for one in results if "asset" in one])}
    return {"results": [one | ({"asset": shown.get(one["asset"])} if "asset" in one else {}) for one in results]}


def _result(request: HttpRequest, file: UploadedFile, fields: SharedFields, key: str) -> dict[str, Any]:
    try:
        asset_id = take_in(request, file, fields.details(), fields.allow_duplicate, key)
    except MediaLibraryError as error:
        problem = problem_of(error)
    except Problem as refused:
        problem = refused
    else:
        return {"filename": file.name, "status": 201, "asset": asset_id}
    return {"filename": file.name, "status": problem.status, "problem": problem.body}
