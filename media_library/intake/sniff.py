"""What a file is, by its bytes and never by its name."""

import re
from dataclasses import dataclass
from typing import IO

import filetype
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.exceptions import DamagedFile, UnknownFileType
from media_library.intake.sound import sniff_sound

HEADER_BYTES = 8192
M4A_EXTENSIONS = ("m4a", "m4b")


@dataclass(frozen=True)
class FileType:
    """A type of file that is accepted, with the endings that its name may have."""

    mime_type: str
    label: str
    extensions: tuple[str, ...]


IMAGE_TYPES = (
    # MPO is a JPEG with more JPEGs behind it: depth, or the other eye. The first one is the picture.
    FileType("image/jpeg", "JPEG", ("jpg", "jpeg", "jfif", "mpo")),
    FileType("image/png", "PNG", ("png", "apng")),
    FileType("image/webp", "WebP", ("webp",)),
    FileType("image/avif", "AVIF", ("avif",)),
    FileType("image/gif", "GIF", ("gif",)),
    FileType("image/heic", "HEIC", ("heic", "heif", "hif")),
    FileType("image/tiff", "TIFF", ("tif", "tiff")),
    FileType("image/bmp", "BMP", ("bmp",)),
    FileType("image/svg+xml", "SVG", ("svg",)),
)
VIDEO_TYPES = (
    FileType("video/mp4", "MP4", ("mp4", "m4v")),
    FileType("video/quicktime", "QuickTime", ("mov", "qt")),
    FileType("video/webm", "WebM", ("webm",)),
    FileType("video/x-matroska", "Matroska", ("mkv",)),
)
AUDIO_TYPES = (
    FileType("audio/mpeg", "MP3", ("mp3", "mp2", "mpga")),
    FileType("audio/mp4", "M4A", M4A_EXTENSIONS),
    FileType("audio/aac", "AAC", ("aac",)),
    FileType("audio/ogg", "Ogg", ("ogg", "oga", "opus", "spx")),
    FileType("audio/flac", "FLAC", ("flac",)),
    FileType("audio/wav", "WAV", ("wav", "wave", "bwf", "rf64")),
    FileType("audio/aiff", "AIFF", ("aif", "aiff", "aifc")),
    FileType("audio/webm", "WebM", ("weba", "webm")),
    FileType("audio/x-matroska", "Matroska", ("mka", "mkv")),
)
_ALIASES = {"video/x-m4v": "video/mp4", "image/apng": "image/png"}

_DOORS = {
    "image": (IMAGE_TYPES, gettext_lazy("a picture (%(label)s)"), gettext_lazy("Images")),
    "video": (VIDEO_TYPES, gettext_lazy("a video (%(label)s)"), gettext_lazy("Videos")),
    "audio": (AUDIO_TYPES, gettext_lazy("a sound (%(label)s)"), gettext_lazy("Audio")),
}
"""What is taken where: types by the kind of asset, what to call one of them, and the menu under which to upload it."""

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
"""Of HEIC and HEIF (ISO/IEC 23008-12, annex B), still or sequence. AVIF may carry the general ones, too."""

_OTHERS = {
    "application/gzip": "a gzip archive",
    "application/pdf": "a PDF",
    "application/zip": "a ZIP archive",
    "audio/amr": "a sound (AMR)",
    "audio/midi": "MIDI notes",
    "image/jp2": "JPEG 2000",
    "image/jxl": "JPEG XL",
    "image/vnd.adobe.photoshop": "a Photoshop document (PSD)",
    "image/x-canon-cr2": "a raw photograph (CR2)",
    "image/x-icon": "an icon (ICO)",
}
"""What people try to upload at the wrong door, in words."""

_SIGNATURES = {
    b"\0\0\0\x0cjP": "image/jp2",
    b"\xff\x4f\xff\x51": "image/jp2",
    b"\0\0\0\x0cJXL ": "image/jxl",
    b"\xff\n": "image/jxl",
}
"""First bytes of formats that ``filetype`` doesn't know: ISO/IEC 15444-1 I.5.1; ISO/IEC 18181-2, 9.1 and 18181-1."""

_RAW_EXTENSIONS = {"arw", "cr2", "cr3", "dng", "nef", "nrw", "orf", "pef", "raf", "rw2", "sr2", "srw"}
"""Endings of raw photographs. Inside, most of them are TIFF."""

_SVG = re.compile(
    rb"(?>\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*+<(?:[A-Za-z_][\w.-]{0,30}:)?svg[\s/>]",
    re.DOTALL,
)
"""The root of a document is ``svg``, whatever comes before it (XML 1.0, 2.8). Encodings other than UTF-8 are none."""


