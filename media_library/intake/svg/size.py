"""How large a drawing is."""

import math
import re
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from media_library.exceptions import FileTooLarge

MAX_SIDE = 20_000
"""CSS pixels. A drawing is as sharp at any size; this only bounds what browsers are asked to lay out."""

_LONGEST = 200
"""Characters of an attribute that are looked at."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*([a-zA-Z]*)\s*")
_VIEW_BOX = re.compile(rf"\s*({_NUMBER})" + rf"[\s,]+({_NUMBER})" * 3 + r"\s*")
_ASPECT_RATIO = re.compile(r"none|x(Min|Mid|Max)Y(Min|Mid|Max)(\s+(meet|slice))?")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
}
"""CSS pixels of each unit (CSS Values 4, 6), with the usual font. The others depend on the window."""
_WITHOUT_SIZE = (300.0, 150.0)
"""What browsers take when a file says nothing (CSS Images 3, 4.4)."""


def settle_size(root: Element) -> tuple[int, int]:
    """Return width and height in CSS pixels, and write them and the ``viewBox`` into the root.

    A missing side follows from the proportions of the ``viewBox``, as browsers do it (SVG 2, 8.12). With all three
    written down, the drawing scales wherever it is placed. Raises ``FileTooLarge``.
    """
    box = _view_box(root.get("viewBox", ""))
    width, height = (_length(root.get(name, "")) for name in ("width", "height"))
    ratio = box[2] / box[3] if box else None
    if not width and not height:
        width, height = box[2:] if box else _WITHOUT_SIZE
    width = width or (height * ratio if ratio else _WITHOUT_SIZE[0])
    height = height or (width / ratio if ratio else _WITHOUT_SIZE[1])
    if max(width, height) > MAX_SIDE:
        raise FileTooLarge(
            _("This drawing says that it is more than %(limit)s pixels wide or high. Give it a smaller size.")
            % {"limit": MAX_SIDE}
        )
    pixels = max(1, round(width)), max(1, round(height))
    root.set("width", str(pixels[0]))
    root.set("height", str(pixels[1]))
    root.set("viewBox", " ".join(f"{one:.10g}" for one in box or (0, 0, width, height)))
    if not _ASPECT_RATIO.fullmatch(root.get("preserveAspectRatio", "none").strip()[:_LONGEST]):
        del root.attrib["preserveAspectRatio"]
    return pixels


def _length(value: str) -> float:
    """CSS pixels of a length; 0 when it is missing, relative to the window, or none."""
    found = _LENGTH.fullmatch(value[:_LONGEST])
    if not found or found[2].lower() not in _PIXELS:
        return 0
    return max(0.0, float(found[1]) * _PIXELS[found[2].lower()])


def _view_box(value: str) -> tuple[float, float, float, float] | None:
    found = _VIEW_BOX.fullmatch(value[:_LONGEST])
    if not found:
        return None
    x, y, width, height = map(float, found.groups())
    usable = (
        width > 0 and height > 0 and all(map(math.isfinite, (x, y, width, height, width / height, height / width)))
    )
    return (x, y, width, height) if usable else None
