from io import BytesIO

import pytest
from PIL import Image

from media_library.exceptions import DamagedFile, FileTooLarge, UnknownFileType
from media_library.intake import inspect
from tests.media import photo_bytes

PHOTO = photo_bytes(64, 48)


def _inspect(data: bytes) -> None:
    inspect("image", BytesIO(data), "harbour.jpg")


def _frame(data: bytes) -> int:
    """Where the baseline frame begins."""
    return data.index(b"\xff\xc0\0\x11\x08")


def test_photo_of_8_bits_is_accepted():
    _inspect(PHOTO)


def test_progressive_photo_is_accepted():
    output = BytesIO()
    Image.open(BytesIO(PHOTO)).save(output, "JPEG", progressive=True)

    _inspect(output.getvalue())


def test_12_bits_are_refused_with_what_to_do():
    at = _frame(PHOTO) + 4

    with pytest.raises(UnknownFileType, match=r"has 12 bits a channel.*Export it with 8 bits"):
        _inspect(PHOTO[:at] + b"\x0c" + PHOTO[at + 1 :])


@pytest.mark.parametrize("process", [0xC3, 0xC5, 0xC9, 0xCA, 0xCB], ids=lambda one: f"{one:x}")
def test_process_that_no_browser_knows_is_refused(process):
    at = _frame(PHOTO) + 1

    with pytest.raises(UnknownFileType, match="lossless or arithmetic-coded"):
        _inspect(PHOTO[:at] + bytes([process]) + PHOTO[at + 1 :])


def test_frame_of_the_thumbnail_inside_does_not_count():
    exif = b"\xff\xe1\0\x1aExif\0\0" + b"\xff\xc3\0\x11\x0c" + bytes(13)

    _inspect(PHOTO[:2] + exif + PHOTO[2:])


def test_what_follows_the_end_does_not_count():
    _inspect(PHOTO + b"\xff\xc3\0\x11\x0c" * 9000)


def test_too_many_scans_are_refused():
    scan = PHOTO[PHOTO.index(b"\xff\xda") : -2]

    with pytest.raises(FileTooLarge, match="too many parts"):
        _inspect(PHOTO[:-2] + scan * 60 + b"\xff\xd9")


@pytest.mark.parametrize(
    "filling",
    [b"\xff" * 100_000, b"\xff\xd0" * 100_000, b"\0" * 100_000, b"\xff\xfe\0\x02" * 6000],
    ids=["fill bytes", "restarts", "zeros", "comments"],
)
def test_filling_is_refused(filling):
    at = _frame(PHOTO)

    with pytest.raises(FileTooLarge, match="too many parts"):
        _inspect(PHOTO[:at] + filling + PHOTO[at:])


@pytest.mark.parametrize("length", [2, 3, 4, 20, 200])
def test_stump_is_damaged(length):
    with pytest.raises((DamagedFile, UnknownFileType)):
        _inspect(PHOTO[:length])
