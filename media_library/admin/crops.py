"""All named crops beside one another, drawn in the browser: what a focal point does before anything is made."""

import json
import re
from typing import Any, NamedTuple

from media_library.imaging.presets import ADMIN_SPECS
from media_library.manifests import in_force
from media_library.models import CustomImage, Suggestion

_FILL = re.compile(r"fill-(\d+)x(\d+)")

SOURCE = ADMIN_SPECS[1]
"""What they are drawn from: the page of a picture shows it anyway."""


class Shape(NamedTuple):
    """A named crop, and its size in pixels."""

    name: str
    width: int
    height: int


def shapes() -> list[Shape]:
    """The crops that presets make, each in its largest size, in their order."""
    found: dict[str, Shape] = {}
    for preset in in_force().presets.crops:
        if match := _FILL.fullmatch(preset.operation):
            shape = Shape(preset.name, int(match[1]), int(match[2]))
            found[shape.name] = max(shape, found.get(shape.name, shape))
    return list(found.values())


def preview(image: CustomImage, suggestions: list[Suggestion]) -> dict[str, Any]:
    """What the panel on the page of a picture shows; nothing for a drawing, or before there is a picture to draw from.

    ``suggested`` is the focal area that is suggested, as Wagtail's form would have it, in JSON; blank without one.
    """
    source = None if image.is_svg() else image.renditions.filter(filter_spec=SOURCE).first()
    if source is None:
        return {"shapes": []}
    areas = [one.area for one in suggestions if one.field == Suggestion.Field.FOCAL_POINT and one.area]
    return {
        "image": image,
        "shapes": shapes(),
        "source": source,
        "suggested": _in_pixels(image, areas[0]) if areas else "",
    }


def _in_pixels(image: CustomImage, area: list[float]) -> str:
    left, top, width, height = area
    across, along = image.width or 0, image.height or 0
    focus = {
        "x": (left + width / 2) * across,
        "y": (top + height / 2) * along,
        "width": width * across,
        "height": height * along,
    }
    return json.dumps({name: round(value) for name, value in focus.items()})
