"""From the bytes of a file to lines of text."""

import codecs
import re

from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import FileTooLarge, InvalidCaptions

WINDOWS_1252 = "windows-1252"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-16's mark begins that of UTF-32.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# All but tab and line feed.
_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]")


def read_lines(data: bytes) -> list[str]:
    """The lines of a text file, without control characters and without space at either end.

    Raises ``FileTooLarge``, and ``InvalidCaptions`` for what is no text.
    """
    check_size(len(data))
    try:
        text = data.decode(_encoding_of(data)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _not_text(data[: error.start].count(b"\n") + 1) from error
    if "\0" in text:
        raise _not_text(text[: text.index("\0")].count("\n") + 1)
    text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
    return [line.strip(" \t") for line in text.split("\n")]


def without_controls(text: str) -> str:
    return _CONTROLS.sub("", text)


def check_size(size: int) -> None:
    """Raise ``FileTooLarge`` for captions of too many bytes."""
    if size > conf.MAX_CAPTIONS_BYTES:
        raise FileTooLarge(
            _("These captions have more than %(number)s KB. Is it the right file?")
            % {"number": conf.MAX_CAPTIONS_BYTES // 1024}
        )


def is_guessed(data: bytes) -> bool:
    """Whether the file is in none of Unicode's encodings, so that it was read as Windows-1252, which it may not be."""
    return _encoding_of(data) == WINDOWS_1252


def _encoding_of(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    # Times are ASCII: in UTF-16 every other byte of them is 0.
    if b"\0" in data:
        return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError:
        return WINDOWS_1252
    return "utf-8"


def _not_text(line: int) -> InvalidCaptions:
    return InvalidCaptions(
        _("This is no text that can be read. Save the captions as WebVTT or SRT in UTF-8, and upload that file."), line
    )
