"""Text from strangers' files: decoded as best it can be, without what can't be stored or shown."""

import codecs
import re
import unicodedata
from collections.abc import Iterable

_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that turn the direction of what follows, also of the page around them (Unicode Annex 9)."""

_NOTHING = {
    "(null)",
    "-",
    "default",
    "n/a",
    "none",
    "null",
    "undefined",
    "unknown",
    "unknown artist",
    "untitled",
}
"""What programs and cameras write where there is nothing to say."""

_NAME_OF_A_FILE = re.compile(r"_?[A-Z]{1,4}[-_]?\d{4,}([-_]\w+)?(\.[A-Za-z]{3,4})?")
"""``IMG_2041``, ``DSC01234.JPG``, ``PXL_20210904_1234``."""

_NAME_OF_A_CAMERA = re.compile(r"(dsc|csc|exif[-_]jpeg([-_]picture)?|jpeg|(digital |still |action )*cam(era)?)", re.I)


def decode(value: bytes) -> str:
    """Decode text whose encoding nobody tells: UTF-8, which may end within a character, or else Windows' Latin-1."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(value)
    except UnicodeDecodeError:
        try:
            return value.decode("cp1252")
        except UnicodeDecodeError:
            return value.decode("latin-1")


def decode_xp(value: bytes) -> str:
    """Decode what Windows Explorer writes into EXIF (XPTitle and its kin): UTF-16 with a NUL at the end."""
    return value[: len(value) // 2 * 2].decode("utf-16-le", "ignore")


def _unscramble(text: str) -> str:
    """Undo UTF-8 that was read as Windows' Latin-1 and written again: ``MÃ¼nchen``. Other text stays what it is."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return text


def clean(value: bytes | str, limit: int, *, lines: bool = False) -> str:
    """Make text fit to store, search and show: at most ``limit`` characters, on one line unless ``lines`` are wanted.

    What follows a NUL is left out, since cameras fill fields of a fixed length with what they find. Empty when it is
    one of the words that stand for nothing.
    """
    text = _unscramble(decode(value) if isinstance(value, bytes) else value)
    text = text.lstrip("\x00\ufeff").partition("\x00")[0]
    text = unicodedata.normalize("NFC", re.sub(r"\r\n?|\u2028|\u2029", "\n", text)).translate(_DIRECTIONS)
    text = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cn"))
    if lines:
        text = re.sub(r"[^\S\n]+", " ", text)
        text = re.sub(r" ?\n ?", "\n", text)
        text = re.sub(r"\n{3,}", "\n\n", text)
    else:
        text = " ".join(text.split())
    text = text.strip()[:limit].rstrip()
    return "" if text.casefold() in _NOTHING else text


def written_by_a_person(text: str, camera: str) -> str:
    """Return the text, or nothing when a camera has put its own name or that of the file there.

    ``camera`` is its make and model. "OLYMPUS DIGITAL CAMERA" and "SONY DSC" are in millions of photographs.
    """
    rest = text.casefold()
    for word in camera.casefold().split():
        rest = rest.replace(word, "")
    rest = re.sub(r"\b(konica|minolta|kodak|sony|olympus|samsung|nikon|canon|casio|fujifilm)\b", "", rest).strip()
    by_camera = not rest or _NAME_OF_A_CAMERA.fullmatch(rest) or _NAME_OF_A_FILE.fullmatch(text)
    return "" if by_camera else text


def split_keywords(values: Iterable[str], limit: int, most: int) -> list[str]:
    """Separate keywords that stand in one value, drop doubles whatever their case, and keep their order.

    ``values`` are cleaned. Semicolons always separate; commas do where there is but one value.
    """
    values = list(values)
    separator = "[;,]" if len(values) == 1 else ";"
    found: dict[str, str] = {}
    for value in values:
        for word in re.split(separator, value):
            word = word.strip(" \t\n\"'")
            if word and len(word) <= limit:
                found.setdefault(word.casefold(), word)
    return list(found.values())[:most]
