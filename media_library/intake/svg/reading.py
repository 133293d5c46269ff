"""From bytes to a tree, within limits."""

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import DamagedFile, FileTooLarge, UnknownFileType

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

MAX_ELEMENTS = 50_000
MAX_DEPTH = 100
"""Elements inside elements. Drawing programs nest some dozens of groups."""

MAX_DRAWN = 500_000
"""Elements after each ``use``, pattern or marker has been put in place: few references can make billions."""

_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')\s]+)""", re.IGNORECASE)


def read(data: bytes) -> Element:
    """Parse an SVG. Raises ``DamagedFile``, ``FileTooLarge`` or ``UnknownFileType``."""
    if len(data) > conf.MAX_SVG_BYTES:
        raise FileTooLarge(
            _("This drawing is too large: %(size)s, and at most %(limit)s are accepted. Export it as PNG or WebP.")
            % {"size": filesizeformat(len(data)), "limit": filesizeformat(conf.MAX_SVG_BYTES)}
        )
    parser = DefusedXMLParser(target=_Bounded(), forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise UnknownFileType(
            _("This drawing defines XML entities, which can be abused. Save it as plain SVG, without editing data.")
        ) from error
    # LookupError and ValueError: an encoding that nobody knows, or that its bytes are not in.
    except (ParseError, LookupError, ValueError) as error:
        raise DamagedFile(_("This drawing is damaged: it is no well-formed XML. Save it anew as SVG.")) from error
    if root.tag not in ("svg", f"{{{SVG}}}svg"):
        raise UnknownFileType(_("This XML file is no SVG drawing. Save the drawing as SVG."))
    _require_few_drawn(root)
    return root


def _too_complex() -> FileTooLarge:
    return FileTooLarge(_("This drawing has too many parts to be shown. Simplify it, or export it as PNG or WebP."))


class _Bounded(TreeBuilder):
    """Builds the tree, and ends when it gets too large or too deep."""

    def __init__(self) -> None:
        super().__init__()
        self.count = self.depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:  # type: ignore[override]
        self.count += 1
        self.depth += 1
        if self.count > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            raise _too_complex()
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def _require_few_drawn(root: Element) -> None:
    """Count elements as if each reference were a copy. A reference to itself draws nothing (SVG 2, 5.6)."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    drawn: dict[Element, int] = {}
    open_ones: set[Element] = set()

    def weigh(element: Element, depth: int) -> int:
        if element in open_ones:
            return 0
        if element not in drawn:
            if depth > 2 * MAX_DEPTH:
                raise _too_complex()
            open_ones.add(element)
            inside = [*element, *(by_id[name] for name in _references(element) if name in by_id)]
            drawn[element] = 1 + sum(weigh(one, depth + 1) for one in inside)
            open_ones.discard(element)
            if drawn[element] > MAX_DRAWN:
                raise _too_complex()
        return drawn[element]

    weigh(root, 0)


def _references(element: Element) -> list[str]:
    names = [name for value in element.attrib.values() if "#" in value for name in _REFERENCE.findall(value)]
    href = (element.get("href") or element.get(f"{{{XLINK}}}href") or "").strip()
    return [*names, href[1:]] if href.startswith("#") else names
