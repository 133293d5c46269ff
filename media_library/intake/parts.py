"""Files made of millions of empty parts, over which decoders written in Python are busy for half a minute."""

from collections.abc import Callable, Iterator
from typing import IO

from django.utils.translation import gettext as _

from media_library.exceptions import FileTooLarge

MAX_PARTS = 100_000
"""Chunks of a PNG; sub-blocks of a GIF that are no picture. 64 MB of PNG in chunks of 8 kB are 8,000."""


def require_few_parts(file: IO[bytes], mime_type: str) -> None:
    """Raise ``FileTooLarge`` for a PNG or GIF of more than ``MAX_PARTS``. Leaves the file at its beginning."""
    walk = _WALKS.get(mime_type)
    if walk is None:
        return
    for count, _part in enumerate(walk(file)):
        if count >= MAX_PARTS:
            raise FileTooLarge(_("This picture is made of far too many parts. Export it anew."))
    file.seek(0)


def _png_chunks(file: IO[bytes]) -> Iterator[None]:
    """PNG 3rd edition, 5.3: four bytes of length, four of type, data, four of checksum."""
    file.seek(8)
    while len(header := file.read(8)) == 8 and header[4:] != b"IEND":
        file.seek(int.from_bytes(header[:4], "big") + 4, 1)
        yield


def _gif_sub_blocks(file: IO[bytes]) -> Iterator[None]:
    """GIF89a, 15 to 26: extensions and pictures, each with sub-blocks behind it until an empty one."""
    file.seek(10)
    _skip_colours(file, 2)
    while (block := file.read(1)) in (b"!", b","):
        if block == b"!":
            file.seek(1, 1)
        else:
            file.seek(8, 1)
            _skip_colours(file)
            file.seek(1, 1)
        yield
        while length := file.read(1).strip(b"\0"):
            file.seek(length[0], 1)
            if block == b"!":
                yield


def _skip_colours(file: IO[bytes], between: int = 0) -> None:
    """Read a packed field, and step over the colour table that it announces, and over the bytes ``between`` them."""
    flags = (file.read(1) or b"\0")[0]
    file.seek(between + (3 << (flags & 7) + 1 if flags & 128 else 0), 1)


_WALKS: dict[str, Callable[[IO[bytes]], Iterator[None]]] = {"image/png": _png_chunks, "image/gif": _gif_sub_blocks}
