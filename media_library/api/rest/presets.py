"""What the front end needs of each picture, posted by its build: ``presets.json`` (imaging/slots.py)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.openapi.schema import REF_TEMPLATE
from wagtail.models import APIToken

from media_library import manifests
from media_library.api.rest.auth import ANYONE
from media_library.api.rest.errors import Problem, forbidden
from media_library.api.rest.schemas import ProblemDetail
from media_library.imaging.slots import MAX_BYTES, MAX_SIDE, MAX_WIDTHS, read_slots
from media_library.models import PresetManifest

router = Router(tags=["presets"])

PERMISSION = "media_library.add_presetmanifest"


class PresetSlot(Schema):
    """A place in the front end where pictures are shown. Pixels."""

    aspect: str | None = Field(examples=["16:9"], description="Width to height; null for pictures as they are.")
    widths: list[int] = Field(min_length=1, max_length=MAX_WIDTHS, examples=[[640, 1280, 1920]])
    formats: list[str] = Field(["avif", "webp", "fallback"], description="Some of avif, webp, fallback, jpeg, png.")
    description: str = ""
    minimum: int | None = Field(
        None, ge=1, le=MAX_SIDE, description="The least width that a picture should give; the largest of `widths`."
    )


class PresetSlots(Schema):
    """`presets.json`."""

    slots: dict[str, PresetSlot]


class PresetsInForce(PresetSlots):
    """The manifest in force."""

    version: int = Field(ge=1)
    digest: str = Field(description="SHA-256 of the slots, the same for the same content.")
    created_at: datetime


SLOTS = PresetSlots.model_json_schema(ref_template=REF_TEMPLATE)
# Those of the answer are the same.
SLOTS.pop("$defs")
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": SLOTS}}}}


@router.get(
    "/presets/",
    response={200: PresetsInForce, 304: None, 404: ProblemDetail},
    auth=ANYONE,
    operation_id="get_presets",
    summary="Get the preset manifest",
)
def get_presets(request: HttpRequest) -> HttpResponse:
    """The slots that pictures are prepared for. Has an ETag; 404 where no front end has posted any."""
    row = manifests.current()
    if row is None:
        raise Problem(404, "no_manifest", _("No manifest is in force: pictures have the presets of the settings."))
    return _answer(request, row, 200)


@router.put(
    "/presets/",
    response={200: PresetsInForce, 201: PresetsInForce, 413: ProblemDetail},
    operation_id="put_presets",
    summary="Post the preset manifest",
    openapi_extra=BODY,
)
def put_presets(request: HttpRequest) -> HttpResponse:
    """Put slots in force in place of those that are: 201. What is in force already is no new version: 200.

    Needs the permission to add preset manifests, and nothing else.
    """
    if not request.user.has_perm(PERMISSION):
        raise forbidden(_("You may not post preset manifests. Ask an administrator for that permission."))
    # One byte more than there may be, so that a body that is too long is told from one that fits.
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise Problem(
            413,
            "too_large",
            _("A manifest has %(bytes)s bytes at most. Name fewer slots, or fewer widths.") % {"bytes": MAX_BYTES},
        )
    token = request.auth if isinstance(request.auth, APIToken) else None  # type: ignore[attr-defined]
    row, is_new = manifests.post(read_slots(body), request.user, token)
    return _answer(request, row, 201 if is_new else 200)


def _answer(request: HttpRequest, row: PresetManifest, status: int) -> HttpResponse:
    etag = f'"{row.number}-{row.digest[:16]}"'
    if request.method != "PUT" and (unchanged := get_conditional_response(request, etag=etag)):
        return _with_headers(unchanged, etag)
    said: dict[str, Any] = {
        "version": row.number,
        "digest": row.digest,
        "created_at": row.created_at,
        "slots": {slot.name: slot.as_json() for slot in row.read_slots() or ()},
    }
    shown = PresetsInForce.model_validate(said).model_dump_json()
    return _with_headers(HttpResponse(shown, content_type="application/json", status=status), etag)


def _with_headers(response: Any, etag: str) -> Any:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
