"""Names of files in an archive, as every system can unpack them."""

import re
import unicodedata

LONGEST = 150
"""Bytes of UTF-8; file systems allow 255, and numbers come on top."""

# What Windows refuses in names, and separators of paths.
UNWANTED = re.compile(r'[<>:"/\\|?*]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str, extension: str = "") -> str:
    """A name without folders, control characters and marks that turn text around; with ``extension`` (".webp") in
    place of its own, if that is given."""
    # Cc and Cf: control characters, and those that can't be seen, such as U+202E ("gnp.exe" looks like "exe.png").
    seen = "".join(one for one in unicodedata.normalize("NFC", name) if unicodedata.category(one)[0] != "C")
    seen = UNWANTED.sub("-", seen).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = seen, ""
    ending = extension or (f".{ending}" if ending else "")
    stem = stem.encode()[: LONGEST - len(ending.encode())].decode(errors="ignore").strip(" .") or "file"
    return f"_{stem}{ending}" if RESERVED.match(stem) else f"{stem}{ending}"


class UniqueNames:
    """Gives each name once: ``harbour.jpg``, ``harbour (2).jpg``, … Capitals and accents written otherwise don't count
    as a difference, since they don't on many systems."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        if not dot:
            stem, ending = name, ""
        unique, key = name, name.casefold()
        while unique.casefold() in self._taken:
            self._counts[key] = self._counts.get(key, 1) + 1
            unique = f"{stem} ({self._counts[key]}){dot}{ending}"
        self._taken.add(unique.casefold())
        return unique
