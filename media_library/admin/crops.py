"""All named crops beside one another, drawn in the browser: what a focal point does before anything is made.

Of a picture, and of the poster of a film.
"""

import json
import re
from typing import Any, NamedTuple

from media_library import posters
from media_library.admin.facts import large_poster
from media_library.admin.suggestions.views import open_suggestions
from media_library.imaging.orders import Subject
from media_library.imaging.presets import ADMIN_SPECS
from media_library.manifests import in_force
from media_library.models import CustomImage, CustomRendition, PosterRendition, Suggestion, Video

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
    return _panel(source, image.subject, _suggested(suggestions)) if source else {"shapes": []}


def poster_preview(video: Video) -> dict[str, Any]:
    """The same of the poster of a film. There, the focal area is drawn in the panel itself, and saved at once.

    ``area`` is the one that there is, as shares of the poster in JSON; ``poster`` says which picture that is.
    ``picture`` is the one of the library that was chosen, which has its own focal area.
    """
    source = large_poster(video)
    if source is None or source.version != video.version:
        return {"shapes": []}
    subject = posters.poster_subject(video)
    suggestions = list(open_suggestions(Suggestion.Field.FOCAL_POINT).filter(asset=video.pk))
    return _panel(source, subject, _suggested(suggestions)) | {
        "video": video,
        "poster": posters.identity(source),
        "picture": posters.chosen_picture(video),
        "area": json.dumps(video.poster_focus) if video.poster_focus else "",
        "focus": _in_pixels(subject, video.poster_focus),
    }


def _panel(
    source: CustomRendition | PosterRendition, subject: Subject, suggested: list[float] | None
) -> dict[str, Any]:
    return {
        "width": subject.width,
        "height": subject.height,
        "shapes": shapes(),
        "source": source,
        "suggested": _in_pixels(subject, suggested),
    }


def _suggested(suggestions: list[Suggestion]) -> list[float] | None:
    areas = [one.area for one in suggestions if one.field == Suggestion.Field.FOCAL_POINT and one.area]
    return areas[0] if areas else None


def _in_pixels(subject: Subject, area: list[float] | None) -> str:
    if not area:
        return ""
    left, top, width, height = area
    focus = {
        "x": (left + width / 2) * subject.width,
        "y": (top + height / 2) * subject.height,
        "width": width * subject.width,
        "height": height * subject.height,
    }
    return json.dumps({name: round(value) for name, value in focus.items()})
