"""What a file is, by its bytes and never by its name."""

import re
from dataclasses import dataclass
from typing import IO

import filetype
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from media_library.exceptions import DamagedFile, UnknownFileType

HEADER_BYTES = 8192


@dataclass(frozen=True)
class FileType:
    """A type of file that is accepted, with the endings that its name may have."""

    mime_type: str
    label: str
    extensions: tuple[str, ...]


IMAGE_TYPES = (
    FileType("image/jpeg", "JPEG", ("jpg", "jpeg")),
    FileType("image/png", "PNG", ("png",)),
    FileType("image/webp", "WebP", ("webp",)),
    FileType("image/avif", "AVIF", ("avif",)),
    FileType("image/gif", "GIF", ("gif",)),
    FileType("image/heic", "HEIC", ("heic", "heif")),
)
VIDEO_TYPES = (
    FileType("video/mp4", "MP4", ("mp4", "m4v")),
    FileType("video/quicktime", "QuickTime", ("mov", "qt")),
    FileType("video/webm", "WebM", ("webm",)),
    FileType("video/x-matroska", "Matroska", ("mkv",)),
)
_ALIASES = {"video/x-m4v": "video/mp4"}


def sniff(file: IO[bytes]) -> str | None:
    """Return the MIME type that the first bytes show, or None when they show none that is known.

    Leaves the file at its beginning. Raises ``DamagedFile`` for an empty file.
    """
    file.seek(0)
    header = file.read(HEADER_BYTES)
    file.seek(0)
    if not header:
        raise DamagedFile(_("This file is empty. Choose the file again, or export it anew."))
    # ISO media whose brand is general: "isom" and friends may hold anything, so the decoder decides.
    mime_type = filetype.guess_mime(header)
    if mime_type is None and header[4:8] == b"ftyp":
        mime_type = "video/mp4"
    return _ALIASES.get(mime_type, mime_type) if mime_type else None


def require_type(file: IO[bytes], filename: str, accepted: tuple[FileType, ...]) -> FileType:
    """Return which of the ``accepted`` types the file is.

    Raises ``UnknownFileType`` when it is none of them, or when its name says that it is another.
    """
    mime_type = sniff(file)
    found = next((one for one in accepted if one.mime_type == mime_type), None)
    # Letters and digits only: uploaders show the message as HTML.
    extension = re.sub(r"[^a-z0-9]", "", filename.rpartition(".")[2].lower())[:10] if "." in filename else ""
    if found is None:
        known = get_text_list([one.label for one in accepted], _("or"))
        if mime_type is None:
            raise UnknownFileType(
                _("What is in this file is not recognised. Upload one of these: %(known)s.") % {"known": known}
            )
        raise UnknownFileType(
            _("This file holds %(mime_type)s, which is not accepted here. Upload one of these: %(known)s.")
            % {"mime_type": mime_type, "known": known}
        )
    if extension not in found.extensions:
        raise UnknownFileType(
            _(
                "The file is named “.%(extension)s”, but its contents are %(label)s. "
                "Rename it to end in “.%(right)s” and upload it again."
            )
            % {"extension": extension, "label": found.label, "right": found.extensions[0]}
        )
    return found
