"""Edits as Wagtail filter operations: ``{% image photo width-640|rotate-90|watermark-logo %}``.

Sizes come first, as Wagtail has it, and these follow in the order in which they are written. SVG pictures skip them.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.image_operations import FilterOperation, ImageTransform, TransformOperation
from wagtail.images.rect import Rect
from willow.image import Image as WillowImage
from willow.plugins.pillow import PillowImage

from media_library.conf import conf
from media_library.exceptions import UnacceptableRecipe
from media_library.imaging.operations import Recipe
from media_library.imaging.watermark import Watermark, read_picture


class EditOperation(FilterOperation):
    """An operation with at most one value, which becomes a recipe. A value below zero has a minus of its own."""

    spec: str
    """How it is written, for the message; ``{name}`` stands for the operation's name."""

    def construct(self, *parts: str) -> None:
        try:
            self.recipe = self.read("-".join(parts))
        except (ValueError, UnacceptableRecipe) as error:
            spec = self.spec.format(name=self.method)
            raise InvalidFilterSpecError(f"Not a valid filter: {self.method!r} is written {spec}.") from error

    def read(self, value: str) -> Recipe:
        """Make a recipe of what stands behind the name. Raises ``ValueError`` or ``UnacceptableRecipe``."""
        raise NotImplementedError

    def run(self, willow: WillowImage, image: Any, env: dict[str, Any]) -> WillowImage:
        return _on_pixels(willow, self.recipe.apply)


class RotateOperation(EditOperation):
    spec = "rotate-90, rotate-180 or rotate-270, clockwise"

    def read(self, value: str) -> Recipe:
        recipe = Recipe(rotate=int(value))
        if not recipe.rotate:
            raise ValueError("Turning by nothing is a mistake.")
        return recipe


class StraightenOperation(EditOperation):
    spec = "straighten-3, or straighten--3 for counter-clockwise, up to 45 degrees"

    def read(self, value: str) -> Recipe:
        return Recipe(straighten=float(value))


class FlipOperation(EditOperation):
    spec = "flip-horizontal or flip-vertical"

    def read(self, value: str) -> Recipe:
        return Recipe.from_json({f"flip_{value}": True})


class PercentOperation(EditOperation):
    """Brightness, contrast or saturation in percent: 100 leaves them, 0 takes them away, 200 doubles them."""

    spec = "{name}-120, in percent from 0 to 200, where 100 changes nothing"

    def read(self, value: str) -> Recipe:
        return Recipe.from_json({self.method: float(value) / 100 - 1})


class BlurOperation(EditOperation):
    spec = "blur-1.5, in percent of the picture's longer side, up to 10"

    def read(self, value: str) -> Recipe:
        return Recipe(blur=float(value) / 100)


class ToneOperation(EditOperation):
    spec = "{name}, without a value"

    def read(self, value: str) -> Recipe:
        if value:
            raise ValueError("A tone has no value.")
        return Recipe(tone=self.method)


class WatermarkOperation(FilterOperation):
    """Stamp a watermark of the setting ``WATERMARKS``."""

    def construct(self, *parts: str) -> None:
        self.name = "-".join(parts)
        if self.name not in conf.WATERMARKS:
            known = ", ".join(f"watermark-{name}" for name in conf.WATERMARKS) or "none"
            raise InvalidFilterSpecError(
                f"There is no watermark {self.name!r} in MEDIA_LIBRARY['WATERMARKS']; there is: {known}."
            )

    def run(self, willow: WillowImage, image: Any, env: dict[str, Any]) -> WillowImage:
        return _on_pixels(willow, configured_watermark(self.name).stamp)


class CropOperation(TransformOperation):
    """``crop-16x9``: the largest piece of this aspect, round the focal point if there is one."""

    vary_fields = ("focal_point_width", "focal_point_height", "focal_point_x", "focal_point_y")

    def construct(self, *parts: str) -> None:
        try:
            width, height = (int(part) for part in "-".join(parts).split("x"))
            self.aspect = width / height
        except (ValueError, ZeroDivisionError) as error:
            raise InvalidFilterSpecError("Not a valid filter: 'crop' is written crop-16x9.") from error
        if self.aspect <= 0:
            raise InvalidFilterSpecError("Not a valid filter: both numbers of 'crop' are above zero.")

    def run(self, transform: ImageTransform, image: Any) -> ImageTransform:
        width, height = transform.size
        crop_width = max(1.0, min(width, height * self.aspect))
        crop_height = max(1.0, min(height, width / self.aspect))
        focus = image.get_focal_point()
        x, y = focus.centroid if focus else (width / 2, height / 2)
        rect = Rect.from_point(x, y, crop_width, crop_height).move_to_clamp(Rect(0, 0, width, height))
        return transform.crop(rect.round())


OPERATIONS: list[tuple[str, type]] = [
    ("crop", CropOperation),
    ("rotate", RotateOperation),
    ("straighten", StraightenOperation),
    ("flip", FlipOperation),
    ("brightness", PercentOperation),
    ("contrast", PercentOperation),
    ("saturation", PercentOperation),
    ("blur", BlurOperation),
    ("greyscale", ToneOperation),
    ("sepia", ToneOperation),
    ("watermark", WatermarkOperation),
]
"""Names and operations, for the hook ``register_image_operations``."""


def configured_watermark(name: str) -> Watermark:
    """The watermark of this name in the setting. Raises ``ValueError`` when it can't be made."""
    options = dict(conf.WATERMARKS[name])
    image = options.pop("image", None)
    text = options.pop("text", "")
    if unknown := options.keys() - {"position", "opacity"}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    if not image and not text:
        raise ValueError("it has neither an image nor a text")
    return Watermark(text=text, picture=_read(str(image)) if image else None, **options)


@lru_cache(maxsize=16)
def _read(image: str) -> Any:
    path = image if Path(image).is_absolute() else finders.find(image)
    if not path or not Path(path).is_file():
        raise ValueError(f"there is no file {image!r}")
    with Path(path).open("rb") as file:
        return read_picture(file)


def _on_pixels(willow: WillowImage, change: Callable) -> WillowImage:
    if not isinstance(willow, PillowImage):
        return willow
    pixels = willow.image
    if pixels.mode not in ("RGB", "RGBA"):
        pixels = pixels.convert("RGBA" if pixels.has_transparency_data else "RGB")
    return PillowImage(change(pixels))
