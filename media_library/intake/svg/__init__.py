"""Drawings: the one format that is served as it came, so only what can do no harm is kept of it.

Own code and not a library: the sanitisers tried (py-svg-hush 0.3) leave addresses in CSS, make remote addresses into
paths on our own host, indent text so that letters move apart, and drop text on a path.
"""

from dataclasses import dataclass
from xml.etree import ElementTree

from media_library.intake.svg.cleaning import clean
from media_library.intake.svg.reading import SVG, read
from media_library.intake.svg.size import settle_size

__all__ = ["Drawing", "sanitise"]


@dataclass(frozen=True)
class Drawing:
    """A drawing that can be shown to anyone: its bytes, and its width and height in CSS pixels."""

    data: bytes
    width: int
    height: int


def sanitise(data: bytes) -> Drawing:
    """Read an SVG and write what is harmless of it anew; doing so twice changes nothing more.

    Gone are scripts, event handlers, foreign objects, links, entities, comments, and every reference that leads out of
    the file; pictures inside stay when they are raster images in ``data:``. Raises ``DamagedFile``, ``FileTooLarge``
    or ``UnknownFileType``.
    """
    root = clean(read(data))
    width, height = settle_size(root)
    root.set("xmlns", SVG)
    return Drawing(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), width, height)
