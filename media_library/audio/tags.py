"""What a sound says of itself, in types that can be relied upon.

ffmpeg gives the tags of ID3, iTunes, Vorbis comments, RIFF and AIFF the same names (libavformat/avformat.h, "Public
Metadata API").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

import av

from media_library.intake.text import clean

MAX_TEXT, MAX_COMMENT, MAX_CHAPTERS = 255, 2000, 500
"""Characters of a text and of a comment, and how many chapters."""

EARLIEST = 1857
"""The year of the oldest recording of sound, on Scott de Martinville's phonautograph."""

_DATE = re.compile(r"(\d{4})(?:[-/.: ]?(\d\d)[-/.: ]?(\d\d))?(?!\d)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_NO_LANGUAGE = {"mis", "mul", "und", "xxx", "zxx"}
"""ISO 639-2's codes for what is no language; ID3 writes XXX."""

_NO_TITLE = re.compile(
    r"((audio ?)?track|titel|piste|pista|new recording|recording|aufnahme)[ _#-]*\d*", re.IGNORECASE
)
"""What programs write where nobody gave a title."""


@dataclass(frozen=True)
class Chapter:
    """A part of a sound. Seconds."""

    start: float
    end: float
    title: str


@dataclass(frozen=True)
class SoundMetadata:
    """What a sound says of itself; None, or empty, where it says nothing.

    ``date`` is an ISO 8601 date, or a year alone; ``language`` a code of ISO 639 or BCP 47.
    """

    title: str = ""
    artist: str = ""
    composer: str = ""
    album: str = ""
    date: str = ""
    year: int | None = None
    genre: str = ""
    track_number: int | None = None
    comment: str = ""
    copyright: str = ""
    language: str = ""
    chapters: tuple[Chapter, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What is known, as ``Asset.metadata`` keeps it::

        {"title": "Low tide", "artist": "Ada", "date": "2024-05-17", "year": 2024, "track_number": 3,
         "chapters": [{"start": 0.0, "end": 12.5, "title": "Gulls"}]}
        """
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        known = {name: value for name, value in found.items() if value is not None and value not in ("", ())}
        if self.chapters:
            known["chapters"] = [asdict(one) for one in self.chapters]
        return known


def read_tags(container: av.container.InputContainer, stream: av.AudioStream) -> dict[str, str]:
    """Raw tags of a file and of its sound (Ogg has them there), names in lower case."""
    written = {**stream.metadata, **container.metadata}
    return {str(name).lower(): str(value) for name, value in written.items()}


def read_chapters(container: av.container.InputContainer) -> tuple[Chapter, ...]:
    """Chapters that the file holds, in order; those without a title are numbered by players."""
    found = (
        Chapter(
            start=round(float(one["start"] * (one["time_base"] or 0)), 3),
            end=round(float(one["end"] * (one["time_base"] or 0)), 3),
            title=clean(one["metadata"].get("title", ""), MAX_TEXT),
        )
        for one in container.chapters()[:MAX_CHAPTERS]
    )
    return tuple(sorted((one for one in found if 0 <= one.start < one.end), key=lambda one: one.start))


def sound_metadata(tags: Mapping[str, str], chapters: Sequence[Chapter] = ()) -> SoundMetadata:
    """Make sense of raw tags. Each fact is judged by itself; what makes no sense is left out."""
    day, year = _date(tags)
    title = _text(tags, "title")
    return SoundMetadata(
        title="" if _NO_TITLE.fullmatch(title) else title,
        artist=_text(tags, "artist", "album_artist", "performer", "author"),
        composer=_text(tags, "composer"),
        album=_text(tags, "album"),
        date=day,
        year=year,
        genre=_text(tags, "genre"),
        track_number=_track_number(tags),
        comment=_text(tags, "comment", "description", limit=MAX_COMMENT, lines=True),
        copyright=_text(tags, "copyright"),
        language=_language(tags),
        chapters=tuple(chapters),
    )


def _text(tags: Mapping[str, str], *names: str, limit: int = MAX_TEXT, lines: bool = False) -> str:
    """The first of these tags that says something."""
    texts = (clean(tags.get(name, ""), limit, lines=lines) for name in names)
    return next((one for one in texts if one and not _is_scrambled(one)), "")


def _is_scrambled(text: str) -> bool:
    """Whether this is another script whose bytes were written as Latin-1, which old ID3 knows alone.

    No language has more accents than plain letters; which script it was, nobody can tell.
    """
    letters = [one for one in text if not one.isspace() and not one.isdigit()]
    foreign = sum("\x80" <= one <= "\xff" for one in letters) + 2 * text.count("\ufffd")
    return foreign > len(letters) / 2


def _date(tags: Mapping[str, str]) -> tuple[str, int | None]:
    """A day and its year, or a year alone twice."""
    this_year = datetime.now(UTC).year
    for name in ("date", "year", "tyer", "originalyear"):
        found = _DATE.match(tags.get(name, "").strip())
        if found is None or not EARLIEST <= int(found[1]) <= this_year + 1:
            continue
        year = int(found[1])
        try:
            return date(year, int(found[2]), int(found[3])).isoformat(), year
        except (TypeError, ValueError):
            return str(year), year
    return "", None


def _track_number(tags: Mapping[str, str]) -> int | None:
    """``3``, or ``3/12`` for the third of twelve."""
    found = re.match(r"\s*(\d{1,4})\s*(?:/|$)", tags.get("track", ""))
    return int(found[1]) or None if found else None


def _language(tags: Mapping[str, str]) -> str:
    written = tags.get("language", "").strip()
    return written if _LANGUAGE.fullmatch(written) and written.lower() not in _NO_LANGUAGE else ""
