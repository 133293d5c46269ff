"""The blocks of a WebVTT file ("WebVTT file structure", "WebVTT file parsing")."""

import re

from django.utils.translation import gettext as _

from media_library.exceptions import InvalidCaptions
from media_library.video.captions.cue import ARROW, Cue, belongs_to_no_cue, parse_times
from media_library.video.captions.settings import REGION_SETTINGS, read_settings, write_settings

Regions = dict[str, str]
"""Blocks by their id."""

_NOTE = re.compile(r"NOTE(?:[ \t].*)?")


def read_cues(lines: list[str]) -> tuple[list[Cue], Regions, list[str]]:
    """Cues of a WebVTT file, their text not cleaned yet; its regions; and the comments after the last cue."""
    cues: list[Cue] = []
    regions: Regions = {}
    notes: list[str] = []
    names: set[str] = set()
    for number, block in _blocks(lines):
        head = 0 if ARROW in block[0] else 1
        if head < len(block) and ARROW in block[head]:
            cue, settings = parse_times(block[head], number + head)
            cue.settings = settings
            cue.text = "\n".join(block[head + 1 :])
            # A name that is given twice names nothing.
            cue.identifier = block[0] if head and block[0] not in names else ""
            names.add(cue.identifier)
            cue.notes, notes = notes, []
            cues.append(cue)
        elif _NOTE.fullmatch(block[0]):
            notes.append("\n".join(block))
        elif block[0] == "REGION":
            region = read_settings(" ".join(block[1:]), number, REGION_SETTINGS)
            if region.get("id", "") in ("", *regions):
                raise InvalidCaptions(_("Give this region an id of its own, as in id:left."), number)
            regions[region["id"]] = write_settings(region, "\n")
        elif block[0] != "STYLE":
            raise belongs_to_no_cue(number)
    return cues, regions, notes


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """What empty lines part, with the number of its first line; the header, which comes first, is left out."""
    blocks: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(lines, 1):
        if not line:
            is_open = False
            continue
        # A second line of times begins a block of its own, as if there were an empty line before it.
        begins = ARROW in line and is_open and (not _may_be_named(blocks[-1][1]) or len(blocks) == 1)
        if not is_open or begins:
            blocks.append((number, []))
            is_open = True
        blocks[-1][1].append(line)
    return blocks[1:]


def _may_be_named(block: list[str]) -> bool:
    return len(block) == 1 and ARROW not in block[0]
