"""Special media, made on the spot: panoramas, films all around, motion photos, pictures that shine."""

import re
import struct
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.media import picture

_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/"
 xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"
 xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
 xmlns:Container="http://ns.google.com/photos/1.0/container/"
 xmlns:Item="http://ns.google.com/photos/1.0/container/item/" {attributes}>{elements}</rdf:Description>
</rdf:RDF></x:xmpmeta>"""

_ITEM = '<rdf:li rdf:parseType="Resource"><Container:Item {attributes}/></rdf:li>'


def xmp(elements: str = "", **attributes: object) -> bytes:
    """A packet with these attributes; ``GPano__ProjectionType`` is ``GPano:ProjectionType``."""
    return _XMP.format(attributes=_written(attributes), elements=elements).encode()


def container(*items: dict[str, object]) -> str:
    """The directory of a file that is made of several; each item by its properties."""
    written = "".join(
        _ITEM.format(attributes=_written({f"Item__{name}": value for name, value in item.items()})) for item in items
    )
    return f"<Container:Directory><rdf:Seq>{written}</rdf:Seq></Container:Directory>"


def _written(attributes: dict[str, object]) -> str:
    return " ".join(f'{name.replace("__", ":")}="{value}"' for name, value in attributes.items())


def saved(packet: bytes, size: tuple[int, int] = (800, 400), format: str = "JPEG") -> bytes:
    """A picture with this XMP."""
    output = BytesIO()
    if format == "PNG":
        chunks = PngInfo()
        chunks.add_itxt("XML:com.adobe.xmp", packet.decode())
        picture(*size).save(output, format, pnginfo=chunks)
    else:
        picture(*size).save(output, format, xmp=packet)
    return output.getvalue()


def sphere(size: tuple[int, int] = (800, 400), format: str = "JPEG", **gpano: object) -> bytes:
    """A 360° photograph; what else GPano says by name: ``FullPanoWidthPixels=800``."""
    said = {"ProjectionType": "equirectangular"} | gpano
    return saved(xmp(**{f"GPano__{name}": value for name, value in said.items()}), size, format)


def sphere_file(name: str = "square.jpg", **options: object) -> ContentFile:
    return ContentFile(sphere(**options), name=name)


def box(name: bytes, *contents: bytes) -> bytes:
    """A box of ISO media."""
    data = b"".join(contents)
    return struct.pack(">I4s", len(data) + 8, name) + data


def film_all_around(
    film: bytes, *, bounds: tuple[float, float, float, float] = (0, 0, 0, 0), stereo: int = 0
) -> bytes:
    """The same MP4 with spherical video boxes, version 2 (github.com/google/spatial-media, docs).

    ``bounds`` are what is missing of the sphere at the top, bottom, left and right, as fractions; ``stereo`` 1 is one
    view above the other, 2 side by side.
    """
    missing = struct.pack(">4I", *(round(one * 2**32) for one in bounds))
    turned = box(b"prhd", bytes(4), struct.pack(">3i", 0, 0, 0))
    projection = box(b"proj", turned, box(b"equi", bytes(4), missing))
    extra = box(b"st3d", bytes(4), bytes([stereo]))
    extra += box(b"sv3d", box(b"svhd", bytes(4), b"tests\0"), projection)
    return _inserted(film, extra, (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"))


def _inserted(film: bytes, extra: bytes, path: tuple[bytes, ...]) -> bytes:
    """Append boxes to the one at the end of a path, the first of each name, and make all boxes around them larger."""
    data, at, around = bytearray(film), 0, []
    for name in path:
        while data[at + 4 : at + 8] != name:
            at += struct.unpack_from(">I", data, at)[0]
        around.append(at)
        # Of descriptions, flags and a count come first.
        at += 16 if name == b"stsd" else 8
    assert data.index(b"mdat") < around[0], "the samples would move"
    (length,) = struct.unpack_from(">I", data, around[-1])
    data[around[-1] + length : around[-1] + length] = extra
    for place in around:
        struct.pack_into(">I", data, place, struct.unpack_from(">I", data, place)[0] + len(extra))
    return bytes(data)


def motion_photo(film: bytes, *, size: tuple[int, int] = (400, 300)) -> bytes:
    """A motion photo as Google's cameras write it today: format 1.0."""
    items = container(
        {"Mime": "image/jpeg", "Semantic": "Primary", "Length": 0, "Padding": 0},
        {"Mime": "video/mp4", "Semantic": "MotionPhoto", "Length": len(film), "Padding": 0},
    )
    return saved(xmp(items, GCamera__MotionPhoto=1, GCamera__MotionPhotoVersion=1), size) + film


def micro_video(film: bytes) -> bytes:
    """The same as they wrote it until 2019."""
    return saved(xmp(GCamera__MicroVideo=1, GCamera__MicroVideoOffset=len(film)), (400, 300)) + film


