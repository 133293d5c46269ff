"""What an editor does to a picture: a recipe of fractions and angles, so that it holds at every resolution.

The order is fixed: quarter turns, flips, straightening, crop, colours, blur; the watermark comes last, on each
finished size. The editor of the admin computes the same (static/media_library/js/picture-editor/).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageFilter

from media_library.exceptions import UnacceptableRecipe
from media_library.imaging.geometry import QUARTER_TURNS, WHOLE, Crop, Geometry
from media_library.imaging.toning import TONES, tone_colours
from media_library.imaging.watermark import OPACITY, POSITIONS, TEXT_LENGTH, Watermark

MIN_CROP = 0.01
"""Least width and height of a crop, as a fraction of the picture."""

MAX_STRAIGHTEN = 45.0
MAX_BLUR = 0.1

COLLECTION = "collection"
NO_WATERMARK = "none"

_PRECISION = 6
"""Decimals that are kept: a hundredth of a pixel in the largest picture."""


@dataclass(frozen=True)
class OwnWatermark:
    """A watermark of this picture's own. ``image`` is the id of an image; where it is gone, the text stands in."""

    image: int | None = None
    text: str = ""
    position: str = "bottom-right"
    opacity: float = 0.6

    def __post_init__(self) -> None:
        if self.image is not None and not _is_whole(self.image):
            raise UnacceptableRecipe(_("The picture of the watermark must be the id of an image."))
        if not isinstance(self.text, str) or len(self.text) > TEXT_LENGTH:
            raise UnacceptableRecipe(
                _("The text of the watermark may have %(number)s characters.") % {"number": TEXT_LENGTH}
            )
        if self.image is None and not self.text.strip():
            raise UnacceptableRecipe(_("Choose a picture or write a text for the watermark."))
        if self.position not in POSITIONS:
            raise UnacceptableRecipe(_("The watermark can't stand there. Choose a corner or the centre."))
        _check_range(_("The opacity of the watermark"), self.opacity, *OPACITY)


