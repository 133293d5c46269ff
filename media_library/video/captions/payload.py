"""The text of a cue ("WebVTT caption or subtitle text", "WebVTT chapter title text")."""

import html
import re

from media_library.video.captions.cue import Cue, parse_time, write_time
from media_library.video.captions.decoding import without_controls

TAGS = {"c", "i", "b", "u", "ruby", "rt", "v", "lang"}

# What other formats borrow from HTML. What isn't listed is text, as in <sighs>.
_OF_HTML = {"em": "i", "strong": "b"} | dict.fromkeys(("font", "span", "p", "div", "s", "strike", "center"))

# "Default text colors": the classes that players know by themselves.
_COLOURS = {
    "#ffffff": "white",
    "#00ff00": "lime",
    "#00ffff": "cyan",
    "#ff0000": "red",
    "#ffff00": "yellow",
    "#ff00ff": "magenta",
    "#0000ff": "blue",
    "#000000": "black",
}

MAX_DEPTH = 16
"""Tags inside each other; deeper ones are left out."""

_TAG = re.compile(r"<([^<>]*)>")
_NAME = re.compile(r"(/?)([A-Za-z]+)((?:\.[^\s.]*)*)(?:\s+(.*))?", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_FONT_COLOUR = re.compile(r"\bcolor\s*=\s*[\"']?(#?\w+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;", "\u200e": "&lrm;", "\u200f": "&rlm;"}
_TO_ESCAPE = re.compile(f"[{''.join(_ESCAPES)}]")


def clean(cue: Cue, *, plain: bool = False) -> str:
    """The cue's text with tags of WebVTT only, each closed; with ``plain`` (chapters), one line without any."""
    writer = _Writer(cue, plain)
    at = 0
    for match in _TAG.finditer(cue.text):
        writer.text(cue.text[at : match.start()])
        writer.tag(match[1])
        at = match.end()
    writer.text(cue.text[at:])
    writer.close(0)
    lines = (line.strip(" \t") for line in "".join(writer.written).split("\n"))
    return (" " if plain else "\n").join(line for line in lines if line)


def unescape(text: str) -> str:
    """References become the characters they stand for."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    return without_controls(re.sub(r"[\t\n\r]", " ", html.unescape(reference[0])))


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match[0]], text)


def _colour(value: str) -> str | None:
    if value in _COLOURS.values():
        return value
    return _COLOURS.get("#" + value.removeprefix("#"))


class _Writer:
    def __init__(self, cue: Cue, plain: bool):
        self.cue = cue
        self.plain = plain
        self.written: list[str] = []
        self.now = cue.start
        # Names as they were opened and as they are written, if they are.
        self.open: list[tuple[str, str | None]] = []

    def text(self, text: str) -> None:
        self.written.append(_escape(unescape(text)))

    def tag(self, body: str) -> None:
        if (moment := parse_time(body)) is not None:
            self._time(moment)
            return
        match = _NAME.fullmatch(body.strip().removesuffix("/"))
        name = match[2].lower() if match else ""
        if match is None or name not in {*TAGS, *_OF_HTML, "br"}:
            self.text(f"<{body}>")
        elif name == "br":
            self.written.append("\n")
        elif not match[1]:
            self._start(name, match[3], match[4] or "")
        else:
            opened = [one for one, _written in self.open]
            if name in opened:
                self.close(len(opened) - 1 - opened[::-1].index(name))

    def close(self, depth: int) -> None:
        while len(self.open) > depth:
            written = self.open.pop()[1]
            if written:
                self.written.append(f"</{written}>")

    def _time(self, moment: int) -> None:
        # Automatic captions have some at the very end of the cue, where they do nothing.
        if self.now < moment < self.cue.end and not self.plain:
            self.now = moment
            self.written.append(f"<{write_time(moment)}>")

    def _start(self, name: str, classes: str, annotation: str) -> None:
        if len(self.open) >= MAX_DEPTH:
            return
        written, start = self._translated(name, classes, annotation)
        if self.plain or (written == "rt" and not (self.open and self.open[-1][1] == "ruby")):
            written = None
        self.open.append((name, written))
        if written:
            self.written.append(f"<{start}>")

    @staticmethod
    def _translated(name: str, classes: str, annotation: str) -> tuple[str | None, str]:
        """The tag's name in WebVTT, if it has one, and what stands between its brackets."""
        if name in _OF_HTML:
            colour = _FONT_COLOUR.search(annotation) if name == "font" else None
            if colour and (known := _colour(colour[1].lower())):
                return "c", f"c.{known}"
            return _OF_HTML[name], str(_OF_HTML[name])
        # An arrow must not come about: <c.a-->.
        kept = [one for one in (re.sub(r"[^\w-]", "", part).strip("-") for part in classes.split(".")) if one]
        start = ".".join([name, *kept])
        if name not in ("v", "lang"):
            return name, start
        said = _escape(" ".join(unescape(annotation).split()).rstrip(" -"))
        if not said or (name == "lang" and not _LANGUAGE.fullmatch(said)):
            return None, ""
        return name, f"{start} {said}"
