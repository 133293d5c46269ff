"""What a sound is, read by PyAV (imageio-ffmpeg brings no ffprobe)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import av
from django.utils.translation import gettext as _

from media_library.audio.tags import Chapter, read_chapters, read_tags
from media_library.conf import conf
from media_library.exceptions import DamagedFile, FileTooLarge

DEMUXERS = {
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/aiff": "aiff",
    "audio/webm": "matroska",
    "audio/x-matroska": "matroska",
}
_SURE_OF_LENGTH = {"mov", "flac", "aiff", "matroska"}
"""Demuxers that read the length from the header. Others reckon it by the first bit rate, or by the end of the file."""

MISSING_SECONDS, MISSING_SHARE = 0.5, 0.05
"""How much less than its header says may be there, in seconds and as a share: headers round."""


@dataclass(frozen=True)
class Sound:
    """A sound that can be decoded. Seconds, samples a second, bits a second; streams by their index in the file."""

    path: Path
    demuxer: str
    stream: int
    duration: float
    channels: int
    sample_rate: int
    bitrate: int
    codec: str
    cover: int | None = None
    """The stream that is its picture."""
    tags: Mapping[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()


def probe(path: Path, mime_type: str) -> Sound:
    """Open a sound of this type, decode its beginning, count its packets, and say what it is.

    Raises ``DamagedFile`` when there is no sound to decode, or less than there should be, and ``FileTooLarge`` when it
    lasts longer than ``MAX_AUDIO_HOURS``.
    """
    demuxer = DEMUXERS[mime_type]
    try:
        with av.open(
            str(path), format=demuxer, options={"protocol_whitelist": "file"}, metadata_errors="replace"
        ) as container:
            stream = next(iter(container.streams.audio), None)
            frame = _first_frame(container, stream) if stream else None
            if stream is None or frame is None:
                raise DamagedFile(_("There is no sound in this file. Play it on your computer to check it."))
            declared = _declared(container, stream) if demuxer in _SURE_OF_LENGTH else 0.0
            container.seek(0)
            duration = _counted(container, stream)
            _require_length(declared, duration)
            return Sound(
                path=path,
                demuxer=demuxer,
                stream=stream.index,
                duration=duration,
                channels=frame.layout.nb_channels,
                sample_rate=frame.sample_rate,
                bitrate=stream.bit_rate or round(path.stat().st_size * 8 / duration),
                codec=stream.codec_context.name,
                cover=_cover(container),
                tags=read_tags(container, stream),
                chapters=read_chapters(container),
            )
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        raise DamagedFile(
            _("This sound is damaged, cut off or protected, so it can't be read. Copy or export it anew.")
        ) from error


def require_whole(expected: float, found: float) -> None:
    """Raise ``DamagedFile`` when much of a sound is missing. Seconds."""
    if expected - found > max(MISSING_SECONDS, expected * MISSING_SHARE):
        raise DamagedFile(
            _(
                "This sound is cut off: it should last %(should)s seconds, and only %(found)s of them are there. "
                "Copy or export it anew."
            )
            % {"should": round(expected, 1), "found": round(found, 1)}
        )


def _first_frame(container: av.container.InputContainer, stream: av.AudioStream) -> av.AudioFrame | None:
    """The first piece that can be decoded; some files begin with a piece of another one."""
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        if frames:
            return frames[0]
    return None


def _declared(container: av.container.InputContainer, stream: av.AudioStream) -> float:
    """Seconds as the header has them; 0 where it says nothing, as recordings of browsers do."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _counted(container: av.container.InputContainer, stream: av.AudioStream) -> float:
    """Seconds that are really there, from the packets: no decoding, some hundred megabytes a second."""
    total, first, last = 0, None, 0
    for packet in container.demux(stream):
        total += packet.duration or 0
        if packet.pts is not None:
            first = packet.pts if first is None else first
            last = max(last, packet.pts + (packet.duration or 0))
    return float((total or last - (first or 0)) * (stream.time_base or 0))


def _require_length(declared: float, counted: float) -> None:
    if counted <= 0:
        raise DamagedFile(_("There is no sound in this file. Play it on your computer to check it."))
    require_whole(declared, counted)
    if counted > conf.MAX_AUDIO_HOURS * 3600:
        raise FileTooLarge(
            _("This sound lasts %(hours)s hours; at most %(limit)s are accepted. Cut it into parts.")
            % {"hours": round(counted / 3600, 1), "limit": conf.MAX_AUDIO_HOURS}
        )


def _cover(container: av.container.InputContainer) -> int | None:
    """The picture on the front of a record, or else the first that came along."""
    pictures = [one for one in container.streams.video if one.disposition & av.stream.Disposition.attached_pic]
    # ID3's name of its picture type 3.
    front = [one for one in pictures if one.metadata.get("comment") == "Cover (front)"]
    return next((one.index for one in front + pictures), None)
