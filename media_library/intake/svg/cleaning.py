"""Keep what draws; drop what runs, links, or fetches.

Elements are those of an allow-list, since their number is known. Attributes are kept unless they can do harm: there
are hundreds that only style.
"""

import re
from xml.etree.ElementTree import Element

from media_library.intake.svg.reading import SVG, XLINK

XML = "http://www.w3.org/XML/1998/namespace"

ELEMENTS = re.compile(
    "svg|g|defs|symbol|use|switch|title|desc|a|view|style|path|rect|circle|ellipse|line|polyline|polygon|image"
    "|text|tspan|textPath|linearGradient|radialGradient|stop|pattern|clipPath|mask|marker|filter"
    "|feBlend|feColorMatrix|feComponentTransfer|feComposite|feConvolveMatrix|feDiffuseLighting|feDisplacementMap"
    "|feDistantLight|feDropShadow|feFlood|feFunc[ABGR]|feGaussianBlur|feImage|feMerge|feMergeNode|feMorphology"
    "|feOffset|fePointLight|feSpecularLighting|feSpotLight|feTile|feTurbulence"
    "|animate|animateMotion|animateTransform|mpath|set"
)
"""SVG 2 without script, foreignObject, iframe, audio, video, canvas, handler and listener."""

_ANIMATIONS = {"animate", "animateMotion", "animateTransform", "set"}
_PICTURES = {"image", "feImage"}
_RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_NEVER = {"src", "base", "ping", "target", "action", "formaction", "srcdoc", "srcset", "cursor"}

# CSS. What fetches becomes a rule or a function that means nothing, which parsers skip (CSS Syntax 3, 5.4); so nothing
# is glued together where something was cut out.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.)|\Z)", re.DOTALL)
_RULES = re.compile(r"@(?:import|font-face|namespace|charset|document)\b[^;{}]*", re.IGNORECASE)
_REMOTE_URL = re.compile(r"""url\s*\(\s*(?!["']?\s*#)[^)]*\)?""", re.IGNORECASE)
_FETCHING = re.compile(r"(?:image-set|\bimage|\bsrc|cross-fade|\belement|\bpaint)\s*\([^)]*\)?", re.IGNORECASE)


def clean(root: Element) -> Element:
    """Return the tree without anything harmful, its names without prefixes."""
    _clean_element(root, "svg")
    return root


def _clean_element(element: Element, name: str) -> None:
    element.tag = name
    for key, value in list(element.attrib.items()):
        del element.attrib[key]
        kept = _clean_attribute(name, key, value)
        if kept is not None:
            element.set(*kept)
    if name == "style":
        element[:] = []
        element.text = clean_css(element.text or "")
        return
    kept_children: list[Element] = []
    words: list[str] = [element.text or ""]
    for child in element:
        inner = _drawing_name(child)
        if inner is not None:
            _clean_element(child, inner)
        if inner is None or (inner in _ANIMATIONS and not _animates_looks(child)):
            # The words behind it stay.
            words.append(child.tail or "")
            continue
        _put_words(element, kept_children, words)
        kept_children.append(child)
        words = [child.tail or ""]
    _put_words(element, kept_children, words)
    element[:] = kept_children


def _put_words(element: Element, children: list[Element], words: list[str]) -> None:
    """Write the text that stands behind the last of these children, or before all of them."""
    if children:
        children[-1].tail = "".join(words)
    else:
        element.text = "".join(words)


def _drawing_name(element: Element) -> str | None:
    """The local name of an element that may stay. Without any namespace at all it is taken for SVG's."""
    if not isinstance(element.tag, str):
        return None
    name = element.tag.removeprefix(f"{{{SVG}}}")
    return name if ELEMENTS.fullmatch(name) else None


def _clean_attribute(element: str, key: str, value: str) -> tuple[str, str] | None:
    """The name and value that an attribute keeps, or None."""
    if key in ("href", f"{{{XLINK}}}href"):
        target = value.strip()
        allowed = target.startswith("#") or (element in _PICTURES and _RASTER.fullmatch(target))
        return ("href", target) if allowed and element != "a" else None
    if key in (f"{{{XML}}}space", f"{{{XML}}}lang"):
        return key, value
    # Anything else with a prefix is a drawing program's own.
    if not _NAME.fullmatch(key) or key.lower().startswith("on") or key.lower() in _NEVER:
        return None
    return key, clean_css(value) if "(" in value or "\\" in value or ":" in value else value


def _animates_looks(element: Element) -> bool:
    """Whether an animation leaves references and handlers alone."""
    name = element.get("attributeName", "").strip().lower()
    return not (name.endswith("href") or name.startswith("on") or name in _NEVER)


def clean_css(text: str) -> str:
    """Remove from a style sheet, or from the value of an attribute, what would fetch or run anything."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text).replace("\\", "")
    text = _COMMENT.sub(" ", text)
    text = _RULES.sub("@removed ", text)
    text = _REMOTE_URL.sub("removed()", text)
    return _FETCHING.sub("removed()", text)


def _unescaped(found: re.Match[str]) -> str:
    """CSS Syntax 3, 4.3.7."""
    if found[1]:
        code = int(found[1], 16)
        # Only what XML may hold.
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF else " "
    return found[2] or ""
