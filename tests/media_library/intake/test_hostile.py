"""What somebody might hide in a picture, or do with one."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import override_settings
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from media_library.exceptions import FileTooLarge, UnacceptableFile
from media_library.intake import inspect
from media_library.models import CustomImage
from tests.media import animation_bytes, photo_bytes

SCRIPT = b"<script>alert('polyglot')</script>"
ZIP = b"PK\x03\x04" + bytes(22) + b"polyglot.txtPK\x05\x06" + bytes(18)


def _saved(format: str, **options) -> bytes:
    output = BytesIO()
    Image.open(BytesIO(photo_bytes(64, 48, format="PNG"))).save(output, format, **options)
    return output.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(words: str) -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", words)
    return info


def _gif_that_is_a_script() -> bytes:
    """GIFAR's cousin: the width is the beginning of a comment, the trailer ends it."""
    gif = _saved("GIF")
    return gif[:6] + b"/*" + gif[8:-1] + b";*/=1;" + SCRIPT


POLYGLOTS = {
    "jpeg and zip": ("a.jpg", photo_bytes(64, 48) + ZIP),
    "jpeg with a script for a comment": ("a.jpg", _saved("JPEG", comment=SCRIPT)),
    "jpeg and html": ("a.jpg", photo_bytes(64, 48) + b"<html>" + SCRIPT),
    "jpeg and pdf": ("a.jpg", photo_bytes(64, 48) + b"%PDF-1.4 " + SCRIPT),
    "png with html in its words": ("a.png", _saved("PNG", pnginfo=_text(SCRIPT.decode()))),
    "png and html": ("a.png", _saved("PNG") + b"<html>" + SCRIPT),
    "png with a chunk of its own": (
        "a.png",
        _saved("PNG")[:33] + _chunk(b"prVt", SCRIPT) + _saved("PNG")[33:],
    ),
    "gif with a script for a comment": ("a.gif", _saved("GIF", comment=SCRIPT)),
    "gif and zip": ("a.gif", _saved("GIF") + ZIP),
    "webp with a script for xmp": ("a.webp", _saved("WEBP", xmp=SCRIPT)),
    "webp and zip": ("a.webp", _saved("WEBP") + ZIP),
    "avif with a script for xmp": ("a.avif", _saved("AVIF", xmp=SCRIPT)),
    "tiff with a script for a description": ("a.tif", _saved("TIFF", description=SCRIPT.decode())),
    "bmp and zip": ("a.bmp", _saved("BMP") + ZIP),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "data"), POLYGLOTS.values(), ids=POLYGLOTS)
def test_what_hides_in_a_picture_is_in_no_public_file(name, data, develop, public_files):
    assert b"polyglot" in data
    image = CustomImage(title="Harbour", file=ContentFile(data, name=name))
    image.save()

    develop(image)

    assert image.status == "ready"
    assert len(public_files()) > 3
    for file in public_files():
        assert b"polyglot" not in (Path(settings.MEDIA_ROOT) / file).read_bytes()


def test_gif_that_is_a_script_is_refused_or_has_its_true_size():
    data = _gif_that_is_a_script()

    # Its width is what "/*" says as a number.
    assert inspect("image", BytesIO(data), "a.gif").width == int.from_bytes(b"/*", "little")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"<html>" + SCRIPT + photo_bytes(32, 32, format="PNG")),
        ("a.jpg", b"%PDF-1.7\n" + photo_bytes(32, 32)),
        ("a.gif", b"PK\x03\x04" + bytes(40) + _saved("GIF")),
    ],
    ids=["html before a png", "pdf before a jpeg", "zip before a gif"],
)
def test_what_begins_as_something_else_is_refused(name, data):
    with pytest.raises(UnacceptableFile):
        inspect("image", BytesIO(data), name)