def sniff(file: IO[bytes]) -> str | None:
    """Return the MIME type that the first bytes show, or None when they show none that is known.

    Leaves the file at its beginning. Raises ``DamagedFile`` for an empty file.
    """
    file.seek(0)
    header = file.read(HEADER_BYTES)
    file.seek(0)
    if not header:
        raise DamagedFile(_("This file is empty. Choose the file again, or export it anew."))
    mime_type = _sniff_image(header) or sniff_sound(file, header) or filetype.guess_mime(header)
    # ISO media whose brand is general: "isom" and friends may hold anything, so the decoder decides.
    if mime_type is None and header[4:8] == b"ftyp":
        mime_type = "video/mp4"
    return _ALIASES.get(mime_type, mime_type) if mime_type else None


def kind_of(file: IO[bytes], filename: str) -> str | None:
    """The kind of asset ("image", "video", "audio") that accepts this file by its bytes; None for anything else."""
    mime_type = _named(sniff(file), _extension(filename))
    return next(
        (kind for kind, (types, *_words) in _DOORS.items() if any(one.mime_type == mime_type for one in types)), None
    )


def likely_kind(file: IO[bytes], filename: str) -> str:
    """The kind under which a file is taken in, or refused with the best reason.

    That is the kind that its bytes or its name belong to: a film that nobody can read is no document. Anything else is
    a document. Raises ``UnacceptableFile`` for an empty file.
    """
    if kind := kind_of(file, filename):
        return kind
    family, extension = (sniff(file) or "").partition("/")[0], _extension(filename)
    if family in _DOORS:
        return family
    for kind, (types, *_words) in _DOORS.items():
        if any(extension in one.extensions for one in types):
            return kind
    return "document"


def _named(mime_type: str | None, extension: str) -> str | None:
    """ISO media of a general brand hold sound alone if the name says so; where their index is, nobody knows yet."""
    return "audio/mp4" if mime_type == "video/mp4" and extension in M4A_EXTENSIONS else mime_type


def _extension(filename: str) -> str:
    # Letters and digits only: uploaders show the message as HTML.
    return re.sub(r"[^a-z0-9]", "", filename.rpartition(".")[2].lower())[:10] if "." in filename else ""


def _sniff_image(header: bytes) -> str | None:
    """Recognise what ``filetype`` doesn't, or not in all its forms."""
    if header[4:8] == b"ftyp":
        end = min(int.from_bytes(header[:4], "big"), len(header))
        # Major brand, then after the minor version all that the file is compatible with (ISO/IEC 14496-12, 4.3).
        brands = {header[8:12], *(header[at : at + 4] for at in range(16, end - 3, 4))}
        if brands & {b"avif", b"avis"} and header[8:12] not in _HEIF_BRANDS - {b"mif1", b"msf1"}:
            return "image/avif"
        if header[8:12] in _HEIF_BRANDS:
            return "image/heic"
        return None
    if _SVG.match(header.removeprefix(b"\xef\xbb\xbf")):
        return "image/svg+xml"
    return next((mime_type for start, mime_type in _SIGNATURES.items() if header.startswith(start)), None)


def require_type(file: IO[bytes], filename: str, accepted: tuple[FileType, ...]) -> FileType:
    """Return which of the ``accepted`` types the file is.

    Raises ``UnknownFileType`` when it is none of them, or when its name says that it is another.
    """
    extension = _extension(filename)
    mime_type = _named(sniff(file), extension)
    found = next((one for one in accepted if one.mime_type == mime_type), None)
    if found is None:
        known = get_text_list([one.label for one in accepted], _("or"))
        if extension == "svgz" or (extension == "svg" and mime_type == "application/gzip"):
            raise UnknownFileType(
                _("This drawing is compressed (SVGZ). Unpack it, or save it as plain SVG, and upload that.")
            )
        if mime_type is None:
            raise UnknownFileType(
                _("What is in this file is not recognised. Upload one of these: %(known)s.") % {"known": known}
            )
        _refuse_at_wrong_door(mime_type, accepted)
        raise UnknownFileType(
            _("This file holds %(what)s, which is not accepted here. Upload one of these: %(known)s.")
            % {"what": _OTHERS.get(mime_type, mime_type), "known": known}
        )
    if extension in _RAW_EXTENSIONS:
        raise UnknownFileType(
            _("This is a raw photograph (%(extension)s). Develop it and upload the result, for example as JPEG.")
            % {"extension": extension.upper()}
        )
    if not extension:
        raise UnknownFileType(
            _("The name of this file has no ending. Rename it to end in “.%(right)s” and upload it again.")
            % {"right": found.extensions[0]}
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


def _refuse_at_wrong_door(mime_type: str, accepted: tuple[FileType, ...]) -> None:
    """Raise ``UnknownFileType`` with the right door when this type is accepted at another."""
    for types, what, menu in _DOORS.values():
        found = next((one for one in types if one.mime_type == mime_type), None)
        if found is None:
            continue
        message = _("This file holds %(what)s, which is not accepted here. Upload it under “%(menu)s”.")
        if mime_type == "video/mp4" and accepted is AUDIO_TYPES:
            message = _(
                "This file holds %(what)s. Upload it under “%(menu)s”; or, if it holds sound alone, rename it to end "
                "in “.m4a” and upload it again."
            )
        raise UnknownFileType(message % {"what": what % {"label": found.label}, "menu": menu})
