"""Ultra HDR: a JPEG whose second picture says how much brighter each place may shine on a screen that can do it.

Ultra HDR Image Format 1.0 (developer.android.com/media/platform/hdr-image-format): XMP names the parts (Google's
container, and Adobe's "hdrgm"), and a Multi-Picture Format index (CIPA DC-007) says where they are. Its sibling,
ISO 21496-1 without this XMP, is not read.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from PIL import Image

from media_library.exceptions import UnacceptableFile
from media_library.imaging.colour import moves_no_colour
from media_library.imaging.source import open_image, upright
from media_library.imaging.tags import RawTags, read_tags

MAX_BYTES = 20_000_000
"""Of a gain map's file. That of a picture of 50 megapixels has some hundred kilobytes."""

QUALITY = 85
"""Of the JPEG of a gain map: blocks in it would show as blocks of light."""

_DEFAULTS = {
    "GainMapMin": 0.0,
    "Gamma": 1.0,
    "OffsetSDR": 1 / 64,
    "OffsetHDR": 1 / 64,
    "HDRCapacityMin": 0.0,
}
_NUMBERS = ("GainMapMax", "HDRCapacityMax", *_DEFAULTS)
_OF_CHANNELS = {"GainMapMin", "GainMapMax", "Gamma", "OffsetSDR", "OffsetHDR"}

_XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"{more}'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_CONTAINER = (
    ' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><Container:Directory><rdf:Seq>'
    '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg"'
    ' Item:Length="{length}"/></rdf:li></rdf:Seq></Container:Directory>'
)