def _png_of(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _gif_of(width: int, height: int) -> bytes:
    gif = _saved("GIF")
    return gif[:6] + struct.pack("<HH", width, height) + gif[10:]


def _gif_whose_frame_is_larger(width: int, height: int) -> bytes:
    gif = bytearray(_saved("GIF"))
    at = gif.index(b",\0\0\0\0") + 5
    gif[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(gif)


def _bmp_of(width: int, height: int) -> bytes:
    bmp = _saved("BMP")
    return bmp[:18] + struct.pack("<ii", width, height) + bmp[26:]


def _tiff_of(width: int, height: int) -> bytes:
    entries = ((256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1))
    entries += ((273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 100))
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + directory + bytes(200)


BOMBS = {
    "png": ("a.png", _png_of(65_535, 65_535)),
    "png of 16384": ("a.png", _png_of(16_384, 16_384)),
    "gif": ("a.gif", _gif_of(65_535, 65_535)),
    "frame of a gif": ("a.gif", _gif_whose_frame_is_larger(65_535, 65_535)),
    "bmp": ("a.bmp", _bmp_of(60_000, 60_000)),
    "bmp upside down": ("a.bmp", _bmp_of(60_000, -60_000)),
    "tiff": ("a.tif", _tiff_of(60_000, 60_000)),
    "jpeg": (
        "a.jpg",
        photo_bytes(64, 48).replace(b"\xff\xc0\0\x11\x08\0\x30\0\x40", b"\xff\xc0\0\x11\x08\xff\xff\xff\xff"),
    ),
}


@pytest.mark.parametrize(("name", "data"), BOMBS.values(), ids=BOMBS)
def test_small_file_of_very_many_pixels_is_refused_by_its_header(name, data):
    with pytest.raises(FileTooLarge, match="too many pixels"):
        inspect("image", BytesIO(data), name)


@pytest.mark.parametrize("extra", [b"tEXt", b"iTXt", b"prVt"])
def test_png_of_very_many_chunks_is_refused(extra):
    png = _saved("PNG")

    with pytest.raises(FileTooLarge, match="too many parts"):
        inspect("image", BytesIO(png[:33] + _chunk(extra, b"") * 100_001 + png[33:]), "a.png")


def test_gif_of_very_many_comments_is_refused():
    gif = _saved("GIF")

    with pytest.raises(FileTooLarge, match="too many parts"):
        inspect("image", BytesIO(gif[:-1] + b"!\xfe\x01a\0" * 100_001 + b";"), "a.gif")


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_words_and_profiles_that_unpack_to_very_much_are_refused(kind):
    """Pillow's own limit: 1 MB in one piece, 64 MB in all."""
    bomb = _chunk(kind, b"Comment\0\0" + zlib.compress(bytes(50_000_000)))
    png = _saved("PNG")

    with pytest.raises(UnacceptableFile):
        inspect("image", BytesIO(png[:33] + bomb + png[33:]), "a.png")


@override_settings(MEDIA_LIBRARY={"MAX_ANIMATION_FRAMES": 3})
@pytest.mark.parametrize("format", ["GIF", "WEBP", "AVIF", "PNG"])
def test_animation_of_very_many_frames_is_refused(format):
    with pytest.raises(FileTooLarge, match="upload it as a video"):
        inspect("image", BytesIO(animation_bytes(format)), f"a.{format.lower()}")


def test_png_that_lies_about_its_frames_is_refused_without_looking_for_them():
    png = animation_bytes("PNG").replace(b"acTL" + struct.pack(">I", 4), b"acTL" + struct.pack(">I", 0x7FFFFFFF))

    with pytest.raises(UnacceptableFile):
        inspect("image", BytesIO(png), "a.png")


def test_broken_exif_is_no_reason_to_refuse():
    photo = photo_bytes(64, 48)
    at = photo.index(b"Exif\0\0") + 14

    assert inspect("image", BytesIO(photo[:at] + b"\xff" * 12 + photo[at + 12 :]), "a.jpg").width == 64


@pytest.mark.parametrize("page", [1, 2])
def test_first_page_of_a_tiff_is_the_picture(page):
    pages = [Image.new("RGB", (40 * number, 30), (200, 60, 50)) for number in (1, 2)][:page]
    output = BytesIO()
    pages[0].save(output, "TIFF", save_all=True, append_images=pages[1:])

    assert inspect("image", output, "a.tif").width == 40


def test_first_picture_of_an_mpo_is_the_picture():
    output = BytesIO()
    Image.new("RGB", (40, 30)).save(output, "MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))])

    assert inspect("image", output, "a.mpo").mime_type == "image/jpeg"
    assert inspect("image", output, "a.jpg").width == 40
