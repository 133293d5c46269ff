"""The playlists of HLS (RFC 8216) over rungs that are one file each."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from media_library.video.fragments import Fragment, FragmentedFile

SEGMENT_SECONDS = 4
"""What a player fetches at once: two groups of pictures."""

TOLERANCE = Fraction(1, 10)
"""Seconds: two groups of 2.002 seconds are one segment."""

SOUND_GROUP = "sound"

VERSION = 7
"""EXT-X-MAP outside of I-frame playlists needs 6, fragmented MP4 7."""


@dataclass(frozen=True)
class Segment:
    """Some fragments one after the other. Bytes; seconds."""

    offset: int
    size: int
    duration: Fraction


@dataclass(frozen=True)
class Variant:
    """A rung as the master playlist names it. Bits a second, of the pictures only; pixels."""

    playlist: str
    codec: str
    bandwidth: int
    average_bandwidth: int
    width: int
    height: int
    frame_rate: float


@dataclass(frozen=True)
class Sound:
    """The sound that goes with all rungs."""

    playlist: str
    codec: str
    bandwidth: int
    average_bandwidth: int


def segments(file: FragmentedFile) -> list[Segment]:
    """Join fragments to segments of about four seconds; they begin at the same times in all rungs."""
    joined: list[list[Fragment]] = []
    for fragment in file.fragments:
        if joined and fragment.start + fragment.duration - joined[-1][0].start <= SEGMENT_SECONDS + TOLERANCE:
            joined[-1].append(fragment)
        else:
            joined.append([fragment])
    return [
        Segment(part[0].offset, sum(one.size for one in part), sum((one.duration for one in part), Fraction(0)))
        for part in joined
    ]


def media_playlist(file: FragmentedFile, name: str) -> str:
    """The playlist of a rung whose file has this name, in the same folder."""
    parts = segments(file)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        # No segment may be longer, rounded to whole seconds: 4.3.3.1.
        f"#EXT-X-TARGETDURATION:{max(1, *(round(part.duration) for part in parts))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{name}",BYTERANGE="{file.header_size}@0"',
    ]
    for part in parts:
        lines += [f"#EXTINF:{float(part.duration):.6f},", f"#EXT-X-BYTERANGE:{part.size}@{part.offset}", name]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def peak_bandwidth(file: FragmentedFile) -> int:
    """Bits a second of the largest run of segments that lasts 0.5 to 1.5 times the target duration: 4.3.4.2."""
    parts = segments(file)
    target = max(round(part.duration) for part in parts) or 1
    rates = []
    for first in range(len(parts)):
        size, duration = 0, Fraction(0)
        for part in parts[first:]:
            size, duration = size + part.size, duration + part.duration
            if duration > target * 1.5:
                break
            if duration >= target * 0.5:
                rates.append(size * 8 / duration)
    return ceil(max(rates, default=average_bandwidth(file)))


def average_bandwidth(file: FragmentedFile) -> int:
    """Bits a second."""
    return ceil(sum(one.size for one in file.fragments) * 8 / (file.duration or 1))


def master_playlist(variants: Iterable[Variant], sound: Sound | None) -> str:
    """The playlist of a film: its rungs, smallest first, so that players begin with what any line can carry."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{SOUND_GROUP}",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="2",URI="{sound.playlist}"'
        )
    for one in sorted(variants, key=lambda one: one.bandwidth):
        attributes = [
            f"BANDWIDTH={one.bandwidth + (sound.bandwidth if sound else 0)}",
            f"AVERAGE-BANDWIDTH={one.average_bandwidth + (sound.average_bandwidth if sound else 0)}",
            f'CODECS="{",".join([one.codec, *([sound.codec] if sound else [])])}"',
            f"RESOLUTION={one.width}x{one.height}",
            f"FRAME-RATE={one.frame_rate:.3f}",
            *([f'AUDIO="{SOUND_GROUP}"'] if sound else []),
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", one.playlist]
    return "\n".join([*lines, ""])