Values = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class GainMap:
    """Grey or RGB pixels over the whole picture as seen, of a size of their own; and what they mean.

    ``values`` are the numbers of hdrgm by name, one or three of each: gains are powers of two.
    """

    pixels: Image.Image
    values: Values

    def part(self, box: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
        """What belongs to a part of the picture; ``box`` in fractions. ``size`` is that of the picture in pixels.

        At most half as wide, as cameras have it: light has few edges, and would weigh as much as the picture.
        """
        width, height = self.pixels.size
        left, top, right, bottom = (side * full for side, full in zip(box, (width, height) * 2, strict=True))
        scale = min(1.0, size[0] / 2 / (right - left), size[1] / 2 / (bottom - top))
        scaled = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
        inside = (max(0.0, left), max(0.0, top), min(width, right), min(height, bottom))
        return self.pixels.resize(scaled, Image.Resampling.LANCZOS, box=inside)


def read_gain_map(file: IO[bytes]) -> GainMap | None:
    """The gain map of an open picture; None where there is none that can be kept. Raises nothing for a damaged one.

    Gains of each channel (not of brightness alone) are of no use once the picture is converted to other primaries.
    Leaves the file at its beginning.
    """
    try:
        with open_image(file) as image:
            # Any other picture ends here, before its XMP is read.
            packet = image.info.get("xmp", b"")
            if image.format not in ("JPEG", "MPO") or b"hdr-gain-map" not in (
                packet.encode() if isinstance(packet, str) else packet
            ):
                return None
            is_srgb = moves_no_colour(image.info.get("icc_profile"))
        tags = read_tags(file)
        data = _second(file, tags)
        values = _values(read_tags(BytesIO(data)))
        if values is None or "hdrgm:Version" not in tags.xmp:
            return None
        with open_image(BytesIO(data)) as second:
            if second.format not in ("JPEG", "MPO"):
                return None
            second.load()
            pixels = second.convert("L" if second.mode == "L" else "RGB")
            is_grey = pixels.mode == "L" and all(len(set(numbers)) == 1 for numbers in values.values())
        if not (is_grey or is_srgb):
            return None
        with open_image(file) as image:
            return GainMap(upright(pixels, image), values)
    except UnacceptableFile:
        return None
    finally:
        file.seek(0)


def _second(file: IO[bytes], tags: RawTags) -> bytes:
    """The bytes of the gain map, which lies behind the picture, perhaps with other items behind it."""
    lengths = [(item.get("Semantic"), item.get("Length", "").strip()) for item in tags.container[1:]]
    if any(not length.isdecimal() or len(length) > 12 for _semantic, length in lengths):
        return b""
    size = file.seek(0, 2)
    for number, (semantic, length) in enumerate(lengths):
        start = size - sum(int(one) for _semantic, one in lengths[number:])
        if semantic == "GainMap" and start > 0 and int(length) <= MAX_BYTES:
            file.seek(start)
            return file.read(int(length))
    return b""


def _values(tags: RawTags) -> Values | None:
    """The numbers of hdrgm; None where one is missing or makes no sense, or where the picture is the HDR one."""
    said = {name.removeprefix("hdrgm:"): texts for name, texts in tags.xmp.items() if name.startswith("hdrgm:")}
    if "Version" not in said or said.get("BaseRenditionIsHDR", ["False"])[0].strip().lower() == "true":
        return None
    values: dict[str, tuple[float, ...]] = {}
    for name in _NUMBERS:
        try:
            numbers = tuple(float(text) for text in said[name]) if name in said else (_DEFAULTS[name],)
        except (KeyError, ValueError):
            return None
        if len(numbers) not in ((1, 3) if name in _OF_CHANNELS else (1,)):
            return None
        if not all(math.isfinite(one) and abs(one) < 100 for one in numbers):
            return None
        values[name] = numbers
    is_positive = min(values["Gamma"]) > 0
    return values if is_positive and values["HDRCapacityMax"][0] > values["HDRCapacityMin"][0] else None


def with_gain_map(jpeg: bytes, pixels: Image.Image, values: Values) -> bytes:
    """The same JPEG as Ultra HDR. ``pixels`` are the part of the gain map that belongs to it."""
    output = BytesIO()
    pixels.save(output, "JPEG", quality=QUALITY, optimize=True)
    second = _behind_start(output.getvalue(), _xmp(_gains(values)))
    first = _behind_start(jpeg, _xmp(_CONTAINER.format(length=len(second))))
    index = _segment(0xE2, _mpf(0, 0, 0))
    start = _first_place(first)
    size = len(first) + len(index)
    # Where pictures are is counted from the first byte of the index behind its name.
    index = _segment(0xE2, _mpf(size, len(second), size - start - 8))
    return first[:start] + index + first[start:] + second


def _gains(values: Values) -> str:
    attributes = {name: numbers[0] for name, numbers in values.items() if len(numbers) == 1}
    lists = {name: numbers for name, numbers in values.items() if len(numbers) > 1}
    written = "".join(f' hdrgm:{name}="{number:.6g}"' for name, number in attributes.items())
    elements = "".join(f"<hdrgm:{name}>{_sequence(numbers)}</hdrgm:{name}>" for name, numbers in lists.items())
    return f'{written} hdrgm:BaseRenditionIsHDR="False">{elements}'


def _sequence(numbers: tuple[float, ...]) -> str:
    return f"<rdf:Seq>{''.join(f'<rdf:li>{number:.6g}</rdf:li>' for number in numbers)}</rdf:Seq>"


def _xmp(more: str) -> bytes:
    return _segment(0xE1, _XMP_SEGMENT + _PACKET.format(more=more).encode())


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _behind_start(jpeg: bytes, segment: bytes) -> bytes:
    at = _first_place(jpeg)
    return jpeg[:at] + segment + jpeg[at:]


def _first_place(jpeg: bytes) -> int:
    """Behind the segment of JFIF, which has to be the first one."""
    return 4 + int.from_bytes(jpeg[4:6], "big") if jpeg[2:4] == b"\xff\xe0" else 2


def _mpf(first: int, second: int, offset: int) -> bytes:
    """An index of two pictures (CIPA DC-007, 5.2): version, number, and of each attributes, size and place."""
    entries: list[Any] = [0x030000, first, 0, 0, 0, second, offset, 0]
    directory = struct.pack(">HHI4s", 0xB000, 7, 4, b"0100")
    directory += struct.pack(">HHII", 0xB001, 4, 1, 2)
    directory += struct.pack(">HHII", 0xB002, 7, 32, 50)
    return b"MPF\0MM\0*" + struct.pack(">IH", 8, 3) + directory + bytes(4) + struct.pack(">IIIIIIII", *entries)
