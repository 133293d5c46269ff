import struct
import zlib
from io import BytesIO

import pytest
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from media_library.imaging.tags import read_tags
from tests.media import photo_bytes
from tests.photographs import exif_block, iptc_block, tagged, telling_photo, xmp_packet

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"]


@pytest.fixture
def exif() -> bytes:
    return exif_block(
        {Base.Make: "Nikon", Base.ImageDescription: "Boats"},
        {Base.FNumber: IFDRational(28, 10), Base.ISOSpeedRatings: 200},
        {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (IFDRational(54), IFDRational(5), IFDRational(23))},
    )


@pytest.mark.parametrize("format", FORMATS)
def test_exif_is_read_from_every_format(format: str, exif: bytes):
    tags = read_tags(BytesIO(tagged(format, exif=exif))).exif

    assert tags == {
        "Make": b"Nikon",
        "ImageDescription": b"Boats",
        "FNumber": (2.8,),
        "ISOSpeedRatings": (200.0,),
        "GPSLatitudeRef": b"N",
        "GPSLatitude": (54.0, 5.0, 23.0),
    }


@pytest.mark.parametrize("format", FORMATS)
def test_xmp_is_read_from_every_format(format: str):
    xmp = xmp_packet('photoshop:City="Rügen"')

    assert read_tags(BytesIO(tagged(format, xmp=xmp))).xmp == {"photoshop:City": ["Rügen"]}


def test_xmp_arrays_and_languages_are_read():
    xmp = xmp_packet(
        elements="<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>boats</rdf:li></rdf:Bag></dc:subject>"
        "<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>"
        '<dc:title><rdf:Alt><rdf:li xml:lang="de">Hafen</rdf:li><rdf:li xml:lang="x-default">Harbour</rdf:li>'
        "</rdf:Alt></dc:title>"
    )

    assert read_tags(BytesIO(tagged(xmp=xmp))).xmp == {
        "dc:subject": ["sea", "boats"],
        "dc:creator": ["Ada"],
        "dc:title": ["Harbour"],
    }


def test_iptc_is_read_with_repeated_data_sets():
    iptc = iptc_block((2, 120, b"Boats"), (2, 25, b"sea"), (2, 25, b"dawn"))

    assert read_tags(BytesIO(tagged(iptc=iptc))).iptc == {(2, 120): [b"Boats"], (2, 25): [b"sea", b"dawn"]}


def test_iptc_is_read_up_to_where_it_is_damaged():
    iptc = iptc_block((2, 120, b"Boats")) + b"\x00\x00" + iptc_block((2, 25, b"sea"))

    assert read_tags(BytesIO(tagged(iptc=iptc))).iptc == {(2, 120): [b"Boats"]}


def test_iptc_that_promises_more_than_there_is_ends_the_reading():
    iptc = iptc_block((2, 120, b"Boats")) + b"\x1c\x02\x19\x80\x04\xff\xff\xff\xff"

    assert read_tags(BytesIO(tagged(iptc=iptc))).iptc == {(2, 120): [b"Boats"]}


def test_maker_notes_and_serial_numbers_are_never_read():
    tags = read_tags(BytesIO(telling_photo()))

    assert not {"MakerNote", "BodySerialNumber", "CameraOwnerName", "UserComment"} & set(tags.exif)


def test_tag_with_a_zero_below_the_line_costs_itself_alone():
    exif = exif_block({Base.Make: "Nikon"}, {Base.FNumber: IFDRational(4, 0), Base.ExposureTime: IFDRational(1, 60)})

    tags = read_tags(BytesIO(tagged(exif=exif))).exif

    assert tags == {"Make": b"Nikon", "ExposureTime": (1 / 60,)}


def test_tag_that_points_out_of_the_file_costs_itself_alone(exif: bytes):
    entry = struct.pack(">HHL", Base.ImageDescription, 2, 6)
    broken = bytearray(exif)
    at = broken.index(entry) + len(entry)
    broken[at : at + 4] = struct.pack(">L", 0x7FFFFFFF)

    tags = read_tags(BytesIO(tagged(exif=bytes(broken)))).exif

    assert "ImageDescription" not in tags
    assert tags["Make"] == b"Nikon"


@pytest.mark.parametrize("length", [8, 12, 20, 40, 60, 100, 140])
def test_exif_that_is_cut_off_loses_only_what_is_gone(exif: bytes, length: int):
    whole = read_tags(BytesIO(tagged(exif=exif))).exif

    tags = read_tags(BytesIO(tagged("WEBP", exif=exif[:length]))).exif

    assert tags.items() <= whole.items()


@pytest.mark.parametrize(
    "exif",
    [b"Exif\x00\x00", b"Exif\x00\x00II*\x00", b"Exif\x00\x00" + b"\xff" * 200, b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"],
    ids=["nothing", "a beginning", "noise", "a directory beyond the end"],
)
def test_exif_that_is_none_is_no_exif(exif: bytes):
    assert read_tags(BytesIO(tagged("WEBP", exif=exif))).exif == {}


def test_directory_that_is_its_own_child_is_read_once():
    entries = struct.pack(">HHL4s", Base.Make, 2, 4, b"DJI\x00") + struct.pack(">HHLL", IFD.Exif, 4, 1, 8)
    exif = b"Exif\x00\x00MM\x00*" + struct.pack(">LH", 8, 2) + entries + struct.pack(">L", 8)

    assert read_tags(BytesIO(tagged("WEBP", exif=exif))).exif == {"Make": b"DJI"}


@pytest.mark.parametrize(
    "packet",
    [
        b"<x:xmpmeta",
        b"\xff\xfe<\x00",
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        b'<?xml version="1.0" encoding="ebcdic-nowhere"?><a/>',
    ],
    ids=["cut off", "half a character", "entities", "unknown encoding"],
)
def test_xmp_that_is_broken_or_hostile_is_left_out(packet: bytes):
    assert read_tags(BytesIO(tagged("WEBP", xmp=packet))).xmp == {}


def test_xmp_of_thousands_of_levels_is_left_out():
    deep = "<a>" * 50_000 + "</a>" * 50_000

    assert read_tags(BytesIO(tagged("WEBP", xmp=xmp_packet(elements=deep)))).xmp == {}


def test_tags_behind_the_pixels_of_a_png_are_read():
    data = tagged("PNG")
    text = b"tEXtTitle\x00Harbour"
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    end = data.index(b"IEND") - 4

    assert read_tags(BytesIO(data[:end] + chunk + data[end:])).text == {"Title": [b"Harbour"]}


def test_packed_text_that_grows_out_of_bounds_is_left_out():
    data = tagged("PNG")
    text = b"zTXtTitle\x00\x00" + zlib.compress(b"a" * 5_000_000)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))

    assert read_tags(BytesIO(data[:33] + chunk + data[33:])).text == {}


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe1", b"<svg/>", photo_bytes(64, 48)[:200]])
def test_bytes_that_are_no_picture_have_no_tags(data: bytes):
    tags = read_tags(BytesIO(data))

    assert (tags.iptc, tags.xmp, tags.text) == ({}, {}, {})


def test_file_is_left_at_its_beginning():
    file = BytesIO(telling_photo("PNG"))

    read_tags(file)

    assert file.tell() == 0
