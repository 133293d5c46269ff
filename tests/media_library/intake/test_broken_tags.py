"""Broken metadata never refuse a picture: they are lost, and nothing else."""

import struct
from io import BytesIO

import pytest
from PIL.TiffImagePlugin import IFDRational

from media_library.imaging.engine import first_look
from media_library.intake import inspect
from media_library.models import Asset
from tests.photographs import exif_block, iptc_block, tagged

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "HEIF": "heic"}
_HEADER = b"Exif\x00\x00MM\x00*"

EXIF = {
    "nothing": b"Exif\x00\x00",
    "noise": b"Exif\x00\x00" + b"\xf3\x07" * 300,
    "cut off in the header": b"Exif\x00\x00II*",
    "cut off in the directory": exif_block({271: "Nikon", 274: 6})[:24],
    "a directory beyond the end": _HEADER + b"\xff\xff\xff\xf0",
    "more entries than there are": _HEADER + struct.pack(">LH", 8, 65535) + b"\x01\x0f" * 40,
    "orientation as text": _HEADER + struct.pack(">LHHHL4sL", 8, 1, 274, 2, 4, b"up!\x00", 0),
    "orientation that there is none of": exif_block({274: 90}),
    "orientation twice": _HEADER + struct.pack(">LHHHLHHL", 8, 1, 274, 3, 2, 1, 6, 0),
    "orientation without a value": _HEADER + struct.pack(">LHHHLLL", 8, 1, 274, 3, 0, 0, 0),
    "turned, with a fraction by zero": exif_block({274: 6}, {33437: IFDRational(0, 0)}),
    "turned, with a fraction that is too large": exif_block({274: 6, 282: IFDRational(2**32 - 1, 1)}),
    "turned, with text where a directory belongs": _HEADER
    + struct.pack(">LHHHLHHHHL4sL", 8, 2, 274, 3, 1, 6, 0, 34665, 2, 4, b"abc\x00", 0),
    "orientation as a fraction by zero": _HEADER + struct.pack(">LHHHLLLLL", 8, 1, 274, 5, 1, 26, 0, 1, 0),
}


def _accepts(data: bytes, format: str) -> None:
    found = inspect(Asset.Kind.IMAGE, BytesIO(data), f"quay.{FORMATS[format]}")

    assert (found.width, found.height) in ((64, 48), (48, 64))
    assert first_look(BytesIO(data)).renditions


def _with_exif(format: str, exif: bytes) -> bytes:
    """A picture with this EXIF. Encoders of AVIF and HEIF refuse what is broken, so it is put in afterwards."""
    if format not in ("AVIF", "HEIF"):
        return tagged(format, exif=exif)
    stand_in = exif_block({270: "x" * 1000})
    data = tagged(format, exif=stand_in)
    inner = stand_in.removeprefix(b"Exif\x00\x00")
    assert inner in data
    return data.replace(inner, exif.removeprefix(b"Exif\x00\x00").ljust(len(inner), b"\x00"))


# libavif takes AVIF for damaged where no header of EXIF is found.
@pytest.mark.parametrize(
    ("name", "format"), [(n, f) for n in EXIF for f in FORMATS if f != "AVIF" or n not in ("nothing", "noise")]
)
def test_picture_with_broken_exif_is_accepted_and_developed(name: str, format: str):
    _accepts(_with_exif(format, EXIF[name]), format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("xmp", [b"<x:xmpmeta", b"\x00\x01", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_picture_with_broken_xmp_is_accepted_and_developed(xmp: bytes, format: str):
    if format == "PNG":
        xmp = xmp.decode().encode()
    _accepts(tagged(format, xmp=xmp), format)


@pytest.mark.parametrize("iptc", [b"\x1c", b"\xff" * 50, iptc_block((2, 120, b"Boats"))[:-3]])
def test_picture_with_broken_iptc_is_accepted_and_developed(iptc: bytes):
    _accepts(tagged("JPEG", iptc=iptc), "JPEG")
