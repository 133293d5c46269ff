"""SubRip (.srt): no standard, but what players take (https://www.matroska.org/technical/subtitles.html#srt-subtitles)."""

import re

from media_library.video.captions import webvtt
from media_library.video.captions.cue import ARROW, Cue, belongs_to_no_cue, parse_times, write_time
from media_library.video.captions.payload import unescape

# Override codes that came with Advanced SubStation Alpha: {\an8} is "top", {\i1} begins italics.
_OVERRIDE = re.compile(r"\{\\([^{}\n]*)\}")
_PLACE = re.compile(r"\\?an?([1-9])\Z")
_TOGGLE = re.compile(r"\\?([ibu])([01])\Z")
_OTHER_TAGS = re.compile(r"<(?!/?[ibu]>)[^<>]*>")


def read_cues(lines: list[str]) -> list[Cue]:
    """Cues of a SubRip file, their text not cleaned yet. Numbers may be missing or wrong, text may hold empty lines.

    Raises ``InvalidCaptions``.
    """
    cues: list[Cue] = []
    number = 0
    texts: list[list[str]] = []
    for index, line in enumerate(lines):
        if ARROW in line:
            if texts and _ends_in_number(texts[-1], number):
                number = int(texts[-1].pop())
            elif not texts and _ends_in_number(lines[:index][-1:], 0):
                number = int(lines[index - 1])
            cues.append(parse_times(line, index + 1)[0])
            texts.append([])
        elif texts:
            texts[-1].append(line)
        elif line and not (_is_number(line) and ARROW in "".join(lines[index + 1 : index + 2])):
            raise belongs_to_no_cue(index + 1)
    for cue, text in zip(cues, texts, strict=True):
        _take(cue, "\n".join(text))
    return cues


def to_srt(text: str) -> str:
    """SubRip of a track's WebVTT: italics, bold and underlining stay, whatever else SubRip doesn't know goes."""
    cues = [cue for cue in webvtt.read_cues(text.split("\n"))[0] if cue.text]
    return "\n".join(
        f"{number}\n{write_time(cue.start, ',')} {ARROW} {write_time(cue.end, ',')}\n{_plain(cue.text)}\n"
        for number, cue in enumerate(cues, 1)
    )


def _plain(text: str) -> str:
    return unescape(_OTHER_TAGS.sub("", text)).replace(ARROW, "->")


def _is_number(line: str) -> bool:
    return line.isascii() and line.isdecimal() and len(line) <= 9


def _ends_in_number(lines: list[str], former: int) -> bool:
    """Whether the last line is the number of the next cue: it stands alone, or it is the next number."""
    if not lines or not _is_number(lines[-1]):
        return False
    return len(lines) == 1 or not lines[-2] or int(lines[-1]) == former + 1


def _take(cue: Cue, text: str) -> None:
    """Give the cue its text; override codes become tags and settings of WebVTT, or nothing."""

    def translate(match: re.Match[str]) -> str:
        if not cue.settings and (place := _PLACE.search(match[1])):
            cue.settings = _settings_of(int(place[1]))
        toggle = _TOGGLE.fullmatch(match[1])
        return f"<{'' if toggle[2] == '1' else '/'}{toggle[1]}>" if toggle else ""

    cue.text = _OVERRIDE.sub(translate, text)


def _settings_of(place: int) -> str:
    """Places are those of the keys of a number pad."""
    row, column = divmod(place - 1, 3)
    words = [("", "line:50%", "line:0")[row], ("align:left", "", "align:right")[column]]
    return " ".join(word for word in words if word)