def samsung_motion_photo(film: bytes) -> bytes:
    """The same as Samsung's cameras wrote it: no XMP, and a directory at the end that points back."""
    other = struct.pack("<II", 0x0A01 << 16, 14) + b"Image_UTC_Data" + b"1705124333853"
    name = b"MotionPhoto_Data"
    entry = struct.pack("<II", 0x0A30 << 16, len(name)) + name + film
    directory = struct.pack("<4sII", b"SEFH", 107, 2)
    directory += struct.pack("<HHII", 0, 0x0A01, len(other) + len(entry), len(other))
    directory += struct.pack("<HHII", 0, 0x0A30, len(entry), len(entry))
    output = BytesIO()
    picture(400, 300).save(output, "JPEG")
    return output.getvalue() + other + entry + directory + struct.pack("<I4s", len(directory), b"SEFT")


def motion_heic(film: bytes) -> bytes:
    """The same in a HEIC as Samsung's cameras write it: in a box, behind which is another that XMP counts in."""
    behind = box(b"sefd", b"Image_UTC_Data1705124333853")
    items = container(
        {"Mime": "image/heic", "Semantic": "Primary", "Length": 0, "Padding": 8},
        {"Mime": "video/mp4", "Semantic": "MotionPhoto", "Length": len(film) + len(behind), "Padding": len(behind)},
    )
    output = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(output, "HEIF", xmp=xmp(items, GCamera__MotionPhoto=1))
    return output.getvalue() + box(b"mpvd", film) + behind


HDR_NUMBERS = {
    "GainMapMin": 0.0,
    "GainMapMax": 3.0,
    "Gamma": 1.0,
    "OffsetSDR": 0.015625,
    "OffsetHDR": 0.015625,
    "HDRCapacityMin": 0.0,
    "HDRCapacityMax": 3.0,
}


def ultra_hdr(
    size: tuple[int, int] = (800, 600), *, mode: str = "L", profile: bytes | None = None, **numbers: object
) -> bytes:
    """An Ultra HDR photograph whose right half shines; its gain map has a quarter of its size."""
    gain = Image.new("L", (size[0] // 4, size[1] // 4), 0)
    gain.paste(255, (gain.width // 2, 0, gain.width, gain.height))
    said = {f"hdrgm__{name}": number for name, number in (HDR_NUMBERS | numbers).items()}
    second = BytesIO()
    gain.convert(mode).save(second, "JPEG", quality=95, xmp=xmp(hdrgm__Version="1.0", **said))
    items = container(
        {"Semantic": "Primary", "Mime": "image/jpeg"},
        {"Semantic": "GainMap", "Mime": "image/jpeg", "Length": len(second.getvalue())},
    )
    first = BytesIO()
    picture(*size).save(first, "JPEG", quality=90, xmp=xmp(items, hdrgm__Version="1.0"), icc_profile=profile)
    return first.getvalue() + second.getvalue()


@dataclass(frozen=True)
class ReadHDR:
    """An Ultra HDR file as a reader of its own finds it, by its index of pictures."""

    base: Image.Image
    gain: Image.Image
    numbers: dict[str, str]
    names: list[tuple[str, int]]


def read_ultra_hdr(data: bytes) -> ReadHDR | None:
    """Take an Ultra HDR file apart by its segments; None for a JPEG that is none. Shares nothing with Darkroom's."""
    packets, index = [], None
    at = 2
    while data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if marker == 0xE1 and body.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            packets.append(body[29:].decode())
        if marker == 0xE2 and body.startswith(b"MPF\0"):
            index = at + 8
        at += 2 + length
    if index is None:
        return None
    order, number = data[index : index + 4], struct.unpack_from(">I", data, index + 4)[0]
    assert order == b"MM\0*"
    tags = {}
    for entry in range(struct.unpack_from(">H", data, index + number)[0]):
        tag, _kind, _count, value = struct.unpack_from(">HHII", data, index + number + 2 + 12 * entry)
        tags[tag] = value
    assert tags[0xB001] == 2
    _attributes, size, _here = struct.unpack_from(">III", data, index + tags[0xB002])
    _attributes, second_size, offset = struct.unpack_from(">III", data, index + tags[0xB002] + 16)
    assert index + offset == size
    assert size + second_size == len(data)
    (packet,) = packets
    names = [
        (found["semantic"], int(found["length"] or 0))
        for found in re.finditer(
            r'Item:Semantic="(?P<semantic>\w+)"[^>]*?(?:Item:Length="(?P<length>\d+)")?/>', packet
        )
    ]
    gain = Image.open(BytesIO(data[size:]))
    numbers = dict(re.findall(r'hdrgm:(\w+)="([^"]*)"', gain.info["xmp"].decode()))
    return ReadHDR(Image.open(BytesIO(data[:size])).convert("RGB"), gain.convert("L"), numbers, names)


def film_all_around_by_xml(film: bytes) -> bytes:
    """The same MP4 with a spherical box of version 1: XML in a box of its own in the track, for two views."""
    xml = (
        '<?xml version="1.0"?><rdf:SphericalVideo xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/"><GSpherical:Spherical>true'
        "</GSpherical:Spherical><GSpherical:Stitched>true</GSpherical:Stitched><GSpherical:StitchingSoftware>tests"
        "</GSpherical:StitchingSoftware><GSpherical:ProjectionType>"
        "equirectangular</GSpherical:ProjectionType><GSpherical:StereoMode>top-bottom</GSpherical:StereoMode>"
        "</rdf:SphericalVideo>"
    )
    name = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")
    return _inserted(film, box(b"uuid", name, xml.encode()), (b"moov", b"trak"))
