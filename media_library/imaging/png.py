"""Tags of a PNG, wherever they stand in it."""

import struct
import zlib
from typing import IO

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_CHUNKS = 20_000
"""Pixels come in chunks of 8 KB or more; a file of 100 MB has some 13,000 of them."""

_XMP = b"XML:com.adobe.xmp"


def read_chunks(file: IO[bytes], max_bytes: int) -> tuple[dict[str, bytes], dict[str, list[bytes]]]:
    """Read the tags of an open PNG (PNG 1.2, sections 5.3 and 11.3.4; eXIf of PNG 1.5), without decoding pixels.

    Returns the blocks ``exif`` and ``xmp``, where there are any, and text by keyword: Latin-1 or UTF-8, in bytes. A
    chunk of more than ``max_bytes`` is left out, whether before or after it is unpacked.
    """
    blocks: dict[str, bytes] = {}
    texts: dict[str, list[bytes]] = {}
    file.seek(len(SIGNATURE))
    for _chunk in range(MAX_CHUNKS):
        header = file.read(8)
        if len(header) < 8:
            break
        length, kind = struct.unpack(">I4s", header)
        if kind not in (b"eXIf", b"tEXt", b"zTXt", b"iTXt") or length > max_bytes:
            file.seek(length + 4, 1)
            continue
        data = file.read(length)
        file.seek(4, 1)
        if kind == b"eXIf":
            blocks.setdefault("exif", data)
            continue
        keyword, text = _text(kind, data, max_bytes)
        if keyword == _XMP:
            blocks.setdefault("xmp", text)
        elif text:
            texts.setdefault(keyword.decode("latin-1"), [text])
    file.seek(0)
    return blocks, texts


def _text(kind: bytes, data: bytes, max_bytes: int) -> tuple[bytes, bytes]:
    """Keyword and text of a chunk; the text is empty where it is damaged."""
    keyword, _, rest = data.partition(b"\x00")
    if kind == b"tEXt":
        return keyword, rest
    if kind == b"zTXt":
        return keyword, _inflate(rest[1:], max_bytes)
    # iTXt: whether it is packed, how, the language, and the keyword in that language.
    packed, text = rest[:1] == b"\x01", rest[2:].split(b"\x00", 2)[-1]
    return keyword, _inflate(text, max_bytes) if packed else text


def _inflate(data: bytes, max_bytes: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, max_bytes)
    except zlib.error:
        return b""
    return b"" if unpacker.unconsumed_tail else text
