"""Files that visitors send: known by their bytes, kept in private, handed to those who may read the answers."""

import hashlib
import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media_library.exceptions import UnacceptableFile
from media_library.intake.sniff import AUDIO_TYPES, IMAGE_TYPES, VIDEO_TYPES, FileType, sniff
from media_library.uploads.names import clean_filename

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
DOCUMENT_TYPES = (
    FileType("application/pdf", "PDF", ("pdf",)),
    FileType("application/rtf", "RTF", ("rtf",)),
    FileType(f"{OFFICE}.wordprocessingml.document", "Word", ("docx",)),
    FileType(f"{OFFICE}.spreadsheetml.sheet", "Excel", ("xlsx",)),
    FileType(f"{OFFICE}.presentationml.presentation", "PowerPoint", ("pptx",)),
    FileType(f"{OPEN}.text", "OpenDocument", ("odt",)),
    FileType(f"{OPEN}.spreadsheet", "OpenDocument", ("ods",)),
    FileType(f"{OPEN}.presentation", "OpenDocument", ("odp",)),
)
ACCEPTED = (
    *DOCUMENT_TYPES,
    # Drawings hold scripts.
    *(one for one in IMAGE_TYPES if one.mime_type != "image/svg+xml"),
    *VIDEO_TYPES,
    *AUDIO_TYPES,
)
"""All that is taken. Text and HTML can't be told apart by their bytes; programs and archives are nobody's letter."""

EXTENSIONS = tuple(dict.fromkeys(ending for one in ACCEPTED for ending in one.extensions))
"""The endings of what is taken, for file dialogs."""


class SentFileField(forms.FileField):
    """A file of a type in ``ACCEPTED``, of at most ``settings.FORM_MAX_FILE_BYTES``.

    Cleans to an ``UploadedFile`` whose ``name`` is safe and whose ``content_type`` is what its bytes are.
    """

    widget = forms.FileInput

    def __init__(self, **options: Any):
        super().__init__(max_length=200, **options)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in EXTENSIONS)

    def clean(self, data: Any, initial: Any = None) -> Any:
        # A browser sends a file field that was left alone as a file without name and bytes.
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            _require_size(file)
            file.name = clean_filename(file.name or "")
            file.content_type = _require_type(file).mime_type
        return file


def _require_size(file: UploadedFile) -> None:
    largest = settings.FORM_MAX_FILE_BYTES
    if (file.size or 0) > largest:
        raise ValidationError(
            _("This file is too large (%(size)s). Send one of %(largest)s or less."),
            code="file_too_large",
            params={"size": filesizeformat(file.size or 0), "largest": filesizeformat(largest)},
        )


def _require_type(file: UploadedFile) -> FileType:
    try:
        mime_type = sniff(file)
    except UnacceptableFile as error:
        raise ValidationError(str(error), code=error.code) from error
    ending = PurePath(file.name or "").suffix.lower().lstrip(".")
    same = [one for one in ACCEPTED if _is_same(mime_type, one.mime_type)]
    for one in same:
        if ending in one.extensions:
            return one
    if same:
        raise ValidationError(
            _("What is in this file is %(label)s. Rename it to end in “.%(right)s” and send it again."),
            code="unknown_file_type",
            params={"label": same[0].label, "right": same[0].extensions[0]},
        )
    raise ValidationError(
        _("Files of this type are not taken. Send a PDF, an office document, a picture, a film or a sound."),
        code="unknown_file_type",
    )


def _is_same(found: str | None, accepted: str) -> bool:
    # ISO media and Matroska hold films or sounds; which, their name says.
    families = ({"video/mp4", "audio/mp4"}, {"video/webm", "audio/webm"}, {"video/x-matroska", "audio/x-matroska"})
    return found == accepted or any({found, accepted} <= family for family in families)


def stored_name(file: UploadedFile) -> str:
    """A new name in private storage, e.g. ``forms/9f86…-letter.pdf``. Nobody can guess it, and nothing is guessed."""
    name = PurePath(file.name or "file")
    mark = hashlib.sha256(uuid.uuid4().bytes).hexdigest()[:32]
    return f"forms/{mark}{name.suffix.lower()}"
