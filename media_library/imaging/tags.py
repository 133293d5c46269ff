"""What a picture's file says of itself, as it stands there: EXIF, IPTC, XMP and text of PNG. Decodes no pixels.

Of EXIF only the tags that are asked for are read, each by itself: one that is broken costs itself alone, and maker
notes, thumbnails and serial numbers are never looked at. What the values mean is for ``intake/metadata.py`` to say.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL.ExifTags import GPS, IFD, Base

from media_library.exceptions import UnacceptableFile
from media_library.imaging.exif import Directory, Value
from media_library.imaging.png import read_chunks
from media_library.imaging.source import open_image

MAX_BLOCK = 1_000_000
"""Bytes of EXIF, IPTC or XMP that are read. A segment of JPEG holds 64 KB; XMP seldom has more than 100."""

MAX_VALUES = 200
"""Values that are kept of one property, such as keywords."""

_ABOUT = (
    Base.ImageDescription,
    Base.Make,
    Base.Model,
    Base.Software,
    Base.Artist,
    Base.Copyright,
    Base.XPTitle,
    Base.XPComment,
    Base.XPAuthor,
    Base.XPKeywords,
)
_EXPOSURE = (
    Base.ExposureTime,
    Base.FNumber,
    Base.ISOSpeedRatings,
    Base.DateTimeOriginal,
    Base.OffsetTime,
    Base.OffsetTimeOriginal,
    Base.ShutterSpeedValue,
    Base.ApertureValue,
    Base.Flash,
    Base.FocalLength,
    Base.FocalLengthIn35mmFilm,
    Base.LensSpecification,
    Base.LensModel,
)
_PLACE = (GPS.GPSLatitudeRef, GPS.GPSLatitude, GPS.GPSLongitudeRef, GPS.GPSLongitude)

_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
}
_CONTAINER = "http://ns.google.com/photos/1.0/container/"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_PHOTOSHOP_IPTC = 0x0404
"""The image resource of Photoshop that holds IPTC-IIM."""


@dataclass(frozen=True)
class RawTags:
    """Tags by name; text of unknown encoding is bytes.

    ``exif`` by the names of Exif 3.0 (``"ExposureTime"``): bytes, or a tuple of finite floats. ``iptc``
    by record and data set of IPTC-IIM 4.2 (``(2, 120)``). ``xmp`` by the customary prefix (``"dc:title"``); of
    alternative languages only the default. ``text`` by the keywords of PNG 1.2, section 11.3.4.2 (``"Title"``).
    ``container`` are the files that this one is made of, the picture first, as Google's XMP has them:
    ``{"Semantic": "MotionPhoto", "Length": "51200"}``.
    """

    exif: Mapping[str, Value] = field(default_factory=dict)
    iptc: Mapping[tuple[int, int], list[bytes]] = field(default_factory=dict)
    xmp: Mapping[str, list[str]] = field(default_factory=dict)
    text: Mapping[str, list[bytes]] = field(default_factory=dict)
    container: Sequence[Mapping[str, str]] = ()


def read_tags(file: IO[bytes]) -> RawTags:
    """Read the tags of an open picture. What can't be read is left out; nothing is raised for damaged bytes.

    Leaves the file at its beginning.
    """
    try:
        with open_image(file) as image:
            info: dict[str, Any] = {str(name): value for name, value in image.info.items()}
            form = image.format
    except UnacceptableFile:
        return RawTags()
    finally:
        file.seek(0)
    text: dict[str, list[bytes]] = {}
    if form == "PNG":
        # Pillow finds what stands behind the pixels only by decoding them.
        blocks, text = read_chunks(file, MAX_BLOCK)
        info |= blocks
    exif = _block(info.get("exif"))
    if form == "TIFF":
        # Its own directory is that of EXIF, and mostly stands behind the pixels.
        exif = file.read()
        file.seek(0)
    photoshop = info.get("photoshop")
    iptc = photoshop.get(_PHOTOSHOP_IPTC) if isinstance(photoshop, dict) else None
    xmp = _parse_xmp(info.get("xmp"))
    return RawTags(
        exif=_read_exif(exif),
        iptc=_read_iptc(_block(iptc)),
        xmp=_read_xmp(xmp) if xmp is not None else {},
        text=text,
        container=_read_container(xmp) if xmp is not None else (),
    )


def _block(value: object) -> bytes:
    return value[:MAX_BLOCK] if isinstance(value, bytes) else b""


def _read_exif(data: bytes) -> dict[str, Value]:
    main = Directory(data)
    # Some write the tags of the exposure into the first directory.
    tags = main.pick(_ABOUT) | main.pick(_EXPOSURE) | main.nested(IFD.Exif).pick(_EXPOSURE)
    named = {Base(tag).name: value for tag, value in tags.items()}
    return named | {GPS(tag).name: value for tag, value in main.nested(IFD.GPSInfo).pick(_PLACE).items()}


def _read_iptc(data: bytes) -> dict[tuple[int, int], list[bytes]]:
    """Read data sets up to a damaged one: 1C, record, number, length, value (IPTC-IIM 4.2, section 1.5)."""
    found: dict[tuple[int, int], list[bytes]] = {}
    position = 0
    while position + 5 <= len(data) and data[position] == 0x1C:
        record, number, length = struct.unpack_from(">BBH", data, position + 1)
        position += 5
        if length & 0x8000:
            # Extended: the length of the length. Pictures and other payloads, none of which is wanted.
            size = int.from_bytes(data[position : position + (length & 0x7FFF)], "big")
            position += (length & 0x7FFF) + size
            continue
        values = found.setdefault((record, number), [])
        if len(values) < MAX_VALUES:
            values.append(data[position : position + length])
        position += length
    return found


def _parse_xmp(packet: object) -> Element | None:
    """The root of an XMP packet; None for what is none."""
    if isinstance(packet, str):
        packet = packet.encode()
    if not isinstance(packet, bytes) or not packet or len(packet) > MAX_BLOCK:
        return None
    try:
        # Some writers pad with NULs, which no parser of XML takes.
        return fromstring(packet.strip(b"\x00 \t\r\n"))
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        return None


def _read_xmp(root: Element) -> dict[str, list[str]]:
    """Read the simple properties and arrays of an XMP packet (ISO 16684-1, section 7)."""
    found: dict[str, list[str]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, text in description.attrib.items():
            _note(found, name, [text])
        for child in description:
            _note(found, child.tag, _texts(child))
    return found


def _read_container(root: Element) -> list[dict[str, str]]:
    """Read the items of a container, whose properties are attributes with some writers, and elements with others."""
    prefix = f"{{{_CONTAINER}item/}}"
    items = []
    for element in list(root.iter(f"{{{_CONTAINER}}}Item"))[:MAX_VALUES]:
        told = [*element.attrib.items(), *((child.tag, child.text or "") for child in element.iter())]
        items.append({name.removeprefix(prefix): text for name, text in told if name.startswith(prefix)})
    return items


def _note(found: dict[str, list[str]], name: str, values: list[str]) -> None:
    namespace, _, local = name.removeprefix("{").partition("}")
    prefix = _NAMESPACES.get(namespace)
    values = [one for one in values if one.strip()]
    if prefix and values:
        found.setdefault(f"{prefix}:{local}", values[:MAX_VALUES])


def _texts(element: Element) -> list[str]:
    """The value of a property: one text, the items of an array, or of alternatives the one that is the default."""
    items = element.findall(f"{_RDF}Bag/{_RDF}li") or element.findall(f"{_RDF}Seq/{_RDF}li")
    if items:
        return [one.text or "" for one in items]
    languages = element.findall(f"{_RDF}Alt/{_RDF}li")
    if languages:
        default = next((one for one in languages if one.get(_LANGUAGE) == "x-default"), languages[0])
        return [default.text or ""]
    return [element.text or ""] if not len(element) else []
