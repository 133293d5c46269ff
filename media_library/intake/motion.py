"""Motion photos: where in a picture's file the film is that a camera has put behind it.

Motion Photo format 1.0 and its forerunner, MicroVideo (developer.android.com/media/platform/motion-photo-format), and
Samsung's own trailer, which is known from files. Reads the headers of boxes, and no pictures.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile
from media_library.imaging.tags import RawTags, read_tags

MAX_BOXES = 1_000
"""Boxes of a film that are looked at, and of a HEIC before it. A film of three seconds has about five."""

MAX_ENTRIES = 100
"""Entries of Samsung's trailer, which has some ten."""

_MOTION_PHOTO_DATA = 0x0A30
"""What Samsung's trailer calls its entry of the film."""


@dataclass(frozen=True)
class Stretch:
    """A part of a file, in bytes."""

    start: int
    end: int


def holds_film(file: IO[bytes], tags: RawTags) -> bool:
    """Whether a picture says that it has a film with it. Leaves the file at its beginning."""
    announced = any(tags.xmp.get(f"GCamera:{name}", [""])[0].strip() == "1" for name in ("MotionPhoto", "MicroVideo"))
    try:
        return announced or next(_in_trailer(file), None) is not None
    finally:
        file.seek(0)


def find_film(file: IO[bytes]) -> Stretch:
    """The film of a motion photo, whole: an MP4 or QuickTime file by itself.

    Several places may be named; the first at which there is a film counts. Leaves the file at its beginning. Raises
    ``DamagedFile`` when there is none, as after many a messenger, or only a part of one.
    """
    tags = read_tags(file)
    size = file.seek(0, 2)
    is_cut_off = False
    try:
        # A box says where it ends; what XMP says of a HEIC may reach to what the camera has put behind the box.
        for place in (*_in_boxes(file, size), *_in_xmp(tags, size), *_in_trailer(file)):
            end = _end_of_film(file, place)
            if end is not None:
                return Stretch(place.start, end)
            is_cut_off = is_cut_off or _begins_film(file, place)
    finally:
        file.seek(0)
    if is_cut_off:
        raise DamagedFile(
            _(
                "The film in this motion photo is damaged or cut off, so it can't be taken out; the picture is fine. "
                "For the film, copy the file anew from the camera."
            )
        )
    raise DamagedFile(
        _(
            "This picture says that it is a motion photo, but its film is missing: many programs drop it. The picture "
            "is fine. For the film, copy the file anew from the camera."
        )
    )


def _in_xmp(tags: RawTags, size: int) -> Iterator[Stretch]:
    """What XMP says: items of a container lie behind the picture one after the other, to the end of the file."""
    behind = [(item.get("Semantic"), _number(item.get("Length", ""))) for item in tags.container[1:]]
    for number, (semantic, length) in enumerate(behind):
        if semantic == "MotionPhoto":
            start = size - sum(one for _semantic, one in behind[number:])
            yield from _within(start, start + length, size)
    for offset in tags.xmp.get("GCamera:MicroVideoOffset", ()):
        yield from _within(size - _number(offset), size, size)


def _in_boxes(file: IO[bytes], size: int) -> Iterator[Stretch]:
    """The box "mpvd" of a HEIC or AVIF."""
    for name, start, end in _boxes(file, 0, size):
        if name == b"mpvd":
            yield Stretch(start, end)


def _in_trailer(file: IO[bytes]) -> Iterator[Stretch]:
    """Samsung's entries behind the picture, whose directory is at the very end: ``SEFH`` … its length, ``SEFT``.

    Each entry there has its type, where it begins, counted back from the directory, and its length. It begins with
    its type, and its name.
    """
    size = file.seek(0, 2)
    if size < 20:
        return
    file.seek(size - 8)
    length, mark = struct.unpack("<I4s", file.read(8))
    directory = size - 8 - length
    if mark != b"SEFT" or directory < 0 or length < 12:
        return
    file.seek(directory)
    head, _version, count = struct.unpack("<4sII", file.read(12))
    if head != b"SEFH":
        return
    entries = file.read(12 * min(count, MAX_ENTRIES))
    for at in range(0, len(entries) - 11, 12):
        _padding, kind, back, length = struct.unpack_from("<HHII", entries, at)
        start = directory - back
        if kind != _MOTION_PHOTO_DATA or not 0 <= start <= directory - 8:
            continue
        file.seek(start)
        _type, name = struct.unpack("<II", file.read(8))
        found = Stretch(start + 8 + name, start + length)
        # In a HEIC there is but a note that the film is in a box.
        if found.end <= directory and _begins_film(file, found):
            yield found


def _within(start: int, end: int, size: int) -> Iterator[Stretch]:
    if 0 < start < end <= size:
        yield Stretch(start, end)


def _begins_film(file: IO[bytes], place: Stretch) -> bool:
    return next((name == b"ftyp" for name, _start, _end in _boxes(file, place.start, place.end)), False)


def _end_of_film(file: IO[bytes], place: Stretch) -> int | None:
    """Where the film ends that begins there, without what has been put behind it; None if it isn't whole."""
    end, names = place.start, []
    for name, _start, end_of_box in _boxes(file, place.start, place.end):
        if end_of_box > place.end:
            # What comes after its last box is none of its own.
            break
        names.append(name)
        end = end_of_box
    return end if names[:1] == [b"ftyp"] and {b"moov", b"mdat"} <= set(names) else None


def _boxes(file: IO[bytes], start: int, limit: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of a stretch (ISO/IEC 14496-12, 4.2): name, where its contents begin, and where it ends.

    Up to what is no box. The last may end behind the limit.
    """
    for _count in range(MAX_BOXES):
        file.seek(start)
        header = file.read(8)
        if start + 8 > limit or len(header) < 8 or not re.fullmatch(rb"[ -~]{4}", header[4:]):
            return
        length, contents = int.from_bytes(header[:4], "big"), start + 8
        if length == 1:
            length, contents = int.from_bytes(file.read(8), "big"), start + 16
        end = limit if length == 0 else start + length
        if end < contents:
            return
        yield header[4:], contents, end
        start = end


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,12}", text.strip()) else 0
