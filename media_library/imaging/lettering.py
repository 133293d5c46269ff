"""The font of what is written on pictures: Roboto (Latin, Greek, Cyrillic), or that of ``WATERMARK_FONT``."""

import importlib.resources
from functools import lru_cache

from PIL import ImageFont

from media_library.conf import conf


def font_of(size: float) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return _load_font(str(conf.WATERMARK_FONT), round(size, 1))


def missing_characters(text: str) -> str:
    """The characters of a text for which the font has no shape, each once."""
    font = font_of(40)
    nothing = _shape(font, "\uffff")
    return "".join(dict.fromkeys(one for one in text if not one.isspace() and _shape(font, one) == nothing))


@lru_cache(maxsize=64)
def _load_font(path: str, size: float) -> ImageFont.FreeTypeFont:
    if path:
        return ImageFont.truetype(path, size)
    # Pillow brings a font of its own, without é or ł.
    with importlib.resources.as_file(importlib.resources.files("font_roboto") / "files" / "Roboto-Medium.ttf") as own:
        return ImageFont.truetype(str(own), size)


def _shape(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)
