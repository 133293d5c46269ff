"""The picture that comes along with a sound."""

import logging
from io import BytesIO

import av

from media_library.audio.probe import Sound
from media_library.exceptions import UnacceptableFile
from media_library.imaging.orders import Subject
from media_library.intake.inspection import inspect
from media_library.intake.sniff import IMAGE_TYPES, sniff
from media_library.models import Asset

logger = logging.getLogger(__name__)


def find_cover(sound: Sound) -> tuple[BytesIO, Subject] | None:
    """The file of a sound's picture, judged like an upload, and what it is; None where there is none that is fit."""
    data = _attached(sound)
    if not data:
        return None
    file = BytesIO(data)
    mime_type = sniff(file)
    ending = next((one.extensions[0] for one in IMAGE_TYPES if one.mime_type == mime_type), "")
    try:
        found = inspect(Asset.Kind.IMAGE, file, f"cover.{ending}")
    except UnacceptableFile as error:
        # The sound is fine without it.
        logger.info("The cover in %s is left out: %s", sound.path.name, error)
        return None
    # Of a moving picture, the first frame; nothing here renders a drawing.
    if found.replacement is not None or not found.width or not found.height:
        return None
    return file, Subject(found.width, found.height, found.has_alpha)


def _attached(sound: Sound) -> bytes:
    if sound.cover is None:
        return b""
    with av.open(
        str(sound.path), format=sound.demuxer, options={"protocol_whitelist": "file"}, metadata_errors="replace"
    ) as container:
        packet = next(container.demux(container.streams[sound.cover]), None)
        return bytes(packet) if packet is not None else b""