@dataclass(frozen=True)
class Recipe:
    """How a picture is edited. Without arguments, not at all.

    ``rotate`` is 0, 90, 180 or 270 degrees and ``straighten`` -45 to 45, both clockwise. ``crop`` is left, top, right
    and bottom in fractions of what the steps before it leave. ``brightness``, ``contrast`` and ``saturation`` go from
    -1 to 1, with 0 for no change; ``blur`` is the standard deviation in fractions of the longer side of the unedited
    picture, to 0.1; ``tone`` is "", "greyscale" or "sepia". ``watermark`` is "collection" (what its collection says),
    "none", or one of its own. Raises ``UnacceptableRecipe``.
    """

    rotate: int = 0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    straighten: float = 0.0
    crop: Crop = WHOLE
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    blur: float = 0.0
    tone: str = ""
    watermark: str | OwnWatermark = COLLECTION

    def __post_init__(self) -> None:
        if not _is_whole(self.rotate) or self.rotate not in (0, *QUARTER_TURNS):
            raise UnacceptableRecipe(_("A picture can be turned by 90, 180 or 270 degrees."))
        if not isinstance(self.flip_horizontal, bool) or not isinstance(self.flip_vertical, bool):
            raise UnacceptableRecipe(_("A picture is flipped or it is not: true or false."))
        _check_range(_("The angle of straightening"), self.straighten, -MAX_STRAIGHTEN, MAX_STRAIGHTEN)
        self._check_crop()
        _check_range(_("The brightness"), self.brightness, -1, 1)
        _check_range(_("The contrast"), self.contrast, -1, 1)
        _check_range(_("The saturation"), self.saturation, -1, 1)
        _check_range(_("The blur"), self.blur, 0, MAX_BLUR)
        if self.tone not in ("", *TONES):
            raise UnacceptableRecipe(_("The tone is none, greyscale or sepia."))
        if not isinstance(self.watermark, OwnWatermark) and self.watermark not in (COLLECTION, NO_WATERMARK):
            raise UnacceptableRecipe(_("The watermark is that of the collection, none, or one of the picture's own."))

    def _check_crop(self) -> None:
        if len(self.crop) != 4:
            raise UnacceptableRecipe(_("A crop has four edges: left, top, right and bottom."))
        for edge in self.crop:
            _check_range(_("An edge of the crop"), edge, 0, 1)
        left, top, right, bottom = self.crop
        if min(right - left, bottom - top) < MIN_CROP - 1e-9:
            raise UnacceptableRecipe(_("Nothing is left inside the crop. Make it larger."))

    # In the database, and from a browser.

    @classmethod
    def from_json(cls, data: Any) -> "Recipe":
        """Read what ``to_json`` wrote, or what a browser sent; ``{}`` is the original.

        Raises ``UnacceptableRecipe`` for anything that isn't understood: an unknown key is more likely a mistake than
        something to be ignored.
        """
        values = _known(data, cls)
        if "crop" in values:
            if not isinstance(values["crop"], list | tuple):
                raise UnacceptableRecipe(_("A crop has four edges: left, top, right and bottom."))
            values["crop"] = tuple(values["crop"])
        if isinstance(values.get("watermark"), dict):
            values["watermark"] = OwnWatermark(**_known(values["watermark"], OwnWatermark))
        try:
            return cls(**values)
        except TypeError as error:
            raise UnacceptableRecipe(_("This list of edits can't be read. Reload the page and try again.")) from error

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the original: ``{"rotate": 90, "crop": [0.1, 0.0, 1.0, 1.0]}``."""
        changed = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: _plain(value)
            for name, value in changed.items()
            if _plain(value) != _plain(type(self).__dataclass_fields__[name].default)
        }

    @property
    def is_empty(self) -> bool:
        """Whether this leaves the picture, and the watermark of its collection, as they are."""
        return not self.to_json()

    @property
    def leaves_pixels(self) -> bool:
        """Whether nothing but the watermark is changed."""
        return not self.to_json().keys() - {"watermark"}

    @property
    def geometry(self) -> Geometry:
        """The part that changes the shape of the picture; maps points, too."""
        return Geometry(self.rotate, self.flip_horizontal, self.flip_vertical, self.straighten, self.crop)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size in pixels of the result for an unedited picture of this size, as seen."""
        return self.geometry.size(width, height)

    def apply(self, image: Image.Image) -> Image.Image:
        """Edit RGB or RGBA pixels, as seen and of any size; the mode and the argument stay as they are.

        All but the watermark, which is stamped on each finished size.
        """
        shaped = self.geometry.reshape(image)
        edited = tone_colours(shaped, self.brightness, self.contrast, self.saturation, self.tone)
        return _blurred(edited, self.blur * max(image.size)) if self.blur else edited


@dataclass(frozen=True)
class PictureEdits:
    """A recipe and the watermark that goes with it, as the engine takes them."""

    recipe: Recipe
    watermark: Watermark | None = None

    @property
    def is_empty(self) -> bool:
        return self.recipe.leaves_pixels and self.watermark is None

    def apply(self, pixels: Image.Image) -> Image.Image:
        return self.recipe.apply(pixels)

    def stamp(self, pixels: Image.Image) -> Image.Image:
        return self.watermark.stamp(pixels) if self.watermark else pixels


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    """Blur by a Gaussian. What is transparent has no colour that could bleed into what isn't."""
    if image.mode == "RGBA":
        return image.convert("RGBa").filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
    return image.filter(ImageFilter.GaussianBlur(radius))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_range(name: str, value: Any, least: float, most: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        raise UnacceptableRecipe(
            _("%(name)s must be a number from %(least)s to %(most)s.")
            % {"name": name, "least": f"{least:g}", "most": f"{most:g}"}
        )


def _known(data: Any, cls: type) -> dict[str, Any]:
    """The keys and values of a JSON object, all of which are fields of ``cls``."""
    if not isinstance(data, Mapping):
        raise UnacceptableRecipe(_("This list of edits can't be read. Reload the page and try again."))
    names = {field.name for field in fields(cls)}
    for key in data:
        if key not in names:
            raise UnacceptableRecipe(_("There is no edit called “%(name)s”.") % {"name": str(key)[:40]})
    return dict(data)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, OwnWatermark):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return round(value, _PRECISION) if isinstance(value, float) else value
