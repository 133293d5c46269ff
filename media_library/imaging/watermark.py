"""A name or a logo on finished pictures."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageDraw

from media_library.imaging.lettering import font_of
from media_library.imaging.source import decode, open_image, shrink_on_load

POSITIONS = ("top-left", "top-right", "centre", "bottom-left", "bottom-right")
OPACITY = (0.05, 1.0)
"""Least and most: below it nobody sees the mark."""

TEXT_LENGTH = 100
"""Characters; equal to the column of CollectionSettings."""

SMALLEST = 200
"""Pictures whose longer side is shorter than this, in pixels, stay clean: a mark would hide them or be a smudge."""

PICTURE_BOX = (0.25, 0.2)
TEXT_BOX = (0.6, 0.045)
"""The part of the picture's width and height into which a logo or a text is fitted."""

MARGIN = 0.025
"""Distance from the edge, in fractions of the shorter side."""

PREVIEW_TEXT_HEIGHT = 96
LARGEST_MARK = 1024
"""Longest side at which a logo is kept in memory, in pixels; ``PICTURE_BOX`` of the widest rendition is less."""


@dataclass(frozen=True)
class Watermark:
    """A picture (RGBA or RGB pixels) or, without one, a text; see ``POSITIONS`` and ``OPACITY``.

    Raises ``ValueError`` for others.
    """

    text: str = ""
    picture: Image.Image | None = None
    position: str = "bottom-right"
    opacity: float = 0.6

    def __post_init__(self) -> None:
        if self.position not in POSITIONS:
            raise ValueError(f"the position is one of {', '.join(POSITIONS)}")
        if not OPACITY[0] <= self.opacity <= OPACITY[1]:
            raise ValueError(f"the opacity is a number from {OPACITY[0]} to {OPACITY[1]}")

    def stamp(self, image: Image.Image) -> Image.Image:
        """Return RGB or RGBA pixels with the mark on them; the argument stays as it is.

        Pictures below ``SMALLEST`` are returned as they came.
        """
        if max(image.size) < SMALLEST:
            return image
        box = PICTURE_BOX if self.picture else TEXT_BOX
        mark = self.mark(max(1, round(image.width * box[0])), max(1, round(image.height * box[1])))
        mark.putalpha(mark.getchannel("A").point(lambda value: value * self.opacity))
        place = self._place(image.size, mark.size)
        stamped = image.copy()
        if image.mode == "RGBA":
            stamped.alpha_composite(mark, place)
        else:
            stamped.paste(mark, place, mask=mark)
        return stamped

    def mark(self, width: int, height: int) -> Image.Image:
        """The mark by itself as RGBA, as large as it fits into this box in pixels, not transparent yet."""
        if self.picture is None:
            return _draw(self.text, width, height)
        scale = min(width / self.picture.width, height / self.picture.height)
        size = (max(1, round(self.picture.width * scale)), max(1, round(self.picture.height * scale)))
        return self.picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)

    def _place(self, size: tuple[int, int], mark: tuple[int, int]) -> tuple[int, int]:
        if self.position == "centre":
            return max(0, (size[0] - mark[0]) // 2), max(0, (size[1] - mark[1]) // 2)
        margin = round(min(size) * MARGIN)
        vertical, horizontal = self.position.split("-")
        return (
            margin if horizontal == "left" else max(0, size[0] - margin - mark[0]),
            margin if vertical == "top" else max(0, size[1] - margin - mark[1]),
        )


def read_picture(file: IO[bytes]) -> Image.Image:
    """Decode a logo, as large as it is ever needed. Raises ``DamagedFile`` or ``FileTooLarge``."""
    with open_image(file) as image:
        shrink_on_load(image, (LARGEST_MARK, LARGEST_MARK))
        pixels = decode(image)
    pixels.thumbnail((LARGEST_MARK, LARGEST_MARK), Image.Resampling.LANCZOS)
    return pixels


def preview(watermark: Watermark) -> bytes:
    """The mark by itself as WebP, opaque, for the canvas of the editor, which fits it into the same box."""
    if watermark.picture is not None:
        mark = watermark.mark(LARGEST_MARK // 2, LARGEST_MARK // 2)
    else:
        mark = watermark.mark(LARGEST_MARK * 4, PREVIEW_TEXT_HEIGHT)
    output = BytesIO()
    mark.save(output, "WEBP", lossless=True, method=0)
    return output.getvalue()


def _draw(text: str, width: int, height: int) -> Image.Image:
    """White letters with a dark rim, legible on any ground, as large as the box allows."""
    text = " ".join(text.split())
    # The height of a line, not of these letters: "aaa" is no larger than "ÅÇg".
    natural = 100
    line = sum(font_of(natural).getmetrics())
    size = max(8.0, min(natural * height / line, natural * width / max(1, font_of(natural).getlength(text))))
    font = font_of(size)
    rim = max(1, round(size / 18))
    ascent, descent = font.getmetrics()
    image = Image.new("RGBA", (round(font.getlength(text)) + 2 * rim, ascent + descent + 2 * rim), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((rim, rim), text, font=font, fill="white", stroke_width=rim, stroke_fill=(0, 0, 0, 150))
    return image
