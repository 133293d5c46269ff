"""Where a cue stands: its settings, and regions ("WebVTT cue settings", "WebVTT region settings")."""

import re

from django.utils.translation import gettext as _

from media_library.exceptions import InvalidCaptions
from media_library.video.captions.cue import ARROW

_PERCENT = r"(?:100(?:\.0{1,6})?|[0-9]{1,2}(?:\.[0-9]{1,6})?)%"

CUE_SETTINGS = {
    "vertical": r"rl|lr",
    "line": rf"(?:-?[0-9]{{1,4}}|{_PERCENT})(?:,(?:start|center|end))?",
    "position": rf"{_PERCENT}(?:,(?:line-left|center|line-right))?",
    "size": _PERCENT,
    "align": r"start|center|end|left|right",
    "region": r"\S+",
}

REGION_SETTINGS = {
    "id": r"\S+",
    "width": _PERCENT,
    "lines": r"[0-9]{1,4}",
    "regionanchor": rf"{_PERCENT},{_PERCENT}",
    "viewportanchor": rf"{_PERCENT},{_PERCENT}",
    "scroll": r"up",
}

# Of earlier drafts; many programs and services still write them.
_FORMER = (
    (re.compile(r"(align:|line:.*,|position:.*,)middle"), r"\1center"),
    (re.compile(r"(position:.*,)start"), r"\1line-left"),
    (re.compile(r"(position:.*,)end"), r"\1line-right"),
)


def read_settings(text: str, line: int, allowed: dict[str, str] = CUE_SETTINGS) -> dict[str, str]:
    """Settings by their names, in their order. Raises ``InvalidCaptions``."""
    found: dict[str, str] = {}
    for word in text.split():
        name, colon, value = _as_of_today(word).partition(":")
        if not colon or name not in allowed:
            raise InvalidCaptions(
                _("“%(word)s” is no setting here. Remove it, or use one of these: %(names)s.")
                % {"word": word, "names": ", ".join(allowed)},
                line,
            )
        if name in found:
            raise InvalidCaptions(_("“%(name)s” is set twice. Remove one of them.") % {"name": name}, line)
        if not re.fullmatch(allowed[name], value) or ARROW in value:
            raise InvalidCaptions(
                _("“%(word)s” can't be understood. Look up how “%(name)s” is written in WebVTT, or remove it.")
                % {"word": word, "name": name},
                line,
            )
        found[name] = value
    return found


def _as_of_today(word: str) -> str:
    for former, today in _FORMER:
        if match := former.fullmatch(word):
            return match.expand(today)
    return word


def write_settings(settings: dict[str, str], separator: str = " ") -> str:
    return separator.join(f"{name}:{value}" for name, value in settings.items())
