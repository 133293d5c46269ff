"""The files that an asset had, and another one in the place of the current one."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema, UploadedFile
from ninja.decorators import decorate_view
from wagtail.admin.utils import get_user_display_name

from media_library.admin.versions.forms import require_replacement
from media_library.api.rest.errors import invalid
from media_library.api.rest.ids import Id
from media_library.api.rest.incoming import receives_files, require_known_parts
from media_library.api.rest.reading import find_changeable, represent_asset
from media_library.api.rest.schemas import AnyAsset, Named, ProblemDetail, Text
from media_library.api.rest.uploading import REFUSALS
from media_library.models import AssetVersion
from media_library.replacement import replace_file, restore_version, versions
from media_library.uploads.names import clean_filename
from media_library.uploads.sessions import told_as_storage

router = Router(tags=["versions"])

Note = Annotated[Text, Field("", max_length=255, description="Why, for whoever looks at the versions later.")]


class ReplaceFields(Schema):
    note: Note


class Reversion(Schema):
    version: Id = Field(description="The number of a former version.")
    note: Note


class FileVersion(Schema):
    """A file that an asset has or had."""

    number: int
    is_current: bool
    filename: str
    file_size: int | None = Field(description="Bytes.")
    mime_type: str
    sha256: str
    width: int | None
    height: int | None
    duration: float | None = Field(description="Seconds.")
    note: str
    created_at: datetime
    created_by: Named | None
    replaced_at: datetime | None


class FileVersions(Schema):
    items: list[FileVersion] = Field(description="The current one first.")


@router.get("/{int:asset_id}/versions/", response=FileVersions, operation_id="list_versions", summary="List versions")
def list_versions(request: HttpRequest, asset_id: int) -> dict[str, Any]:
    """For who may change the asset."""
    asset = find_changeable(request, asset_id)
    return {"items": [_describe(one) for one in versions(asset.specific)]}


@router.post(
    "/{int:asset_id}/replace/",
    response={200: AnyAsset, 409: ProblemDetail, **REFUSALS},
    operation_id="replace_media",
    summary="Give an asset another file",
)
@decorate_view(receives_files)
def replace_media(
    request: HttpRequest, asset_id: int, file: File[UploadedFile], fields: Form[ReplaceFields]
) -> dict[str, Any]:
    """Of the same kind; the former one is kept as a version. Large ones are sent as uploads with `replaces`."""
    asset = find_changeable(request, asset_id)
    require_known_parts(request, ReplaceFields, "file")
    file.name = clean_filename(file.name or "")
    require_replacement(asset.specific, file)
    with told_as_storage(file.name):
        replace_file(asset, file, request.user, fields.note)
    return represent_asset(request, asset)


@router.post(
    "/{int:asset_id}/revert/",
    response={200: AnyAsset, 409: ProblemDetail, 503: ProblemDetail, 507: ProblemDetail},
    operation_id="revert_media",
    summary="Bring a former file back",
)
def revert_media(request: HttpRequest, asset_id: int, body: Reversion) -> dict[str, Any]:
    """As a new version, with the edits that it had."""
    asset = find_changeable(request, asset_id)
    version = next((one for one in versions(asset.specific) if one.number == body.version), None)
    if version is None:
        raise invalid("body.version", _("There is no such version. Ask for the versions of this asset."))
    with told_as_storage(version):
        restore_version(version, request.user, body.note)
    return represent_asset(request, asset)


def _describe(version: AssetVersion) -> dict[str, Any]:
    user = version.created_by
    return {
        "number": version.number,
        "is_current": version.is_current,
        "filename": version.filename,
        "file_size": version.file_size,
        "mime_type": version.mime_type,
        "sha256": version.file_hash,
        "width": version.width,
        "height": version.height,
        "duration": version.duration,
        "note": version.note,
        "created_at": version.created_at,
        "created_by": {"id": user.pk, "name": get_user_display_name(user)} if user else None,
        "replaced_at": version.replaced_at,
    }
