"""What a film is, read by PyAV (imageio-ffmpeg brings no ffprobe)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.sidedata.sidedata import SideData, Type
from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, FileTooLarge
from media_library.imaging.projection import Projection, film_projection

DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
}
MAX_SIDE = 16_384
"""Pixels. libx264 takes no more."""


FEWEST_PICTURES = 0.1
"""A second. A film with fewer is broken: even slide shows repeat their pictures."""


@dataclass(frozen=True)
class Colour:
    """What the numbers of a picture mean, in the code points of ITU-T H.273; 2 is "not said"."""

    primaries: int = 2
    transfer: int = 2
    matrix: int = 2


@dataclass(frozen=True)
class Film:
    """A film that can be decoded. Width and height are as seen: rotated and with square pixels.

    ``stream`` and ``audio`` are the numbers of its streams, ``audio`` None in a silent film; ``rate`` is its average
    of pictures a second, and ``duration`` in seconds.
    """

    path: Path
    demuxer: str
    stream: int
    width: int
    height: int
    duration: float
    rate: Fraction
    audio: int | None = None
    colour: Colour = Colour()
    is_interlaced: bool = False
    projection: Projection | None = None

    @property
    def has_audio(self) -> bool:
        return self.audio is not None


def probe(path: Path, mime_type: str) -> Film:
    """Open a film of this type, decode its first picture, and say what it is.

    Raises ``DamagedFile`` when there is no picture to decode or when there are far too few for its length, and
    ``FileTooLarge`` for absurd dimensions.
    """
    demuxer = DEMUXERS[mime_type]
    try:
        with av.open(str(path), format=demuxer, options={"protocol_whitelist": "file"}) as container:
            pictures = [one for one in container.streams.video if not _is_cover(one)]
            if not pictures:
                raise DamagedFile(_("There are no moving pictures in this file; it holds sound only. Choose a film."))
            stream = pictures[0]
            frame = next(container.decode(stream), None)
            if frame is None:
                raise DamagedFile(_("There is not one picture in this film. Export it anew."))
            if max(frame.width, frame.height) > MAX_SIDE:
                raise FileTooLarge(
                    _("This film is %(width)s × %(height)s pixels; at most %(limit)s on a side are accepted.")
                    % {"width": frame.width, "height": frame.height, "limit": MAX_SIDE}
                )
            width, height = _as_seen(frame, stream)
            # Streams without a decoder here (such as Apple's spatial sound, next to AAC) have no context.
            sounds = [one.index for one in container.streams.audio if one.codec_context is not None]
            duration = _duration(container, stream)
            _require_pictures(container, stream, duration)
            return Film(
                path=path,
                demuxer=demuxer,
                stream=stream.index,
                width=width,
                height=height,
                duration=duration,
                rate=Fraction(stream.average_rate or stream.guessed_rate or 25),
                audio=sounds[0] if sounds else None,
                colour=Colour(int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace)),
                is_interlaced=frame.interlaced_frame,
                projection=_projection(frame),
            )
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        raise DamagedFile(
            _("This film is damaged, cut off or protected, so it can't be read. Copy or export it anew.")
        ) from error


def _require_pictures(container: av.container.InputContainer, stream: av.VideoStream, duration: float) -> None:
    """Refuse a film whose header says hours and that holds seconds, before hours of one picture are made of it."""
    needed = int(duration * FEWEST_PICTURES)
    container.seek(0)
    found = 0
    for packet in container.demux(stream):
        found += packet.size > 0
        if found >= needed:
            return
    if found < needed:
        raise DamagedFile(
            _(
                "This film says that it lasts %(duration)s, but only %(found)s pictures are in it. "
                "Copy or export it anew."
            )
            % {"duration": timedelta(seconds=round(duration)), "found": found}
        )


def _projection(frame: av.VideoFrame) -> Projection | None:
    """From spherical video boxes, version 1 or 2, or Matroska's; FFmpeg gives them to each frame."""
    found = {one.type: bytes(one) for one in cast(Iterable[SideData], frame.side_data)}
    return film_projection(found.get(Type.SPHERICAL, b""), found.get(Type.STEREO3D, b""))


def _is_cover(stream: av.VideoStream) -> bool:
    """Whether this is a still picture that came along, such as a cover."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _as_seen(frame: av.VideoFrame, stream: av.VideoStream) -> tuple[int, int]:
    """Stretch to square pixels, then turn by the display matrix."""
    aspect = stream.sample_aspect_ratio
    width, height = frame.width, frame.height
    if aspect and aspect > 0:
        width = max(1, round(width * aspect))
    return (height, width) if frame.rotation % 180 else (width, height)


def _duration(container: av.container.InputContainer, stream: av.VideoStream) -> float:
    """Seconds, from the header; films recorded by a browser have none there, so their packets are counted."""
    if container.duration:
        return container.duration / av.time_base
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    container.seek(0)
    ends = [
        float((packet.pts + (packet.duration or 0)) * packet.time_base)
        for packet in container.demux(stream)
        if packet.pts is not None
    ]
    return max(ends, default=0.0)
