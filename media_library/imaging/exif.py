"""Single tags out of a block of EXIF, each by itself.

Broken EXIF is common. Pillow gives up on a directory at the first tag that points out of the file, though the tags
around it are as good as ever, and on a whole picture where there is no directory.
"""

import math
import re
import struct
from collections.abc import Iterable
from typing import Any

from PIL import Image

Value = bytes | tuple[float, ...]

_FORMATS = {3: "H", 4: "L", 5: "L", 6: "b", 8: "h", 9: "l", 10: "l", 11: "f", 12: "d", 13: "L"}
"""Types of numbers (TIFF 6.0, section 2) by their ``struct`` format; of rationals that of each half."""

_ASCII, _TEXT, _RATIONAL = 2, (1, 2, 7), (5, 10)

MAX_NUMBERS = 16
"""Numbers that are read of one tag; of those that are wanted, the longest is a lens specification with four."""


class Directory:
    """One directory of an EXIF block: a TIFF file without a picture (Exif 3.0, section 4.5; TIFF 6.0, section 2)."""

    def __init__(self, data: bytes, offset: int | None = None):
        """Find the entries of the directory at ``offset``, or of the first. There are none where it is damaged."""
        self._data = data = re.sub(rb"\A(Exif\x00\x00)+", b"", data)
        self._order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4], "")
        self._entries: dict[int, int] = {}
        if not self._order or len(data) < 8:
            return
        start: int = self._unpack("L", 4)[0] if offset is None else offset
        if start + 2 > len(data):
            return
        count = min(self._unpack("H", start)[0], (len(data) - start - 2) // 12)
        for entry in range(start + 2, start + 2 + count * 12, 12):
            self._entries.setdefault(self._unpack("H", entry)[0], entry)

    def nested(self, tag: int) -> "Directory":
        """The directory that a tag points to, which may have no entries."""
        pointer = self.get(tag)
        offset = int(pointer[0]) if isinstance(pointer, tuple) else len(self._data)
        return Directory(self._data, offset)

    def pick(self, tags: Iterable[int]) -> dict[int, Value]:
        """The values of these tags, as far as they are there and make sense."""
        found = ((tag, self.get(tag)) for tag in tags)
        return {tag: value for tag, value in found if value is not None}

    def get(self, tag: int) -> Value | None:
        """Text and bytes as bytes, numbers as floats; None where there is nothing, or something else than a number."""
        entry = self._entries.get(tag)
        if entry is None:
            return None
        kind, count = self._unpack("HL", entry + 2)
        form = _FORMATS.get(kind, "")
        size = count if kind in _TEXT else struct.calcsize(f"={form}") * count * (2 if kind in _RATIONAL else 1)
        start = entry + 8 if size <= 4 else self._unpack("L", entry + 8)[0]
        if not size or start + size > len(self._data):
            return None
        if kind in _TEXT:
            value = self._data[start : start + size]
            return value.rstrip(b"\x00") if kind == _ASCII else value
        count = min(count, MAX_NUMBERS)
        numbers = self._unpack(form * count * (2 if kind in _RATIONAL else 1), start)
        if kind in _RATIONAL:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            numbers = tuple(above / below if below else math.nan for above, below in pairs)
        # A zero below the line, as cameras write it for what they don't know.
        return tuple(map(float, numbers)) if all(map(math.isfinite, numbers)) else None

    def _unpack(self, form: str, offset: int) -> tuple[Any, ...]:
        return struct.unpack_from(self._order + form, self._data, offset)


_load = Image.Exif.load


def _load_or_stay_empty(exif: Image.Exif, data: bytes) -> None:
    try:
        _load(exif, data)
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        exif._info = None


def forgive_broken_exif() -> None:
    """Let a picture whose EXIF is no EXIF have none, instead of being none itself.

    Pillow raises wherever it asks for the orientation, and doesn't even open AVIF.
    """
    Image.Exif.load = _load_or_stay_empty  # type: ignore[method-assign, assignment]
