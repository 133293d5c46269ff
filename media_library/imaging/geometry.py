"""Turning, flipping, straightening and cropping: the part of a recipe that changes a picture's shape."""

import math
from dataclasses import dataclass

from PIL import Image

Crop = tuple[float, float, float, float]

WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)

QUARTER_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Degrees clockwise. Pillow turns counter-clockwise."""


@dataclass(frozen=True)
class Geometry:
    """A change of shape that holds at every resolution; the fields are those of a ``Recipe``.

    Sizes and points are in pixels, points with the origin at the top left. ``width`` and ``height`` are always those
    of the unedited picture as seen, whatever its scale.
    """

    rotate: int = 0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    straighten: float = 0.0
    crop: Crop = WHOLE

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size of the result."""
        left, top, right, bottom = self._box(width, height)
        return right - left, bottom - top

    def map_point(self, x: float, y: float, width: int, height: int) -> tuple[float, float]:
        """Where a point of the unedited picture is in the result; it may lie outside."""
        turned_width, turned_height = self._turned(width, height)
        x, y = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[self.rotate]
        x = turned_width - x if self.flip_horizontal else x
        y = turned_height - y if self.flip_vertical else y
        frame_width, frame_height = self._frame(width, height)
        cos, sin = self._cos_sin()
        x, y = x - turned_width / 2, y - turned_height / 2
        x, y = cos * x - sin * y + frame_width / 2, sin * x + cos * y + frame_height / 2
        left, top, _right, _bottom = self._box(width, height)
        return x - left, y - top

    def unmap_point(self, x: float, y: float, width: int, height: int) -> tuple[float, float]:
        """Where a point of the result comes from in the unedited picture."""
        left, top, _right, _bottom = self._box(width, height)
        frame_width, frame_height = self._frame(width, height)
        turned_width, turned_height = self._turned(width, height)
        cos, sin = self._cos_sin()
        x, y = x + left - frame_width / 2, y + top - frame_height / 2
        x, y = cos * x + sin * y + turned_width / 2, -sin * x + cos * y + turned_height / 2
        x = turned_width - x if self.flip_horizontal else x
        y = turned_height - y if self.flip_vertical else y
        return {0: (x, y), 90: (y, height - x), 180: (width - x, height - y), 270: (width - y, x)}[self.rotate]

    def reshape(self, image: Image.Image) -> Image.Image:
        """Turn, flip, straighten and crop pixels of any mode; the argument stays as it is."""
        size = image.size
        box = self._box(*size)
        if self.rotate:
            image = image.transpose(QUARTER_TURNS[self.rotate])
        if self.flip_horizontal:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if self.flip_vertical:
            image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        if not self.straighten:
            return image if box == (0, 0, *image.size) else image.crop(box)
        # From each pixel of the result back to where it comes from, in one pass.
        frame_width, frame_height = self._frame(*size)
        cos, sin = self._cos_sin()
        x, y = box[0] - frame_width / 2, box[1] - frame_height / 2
        matrix = (
            cos, sin, image.width / 2 + cos * x + sin * y,
            -sin, cos, image.height / 2 - sin * x + cos * y,
        )  # fmt: skip
        result_size = (box[2] - box[0], box[3] - box[1])
        return image.transform(result_size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)

    def _turned(self, width: int, height: int) -> tuple[int, int]:
        return (height, width) if self.rotate in (90, 270) else (width, height)

    def _cos_sin(self) -> tuple[float, float]:
        angle = math.radians(self.straighten)
        return math.cos(angle), math.sin(angle)

    def _frame(self, width: int, height: int) -> tuple[int, int]:
        """Size after straightening: the largest upright rectangle of the same aspect without an empty corner.

        A rectangle of ``s`` times the size, turned back by the angle, reaches ``s(w·cos + h·sin)/2`` to the side and
        ``s(w·sin + h·cos)/2`` up from the centre; ``s`` is the largest for which neither leaves the picture.
        """
        width, height = self._turned(width, height)
        cos, sin = self._cos_sin()
        sin = abs(sin)
        scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
        return max(1, math.floor(width * scale + 1e-6)), max(1, math.floor(height * scale + 1e-6))

    def _box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The crop in pixels of the frame; at least one pixel."""
        frame_width, frame_height = self._frame(width, height)
        left, right = _span(self.crop[0], self.crop[2], frame_width)
        top, bottom = _span(self.crop[1], self.crop[3], frame_height)
        return left, top, right, bottom


def _span(start: float, end: float, length: int) -> tuple[int, int]:
    first = min(math.floor(start * length + 0.5), length - 1)
    return first, max(first + 1, math.floor(end * length + 0.5))
