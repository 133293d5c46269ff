"""What a film is, read by PyAV (imageio-ffmpeg brings no ffprobe)."""

from dataclasses import dataclass
from pathlib import Path

import av
from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, FileTooLarge

DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
}
MAX_SIDE = 16_384
"""Pixels. libx264 takes no more."""


@dataclass(frozen=True)
class Film:
    """A film that can be decoded. Width and height are as seen: rotated and with square pixels."""

    path: Path
    demuxer: str
    stream: int
    width: int
    height: int
    duration: float
    has_audio: bool


def probe(path: Path, mime_type: str) -> Film:
    """Open a film of this type, decode its first picture, and say what it is.

    Raises ``DamagedFile`` when there is no picture to decode, and ``FileTooLarge`` for absurd dimensions.
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
            return Film(
                path=path,
                demuxer=demuxer,
                stream=stream.index,
                width=width,
                height=height,
                duration=_duration(container, stream),
                has_audio=bool(container.streams.audio),
            )
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        raise DamagedFile(
            _("This film is damaged, cut off or protected, so it can't be read. Copy or export it anew.")
        ) from error


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
