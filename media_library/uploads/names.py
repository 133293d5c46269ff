"""Names of files as strangers give them."""

import re
import unicodedata

LONGEST = 255

_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of what no name needs: controls, surrogates, private use, unassigned, breaks."""

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of writing, so that ``gpj.exe`` is read as ``exe.jpg``. Right-to-left letters stay,
and so does the joiner of emoji (U+200D)."""


def storable(text: str) -> str:
    """The same without what no database takes: NUL, and halves of characters, which JSON may hold."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def clean_filename(name: str) -> str:
    """Return the last part of a path as a name that says what it shows, at most 255 characters with its ending.

    ``"../../etc/pass\\u202ewd.jpg"`` is ``"passwd.jpg"``; a name of which nothing is left is ``"file"``.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(one for one in _DIRECTION.sub("", last) if unicodedata.category(one) not in _INVISIBLE)
    shown = unicodedata.normalize("NFC", shown).strip()
    if not shown.strip(". "):
        return "file"
    stem, dot, extension = shown.rpartition(".")
    if stem and dot and len(extension) <= 16:
        return f"{stem[: LONGEST - len(extension) - 1]}.{extension}"
    return shown[:LONGEST]
