"""Taking out of a picture's file what it says of itself, without touching a pixel.

For pictures that are handed out as they are: those that an editor uploads as documents. Colour profiles stay, and
which way is up.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, UnacceptableFile
from media_library.imaging.exif import Directory
from media_library.imaging.tags import RawTags, read_tags

_ORIENTATION = 0x0112
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_STANDALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers of JPEG without a segment: TEM, RSTn and SOI (ITU-T T.81, table B.1)."""
_EXIF, _ICC = b"Exif\0\0", b"ICC_PROFILE\0"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_TELLS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_TELLS = {b"EXIF": 0x08, b"XMP ": 0x04}
"""Chunks that go, and their flags in ``VP8X`` (RFC 9649, 2.7.1)."""


def scrub(file: IO[bytes], mime_type: str) -> bytes | None:
    """The bytes of a JPEG, PNG or WebP without EXIF, XMP, IPTC, comments, previews and whatever follows the picture.

    None for what is no picture, or has nothing to hide. Raises ``UnacceptableFile`` for pictures of other formats that
    say something of themselves, and for damaged ones. Leaves the file at its beginning.
    """
    if mime_type in _SCRUBBERS:
        file.seek(0)
        data = file.read()
        file.seek(0)
        try:
            scrubbed = b"".join(_SCRUBBERS[mime_type](data))
        except (struct.error, IndexError, ValueError) as error:
            raise DamagedFile(_("This picture is damaged or cut off. Copy or export it anew.")) from error
        return scrubbed if scrubbed != data else None
    if mime_type.startswith("image/") and _tells(read_tags(file)):
        raise UnacceptableFile(
            _(
                "This picture holds notes of the camera, perhaps of the place, which visitors would get with it. "
                "Upload it under Images, or export it as JPEG or PNG and upload that."
            )
        )
    return None


def _tells(tags: RawTags) -> bool:
    """Whether there is anything beyond the name of a program, which every program writes."""
    return bool(tags.exif.keys() - {"Software"} or tags.iptc or tags.xmp or tags.text)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while True:
        start = data.index(b"\xff", at)
        while data[start] == 0xFF:
            start += 1
        marker = data[start]
        if marker == _EOI:
            yield b"\xff\xd9"
            return
        if marker in _STANDALONE:
            at = start + 1
            continue
        (length,) = struct.unpack_from(">H", data, start + 1)
        payload = data[start + 3 : start + 1 + length]
        at = start + 1 + length
        if marker == _SOS:
            # The coefficients go along, up to the next marker that is none of theirs.
            end = at
            while True:
                end = data.index(b"\xff", end)
                if data[end + 1] != 0 and data[end + 1] not in _STANDALONE:
                    break
                end += 2
            yield data[start - 1 : end]
            at = end
        elif marker == _APP1 and payload.startswith(_EXIF):
            if orientation := _orientation(payload):
                block = _EXIF + orientation
                yield b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        elif _is_needed(marker, payload):
            yield data[start - 1 : at]


def _is_needed(marker: int, payload: bytes) -> bool:
    """Of applications' segments, JFIF, colour profiles and Adobe's, which says what the channels are."""
    if marker == _APP2:
        return payload.startswith(_ICC)
    return marker in (_APP0, _APP14) or not (_APP0 <= marker <= _APP15 or marker == _COM)


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG_SIGNATURE
    at = len(_PNG_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise ValueError("cut off")
        if kind not in _PNG_TELLS:
            yield data[at:end]
        elif kind == b"eXIf" and (orientation := _orientation(data[at + 8 : end - 4])):
            chunk = kind + orientation
            yield struct.pack(">I", len(orientation)) + chunk + struct.pack(">I", zlib.crc32(chunk))
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data) + 1:
        raise ValueError("cut off")
    chunks, flags_gone, orientation = [], 0, b""
    at = 12
    while at + 8 <= min(len(data), size + 8):
        kind = data[at : at + 4]
        (length,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + length + length % 2
        if kind in _WEBP_TELLS:
            flags_gone |= _WEBP_TELLS[kind]
            if kind == b"EXIF":
                orientation = orientation or _orientation(data[at + 8 : at + 8 + length])
        else:
            chunks.append(bytearray(data[at:end]))
        at = end
    if orientation:
        chunks.append(bytearray(b"EXIF" + struct.pack("<I", len(orientation)) + orientation))
        flags_gone &= ~_WEBP_TELLS[b"EXIF"]
    for chunk in chunks:
        if chunk[:4] == b"VP8X":
            chunk[8] &= ~flags_gone & 0xFF
    body = b"WEBP" + b"".join(chunks)
    yield b"RIFF" + struct.pack("<I", len(body)) + body


def _orientation(exif: bytes) -> bytes:
    """EXIF that says nothing but which way is up; nothing where that is plain (TIFF 6.0, section 2)."""
    found = Directory(exif).get(_ORIENTATION)
    if not isinstance(found, tuple) or found[0] not in range(2, 9):
        return b""
    return b"II*\0" + struct.pack("<LHHHLHHL", 8, 1, _ORIENTATION, 3, 1, int(found[0]), 0, 0)


_SCRUBBERS = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
