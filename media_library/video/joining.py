"""Parts that several workers have made, joined to what one would have made: fragments of MP4, and tiles.

Nothing is decoded: fragments stand alone, so they are copied, with their numbers and times set to their place in the
film (``mfhd`` and ``tfdt``, ISO/IEC 14496-12, 8.8.5 and 8.8.12).
"""

import struct
from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import IO

from media_library.exceptions import PartsDiffer
from media_library.video.fragments import Fragment, FragmentedFile, read_fragments, walk_boxes


def join_fragments(parts: Iterable[tuple[Path, Fraction]], target: Path) -> FragmentedFile:
    """Write files of one track as one, and return what lies where in it.

    ``parts`` are the files in their order, and the seconds at which each of them must begin; a path need be good only
    until the next one is asked for. Raises ``PartsDiffer`` where one has another header than the first, or isn't as
    long as it should be: what is joined so would not play.
    """
    header, number, reached = b"", 0, Fraction(0)
    with target.open("wb") as joined:
        for path, start in parts:
            found = read_fragments(path)
            with path.open("rb") as part:
                own = part.read(found.header_size)
                if not header:
                    header = own
                    joined.write(header)
                if own != header or start != reached:
                    raise PartsDiffer(f"{path.name} begins at {float(start)} s, where {float(reached)} s are reached.")
                for fragment in found.fragments:
                    number += 1
                    joined.write(_placed(part, fragment, number, int(reached * found.timescale)))
            reached += found.duration
    return read_fragments(target)


def join_tiles(parts: Iterable[Path], target: Path) -> Path:
    """Write tiles, which follow a line of text in each file, as one file. Raises ``PartsDiffer`` for other sizes."""
    header = b""
    with target.open("wb") as joined:
        for path in parts:
            with path.open("rb") as part:
                own = part.readline(1024)
                if not header:
                    header = own
                    joined.write(header)
                if own and own != header:
                    raise PartsDiffer(f"{path.name} has tiles of another size.")
                joined.write(part.read())
    return target


def _placed(part: IO[bytes], fragment: Fragment, number: int, shift: int) -> bytes:
    """A fragment with its number in the film, and as many units of time later."""
    part.seek(fragment.offset)
    data = bytearray(part.read(fragment.size))
    for kind, offset, _size in walk_boxes(BytesIO(data), 0, len(data)):
        # After kind and size comes a version, and three bytes of flags.
        if kind == b"mfhd":
            struct.pack_into(">I", data, offset + 12, number)
        elif kind == b"tfdt":
            form = ">Q" if data[offset + 8] else ">I"
            (time,) = struct.unpack_from(form, data, offset + 12)
            struct.pack_into(form, data, offset + 12, time + shift)
    return bytes(data)
