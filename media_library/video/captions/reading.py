"""A file of captions, as a whole ("WebVTT file structure", "WebVTT file parsing")."""

import re

from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import FileTooLarge, InvalidCaptions
from media_library.models import Track
from media_library.video.captions import subrip, webvtt
from media_library.video.captions.cue import ARROW, Cue, write_time
from media_library.video.captions.decoding import check_size, read_lines
from media_library.video.captions.payload import clean
from media_library.video.captions.settings import read_settings, write_settings
from media_library.video.captions.webvtt import Regions

_SIGNATURE = re.compile(r"WEBVTT(?:[ \t].*)?", re.IGNORECASE)


def read_captions(data: bytes, kind: str) -> str:
    """WebVTT of a SubRip or WebVTT file, checked and put in order: read again, it stays the same.

    ``kind`` is one of ``Track.Kind``. Cues are sorted by their beginning, with their comments; their names and places
    stay. Styles go, since style sheets can fetch addresses; so do tags that WebVTT doesn't know. Chapters are plain
    text. A file may hold no cue at all.

    Raises ``InvalidCaptions`` with the line, and ``FileTooLarge``.
    """
    lines = read_lines(data)
    first = next((line for line in lines if line), "")
    if sum(ARROW in line for line in lines) > conf.MAX_CAPTION_CUES:
        raise FileTooLarge(_("There are more than %(number)s cues.") % {"number": conf.MAX_CAPTION_CUES})
    regions: Regions = {}
    last_notes: list[str] = []
    if _SIGNATURE.fullmatch(first):
        cues, regions, last_notes = webvtt.read_cues(lines)
    elif any(ARROW in line for line in lines):
        cues = subrip.read_cues(lines)
    else:
        raise InvalidCaptions(_("There are no captions in this file. Upload WebVTT (.vtt) or SubRip (.srt)."), 1)
    for cue in cues:
        _finish(cue, kind, regions)
    cues.sort(key=lambda cue: (cue.start, cue.line))
    if kind == Track.Kind.CHAPTERS:
        _check_chapters(cues)
    text = _write(cues, {} if kind == Track.Kind.CHAPTERS else regions, last_notes)
    check_size(len(text.encode()))
    return text


def _finish(cue: Cue, kind: str, regions: Regions) -> None:
    """Check and clean what a cue holds."""
    is_chapter = kind == Track.Kind.CHAPTERS
    settings = read_settings(cue.settings, cue.line)
    if "region" in settings and settings["region"] not in regions:
        raise InvalidCaptions(
            _("There is no region “%(name)s” in this file. Add it above the cues, or remove “region” here.")
            % {"name": settings["region"]},
            cue.line,
        )
    cue.settings = "" if is_chapter else write_settings(settings)
    cue.text = clean(cue, plain=is_chapter)


def _check_chapters(cues: list[Cue]) -> None:
    former = None
    for cue in cues:
        if not cue.text:
            raise InvalidCaptions(_("This chapter has no title. Write one below its times."), cue.line)
        if former and cue.start < former.end:
            raise InvalidCaptions(
                _(
                    "This chapter begins before the one of line %(line)s has ended. Chapters may not overlap: let "
                    "that one end earlier, or this one begin later."
                )
                % {"line": former.line},
                cue.line,
            )
        former = cue


def _write(cues: list[Cue], regions: Regions, last_notes: list[str]) -> str:
    blocks = ["WEBVTT", *(f"REGION\n{region}" for region in regions.values())]
    for cue in cues:
        times = f"{write_time(cue.start)} {ARROW} {write_time(cue.end)} {cue.settings}".rstrip()
        blocks += [*cue.notes, "\n".join(part for part in (cue.identifier, times, cue.text) if part)]
    return "\n\n".join([*blocks, *last_notes]) + "\n"
