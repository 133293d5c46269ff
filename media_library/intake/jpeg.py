"""What a JPEG is made of, before any decoder sees it. Numbers are those of ITU-T T.81."""

import re
from typing import IO

from django.utils.translation import gettext as _

from media_library.exceptions import FileTooLarge, UnknownFileType

MAX_SCANS = 50
"""Scans of a progressive JPEG. Encoders write 3 to 14. Each scan of a hostile one takes the decoder over all pixels
again for a few bytes ("Two Issues with the JPEG Standard", libjpeg-turbo, 2015)."""

MAX_SEGMENTS = 5_000
"""Segments of all kinds; cameras write some dozens, and an ICC profile may have 255."""

MAX_FILLING = 64 * 1024
"""Bytes between segments, which mean nothing. Pillow steps over them one by one."""

_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd8]")
"""Markers with a segment, and EOI; so none of stuffed zeros, fill bytes, TEM, RSTn and SOI (B.1.1)."""
_SOS, _EOI = 0xDA, 0xD9
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Start of frame, one for each process (table B.1)."""
_COMMON_FRAMES = {0xC0, 0xC1, 0xC2}
"""Baseline, extended sequential and progressive, all with Huffman coding."""


def require_common_jpeg(file: IO[bytes]) -> None:
    """Refuse a JPEG that decoders don't know, or only with very much work. Leaves the file at its beginning.

    Damage is left to the decoder. Raises ``UnknownFileType`` for 12 and 16 bits a channel and for the lossless,
    hierarchical and arithmetic processes, and ``FileTooLarge`` for more than the limits above.
    """
    file.seek(0)
    data = file.read()
    file.seek(0)
    at = scans = segments = filling = 0
    while found := _MARKER.search(data, at):
        start, marker = found.start(), data[found.start() + 1]
        if marker == _EOI:
            return
        segments += 1
        scans += marker == _SOS
        # Behind a start of scan come its coefficients.
        filling += 0 if scans else start - at
        if scans > MAX_SCANS or segments > MAX_SEGMENTS or filling > MAX_FILLING:
            raise FileTooLarge(_("This JPEG is made of far too many parts to be a photograph. Export it anew."))
        if marker in _FRAMES and start + 4 < len(data):
            _require_common_frame(marker, data[start + 4])
        at = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")


def _require_common_frame(marker: int, bits: int) -> None:
    if bits > 8:
        raise UnknownFileType(
            _("This JPEG has %(bits)s bits a channel, which browsers can't show. Export it with 8 bits.")
            % {"bits": bits}
        )
    if marker not in _COMMON_FRAMES:
        raise UnknownFileType(
            _("This JPEG is lossless or arithmetic-coded, which browsers can't show. Export it as a common JPEG.")
        )
