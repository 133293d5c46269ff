"""MIME types by the name of a file, the same on every machine."""

import mimetypes
from pathlib import PurePosixPath

# What systems don't know, or disagree about.
TYPES = {
    ".aac": "audio/aac",
    ".avif": "image/avif",
    ".flac": "audio/flac",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".json": "application/json",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4a": "audio/mp4",
    ".m4s": "video/iso.segment",
    ".mkv": "video/x-matroska",
    ".mp4": "video/mp4",
    ".opus": "audio/ogg",
    ".svg": "image/svg+xml",
    ".vtt": "text/vtt",
    ".webm": "video/webm",
    ".webp": "image/webp",
}


def content_type(name: str) -> str:
    """The MIME type of a file by the ending of its name; ``application/octet-stream`` for one that nobody knows."""
    ending = PurePosixPath(name).suffix.lower()
    # Without the encoding: a .tar.gz is gzip, whatever is inside.
    return TYPES.get(ending) or mimetypes.types_map.get(ending) or "application/octet-stream"
