"""Editing pictures without touching their originals, and developing anything anew."""

from dataclasses import fields
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ConfigDict, create_model

from media_library.admin.editing.views import require_choosable_logo
from media_library.api.rest.errors import Problem, not_found
from media_library.api.rest.ids import Id
from media_library.api.rest.reading import find_changeable, represent_asset
from media_library.api.rest.schemas import AnyAsset, FocalPoint, ProblemDetail, Text
from media_library.bulk.actions import Develop
from media_library.editing import CARRY_OVER, edit
from media_library.imaging.geometry import QUARTER_TURNS
from media_library.imaging.operations import (
    COLLECTION,
    MAX_BLUR,
    MAX_STRAIGHTEN,
    NO_WATERMARK,
    OwnWatermark,
    Recipe,
)
from media_library.imaging.toning import TONES
from media_library.imaging.watermark import OPACITY, POSITIONS, TEXT_LENGTH
from media_library.models import Asset, CustomImage
from media_library.transforms import revision

router = Router(tags=["editing"])


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


def schema_of(source: type, name: str, **types: Any) -> Any:
    """The fields of a dataclass with their defaults, and with types that tell more than its own."""
    found: dict[str, Any] = {one.name: (types[one.name], one.default) for one in fields(source)}
    # What it raises is nothing that clients know.
    said = (source.__doc__ or "").partition(" Raises ")[0]
    return create_model(name, __base__=Strict, __doc__=said, **found)


Edge = Annotated[float, Field(ge=0, le=1)]
Tone = Annotated[float, Field(ge=-1, le=1)]

WatermarkEdit = schema_of(
    OwnWatermark,
    "WatermarkEdit",
    image=Id | None,
    text=Annotated[Text, Field(max_length=TEXT_LENGTH)],
    position=Literal[POSITIONS],
    opacity=Annotated[float, Field(ge=OPACITY[0], le=OPACITY[1])],
)
RecipeEdit = schema_of(
    Recipe,
    "RecipeEdit",
    rotate=Literal[(0, *QUARTER_TURNS)],
    flip_horizontal=bool,
    flip_vertical=bool,
    straighten=Annotated[float, Field(ge=-MAX_STRAIGHTEN, le=MAX_STRAIGHTEN, description="Degrees, clockwise.")],
    crop=Annotated[tuple[Edge, Edge, Edge, Edge], Field(description="Left, top, right, bottom.")],
    brightness=Tone,
    contrast=Tone,
    saturation=Tone,
    blur=Annotated[float, Field(ge=0, le=MAX_BLUR)],
    tone=Literal[("", *TONES)],
    watermark=Literal[COLLECTION, NO_WATERMARK] | WatermarkEdit,
)


class Edit(Strict):
    """All edits of a picture: what is left out is not edited. An empty recipe is the original."""

    recipe: RecipeEdit = Field(  # type: ignore[valid-type]
        examples=[{"rotate": 90, "crop": [0.1, 0, 1, 1]}, {}]
    )
    focal_point: FocalPoint | None = Field(
        None, description="Of the edited picture; null takes it away. Left out, it stays on what it is on."
    )
    revision: Text = Field(
        "", max_length=64, description="Of the picture that was looked at: 409 if it is another one by now."
    )


@router.post(
    "/{int:asset_id}/edit/",
    response={200: AnyAsset, 409: ProblemDetail},
    operation_id="edit_media",
    summary="Edit a picture",
)
def edit_media(request: HttpRequest, asset_id: int, body: Edit) -> dict[str, Any]:
    """Crop, turn, flip, straighten, colours, blur and watermark. The original stays; all sizes are made anew."""
    asset = find_changeable(request, asset_id)
    image = asset.specific
    if not isinstance(image, CustomImage):
        raise Problem(422, "not_a_picture", _("Only pictures can be edited."))
    recipe = Recipe.from_json(body.recipe.model_dump(exclude_unset=True))
    point: Any = CARRY_OVER
    if "focal_point" in body.model_fields_set:
        point = (body.focal_point.x, body.focal_point.y) if body.focal_point else None
    with transaction.atomic():
        Asset.lock(image.pk)
        current = CustomImage.objects.filter(pk=image.pk).first()
        if current is None:
            raise not_found()
        if body.revision and body.revision != revision(current):
            raise Problem(
                409,
                "changed_meanwhile",
                _("This picture is not the one that you have seen: somebody was faster. Get it again, then edit it."),
            )
        require_choosable_logo(current, recipe, request.user)
        edit(current, recipe, request.user, point)
    return represent_asset(request, asset)


@router.post(
    "/{int:asset_id}/redevelop/",
    response=AnyAsset,
    operation_id="redevelop_media",
    summary="Make everything of an asset anew",
)
def redevelop_media(request: HttpRequest, asset_id: int) -> dict[str, Any]:
    """Pictures in all their sizes; of films and sounds what is missing, and the poster."""
    asset = find_changeable(request, asset_id)
    if asset.kind not in Develop.kinds:
        raise Problem(422, "not_developed", _("Nothing is made of documents: they are handed out as they are."))
    with transaction.atomic():
        Develop({}, request.user).apply(asset.specific)
    return represent_asset(request, asset)
