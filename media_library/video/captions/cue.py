"""One cue, and its times."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from media_library.exceptions import InvalidCaptions

ARROW = "-->"

_TIME = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?")


@dataclass
class Cue:
    """Text between two moments in milliseconds. ``line`` is that of its times, the text begins in the next one."""

    start: int
    end: int
    line: int
    text: str = ""
    settings: str = ""
    identifier: str = ""
    notes: list[str] = field(default_factory=list)
    """The comments above it."""


def parse_time(text: str) -> int | None:
    """Milliseconds of ``1:02:03.500``, ``02:03.500`` or, as SubRip writes it, ``00:02:03,500``; None for others.

    WebVTT wants three digits and a full stop; hand-written files have what they have.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def write_time(milliseconds: int, mark: str = ".") -> str:
    """``00:02:03.500``."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{rest:03}"


def parse_times(text: str, line: int) -> tuple[Cue, str]:
    """A cue from its line of times, and what stands behind these. Raises ``InvalidCaptions``."""
    before, _arrow, after = text.partition(ARROW)
    first, _space, rest = after.strip().partition(" ")
    # Tabs are space, too.
    first, _space, more = first.partition("\t")
    start, end = parse_time(before.strip()), parse_time(first)
    if start is None or end is None:
        raise InvalidCaptions(_("These times can't be read. Write them as in 00:01:05.000 --> 00:01:08.500."), line)
    if end <= start:
        raise InvalidCaptions(
            _("The end of this cue does not come after its beginning. Give it a later end, or an earlier beginning."),
            line,
        )
    return Cue(start, end, line), f"{more} {rest}".strip()


def belongs_to_no_cue(line: int) -> InvalidCaptions:
    return InvalidCaptions(
        _(
            "This text belongs to no cue. Write its times above it, as in 00:01:05.000 --> 00:01:08.500, or remove "
            "the empty line before it."
        ),
        line,
    )
