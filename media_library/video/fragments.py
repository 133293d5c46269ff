"""What lies where in a file of fragmented MP4 that ffmpeg has written here (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from media_library.exceptions import FFmpegError

_HEADER = struct.Struct(">I4s")
_WITH_BOXES = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"}

# Flags of the track fragment header and of the track run, 8.8.7.1 and 8.8.8.1.
_BASE, _DESCRIPTION, _DURATION = 0x1, 0x2, 0x8
_OFFSET, _FIRST_FLAGS, _DURATIONS, _SIZES, _FLAGS, _COMPOSITION = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800


@dataclass(frozen=True)
class Fragment:
    """A range of bytes that can be decoded by itself after the header: ``moof`` and ``mdat``. Bytes; seconds."""

    offset: int
    size: int
    start: Fraction
    duration: Fraction


@dataclass(frozen=True)
class FragmentedFile:
    """A file of one track: the size in bytes of its header, its codec as in RFC 6381, and its fragments.

    ``timescale`` is how many units of its times make a second.
    """

    header_size: int
    codec: str
    timescale: int
    fragments: tuple[Fragment, ...]

    @property
    def duration(self) -> Fraction:
        return sum((one.duration for one in self.fragments), Fraction(0))


def read_fragments(path: Path) -> FragmentedFile:
    """Read the boxes of a file with one track. Raises ``FFmpegError`` when there is nothing in it."""
    header_size, codec, timescale = 0, "", 0
    default_duration, moof_at, times = 0, 0, (0, 0)
    fragments = []
    with path.open("rb") as file:
        for kind, offset, size in _boxes(file, 0, path.stat().st_size):
            if kind == b"moov":
                boxes = _read(file, offset, size)
                header_size = offset + size
                # A version, flags and two times come before it: 8.4.2.2.
                mdhd = boxes[b"mdhd"]
                (timescale,) = struct.unpack_from(">I", mdhd, 20 if mdhd[0] else 12)
                (default_duration,) = struct.unpack_from(">I", boxes[b"trex"], 12)
                codec = _codec(boxes[b"stsd"])
            elif kind == b"moof":
                moof_at, times = offset, _times(_read(file, offset, size), default_duration)
            elif kind == b"mdat":
                start, duration = (Fraction(time, timescale) for time in times)
                fragments.append(Fragment(moof_at, offset + size - moof_at, start, duration))
    if not fragments:
        raise FFmpegError(_("This film could not be converted. Export it anew."), f"{path.name}: no fragments")
    return FragmentedFile(header_size, codec, timescale, tuple(fragments))


def walk_boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, offset and size of each box in this range, and of those inside them."""
    for kind, offset, size in _boxes(file, start, end):
        yield kind, offset, size
        if kind in _WITH_BOXES:
            yield from walk_boxes(file, offset + _HEADER.size, offset + size)


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, offset and size of each box in this range."""
    while start + _HEADER.size <= end:
        file.seek(start)
        size, kind = _HEADER.unpack(file.read(_HEADER.size))
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
        yield kind, start, size
        start += max(size, _HEADER.size)


def _read(file: IO[bytes], offset: int, size: int) -> dict[bytes, bytes]:
    """The contents of the boxes inside a box, at any depth."""
    found: dict[bytes, bytes] = {}
    for kind, inner, length in walk_boxes(file, offset + _HEADER.size, offset + size):
        if kind not in _WITH_BOXES:
            file.seek(inner + _HEADER.size)
            found[kind] = file.read(length - _HEADER.size)
    return found


def _times(boxes: dict[bytes, bytes], default_duration: int) -> tuple[int, int]:
    """Start and duration of a fragment, in units of its timescale."""
    tfdt, tfhd, trun = boxes[b"tfdt"], boxes[b"tfhd"], boxes[b"trun"]
    (start,) = struct.unpack_from(">Q" if tfdt[0] else ">I", tfdt, 4)
    flags = int.from_bytes(tfhd[1:4])
    if flags & _DURATION:
        skipped = 8 * bool(flags & _BASE) + 4 * bool(flags & _DESCRIPTION)
        (default_duration,) = struct.unpack_from(">I", tfhd, 8 + skipped)
    flags, count = int.from_bytes(trun[1:4]), int.from_bytes(trun[4:8])
    if not flags & _DURATIONS:
        return start, count * default_duration
    first = 8 + 4 * bool(flags & _OFFSET) + 4 * bool(flags & _FIRST_FLAGS)
    step = 4 * sum(bool(flags & one) for one in (_DURATIONS, _SIZES, _FLAGS, _COMPOSITION))
    return start, sum(int.from_bytes(trun[at : at + 4]) for at in range(first, first + count * step, step))


def _codec(stsd: bytes) -> str:
    """RFC 6381: profile, constraints and level of H.264 in hexadecimal digits; AAC is always AAC-LC here."""
    if b"avcC" in stsd:
        at = stsd.index(b"avcC") + 4
        return f"avc1.{stsd[at + 1 : at + 4].hex()}"
    return "mp4a.40.2"
