"""Photographs that say a lot of themselves: metadata as cameras, agencies and editing programs write them."""

import struct
from io import BytesIO

import av
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from tests.media import picture

MARK = "TATTLETALE"
"""In every text of ``telling_photo`` that is not given, so that any of it can be found in other bytes."""

POSITION = {"latitude": -33.856784, "longitude": 151.215297}
"""Where ``telling_photo`` says it was taken: 33° 51' 24.4224" S, 151° 12' 55.0692" E."""

DNG_PRIVATE_DATA = 50740

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"{attributes}>{elements}</rdf:Description>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def xmp_packet(attributes: str = "", elements: str = "") -> bytes:
    """An XMP packet with these attributes and elements in its description."""
    return _XMP.format(attributes=f" {attributes}", elements=elements).encode()


def iptc_block(*data_sets: tuple[int, int, bytes]) -> bytes:
    """IPTC-IIM, from record, number and value of each data set."""
    return b"".join(
        struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in data_sets
    )


def exif_block(
    about: dict[int, object] | None = None,
    exposure: dict[int, object] | None = None,
    place: dict[int, object] | None = None,
) -> bytes:
    """EXIF with these tags in its first directory, in that of the exposure and in that of GPS."""
    exif = Image.Exif()
    for tag, value in (about or {}).items():
        exif[tag] = value
    if exposure:
        exif[IFD.Exif] = exposure
    if place:
        exif[IFD.GPSInfo] = place
    return exif.tobytes()


def tagged(
    format: str = "JPEG",
    *,
    exif: bytes = b"",
    iptc: bytes = b"",
    xmp: bytes = b"",
    size: tuple[int, int] = (64, 48),
    **options: object,
) -> bytes:
    """A picture with these blocks of metadata; IPTC in JPEG only. ``options`` are those of Pillow's ``save``."""
    if format == "PNG" and xmp:
        chunks = options.setdefault("pnginfo", PngImagePlugin.PngInfo())
        chunks.add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif xmp:
        options["xmp"] = xmp
    if exif:
        options["exif"] = exif
    output = BytesIO()
    picture(*size).save(output, format, **options)
    data = output.getvalue()
    if iptc:
        # An image resource of Photoshop (8BIM) in APP13, right behind the start of the image.
        resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iptc)) + iptc + b"\x00" * (len(iptc) % 2)
        segment = b"Photoshop 3.0\x00" + resource
        data = data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
    return data


def xp(text: str) -> bytes:
    """Text as Windows Explorer writes it into EXIF."""
    return text.encode("utf-16-le") + b"\x00\x00"


def telling_photo(format: str = "JPEG", *, size: tuple[int, int] = (800, 600)) -> bytes:
    """A photograph with ``MARK`` in every kind of tag that its format can hold, and a position.

    EXIF with maker note, serial number, comment and GPS; XMP; an ICC profile; in JPEG also IPTC and a comment, in PNG
    text.
    """

    def mark(name: str) -> str:
        return f"{MARK} {name}"

    exif = exif_block(
        {
            Base.ImageDescription: mark("description"),
            Base.Make: mark("make"),
            Base.Model: mark("model"),
            Base.Software: mark("software"),
            Base.Artist: mark("artist"),
            Base.Copyright: mark("copyright"),
            Base.XPComment: xp(mark("comment")),
            DNG_PRIVATE_DATA: mark("private data").encode(),
        },
        {
            Base.DateTimeOriginal: "2024:05:17 08:31:09",
            Base.OffsetTimeOriginal: "+10:00",
            Base.ExposureTime: IFDRational(1, 250),
            Base.FNumber: IFDRational(4, 1),
            Base.ISOSpeedRatings: 200,
            Base.FocalLength: IFDRational(35, 1),
            Base.LensModel: mark("lens"),
            Base.BodySerialNumber: mark("serial number"),
            Base.CameraOwnerName: mark("owner"),
            Base.UserComment: b"ASCII\x00\x00\x00" + mark("user comment").encode(),
            Base.MakerNote: mark("maker note").encode() * 20,
        },
        {
            GPS.GPSLatitudeRef: "S",
            GPS.GPSLatitude: (IFDRational(33), IFDRational(51), IFDRational(244224, 10000)),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (IFDRational(151), IFDRational(12), IFDRational(550692, 10000)),
            GPS.GPSProcessingMethod: b"ASCII\x00\x00\x00" + mark("positioning").encode(),
        },
    )
    iptc = iptc_block((2, 90, mark("city").encode()), (2, 110, mark("credit").encode()))
    xmp = xmp_packet(f'aux:SerialNumber="{mark("serial number")}" photoshop:Country="{mark("country")}"')
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, object] = {
        "icc_profile": profile.replace("sRGB built-in".encode("utf-16-be"), f"{MARK:13}".encode("utf-16-be"))
    }
    if format == "JPEG":
        options |= {"iptc": iptc, "comment": mark("remark").encode()}
    if format == "PNG":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_text("Comment", mark("text"))
        chunks.add_text("Author", mark("packed text"), zip=True)
        options["pnginfo"] = chunks
    return tagged(format, exif=exif, xmp=xmp, size=size, **options)


def telling_film(film: bytes) -> bytes:
    """The same film with ``MARK`` in its title, comment and maker, and where it was made, as phones write it."""
    output = BytesIO()
    with av.open(BytesIO(film)) as source, av.open(output, "w", "mp4", {"movflags": "use_metadata_tags"}) as copy:
        copy.metadata.update({"title": MARK, "comment": MARK, "make": MARK, "location": f"{MARK}+54.0897+013.3811/"})
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    return output.getvalue()


def tells(data: bytes) -> bool:
    """Whether anything of ``telling_photo`` is in these bytes, in whichever encoding."""
    return any(MARK.encode(encoding) in data for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def telling_file(name: str = "DSC_0412.jpg", format: str = "JPEG") -> ContentFile:
    return ContentFile(telling_photo(format), name=name)
