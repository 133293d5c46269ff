"""Sounds, by their bytes."""

import re
from typing import IO

HEADER_BYTES = 8192
MAX_TAGS = 8
"""ID3 tags, one behind the other, that are skipped before the search is given up."""

_M4A_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
"""Apple's brands for sound, audio books and protected sound, at mp4ra.org. The first of them is the rule."""

_OGG_FILM = re.compile(rb"\x80theora|BBCD\0|fishead\0")
"""Identification headers of Theora and Dirac, and of the skeleton that goes along with films."""

_EBML = b"\x1a\x45\xdf\xa3"
_CODEC_ID = re.compile(rb"\x86[\x80-\xff]([VA])_[A-Z0-9]")
"""Matroska's element CodecID, of video or audio (RFC 9559, 5.1.4.1.21)."""


def sniff_sound(file: IO[bytes], header: bytes) -> str | None:
    """Return the MIME type of a sound, None when these bytes are none; ``header`` is the beginning of ``file``.

    ID3 tags, whose pictures may be megabytes, are skipped. Leaves the file at its beginning.
    """
    start, is_tagged = 0, False
    for _number in range(MAX_TAGS):
        if not header.startswith(b"ID3") or len(header) < 10:
            break
        is_tagged = True
        start += _tag_size(header)
        file.seek(start)
        header = file.read(HEADER_BYTES)
    file.seek(0)
    # Tags are MPEG's invention: whatever comes behind them that nobody knows is for the decoder to find out.
    return _sniff(header) or ("audio/mpeg" if is_tagged else None)


def _sniff(header: bytes) -> str | None:
    form = header[8:12]
    if header[:4] in (b"RIFF", b"RF64", b"BW64") and form == b"WAVE":
        return "audio/wav"
    if header[:4] == b"FORM" and form in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if header[:4] == b"fLaC":
        return "audio/flac"
    if header[4:8] == b"ftyp" and form in _M4A_BRANDS:
        return "audio/mp4"
    if header[:4] == b"OggS":
        return "video/ogg" if _OGG_FILM.search(header) else "audio/ogg"
    if header[:4] == _EBML and set(_CODEC_ID.findall(header)) == {b"A"}:
        return "audio/webm" if b"webm" in header[:64] else "audio/x-matroska"
    return _sniff_mpeg(header.lstrip(b"\0"))


def _sniff_mpeg(header: bytes) -> str | None:
    """Frames of MPEG audio, layer II or III (ISO/IEC 11172-3, 2.4.1.3), or of AAC in ADTS (ISO/IEC 13818-7, 6.2)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    if header[1] & 0xF6 == 0xF0:
        return "audio/aac" if header[2] >> 2 & 15 < 13 else None
    bitrate, sample_rate = header[2] >> 4, header[2] >> 2 & 3
    is_frame = version != 1 and layer in (1, 2) and bitrate != 15 and sample_rate != 3
    return "audio/mpeg" if is_frame else None


def _tag_size(header: bytes) -> int:
    """Bytes of an ID3v2 tag: 10, then seven bits in each of four bytes, and 10 for a footer (ID3 v2.4, 3.1)."""
    size = 0
    for byte in header[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if header[5] & 0x10 else 0)
