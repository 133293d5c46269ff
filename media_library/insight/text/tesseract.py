"""The only caller of Tesseract: which languages it knows, and what it reads.

Manual, and the format of what it answers: https://github.com/tesseract-ocr/tesseract/blob/5.3.0/doc/tesseract.1.asc.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from wagtail.coreutils import get_content_languages

from media_library.conf import conf
from media_library.exceptions import ProcessingError
from media_library.imaging.looking import Pixels, as_pgm
from media_library.insight.text.languages import BY_CODE
from media_library.programs import run_program

NAME = "tesseract"

LARGEST_ANSWER = 8 * 1024**2
"""Bytes of words with their places: a page of 10,000 words has less than one million."""

FULL_PAGE, SCATTERED = 3, 11
"""Of its ways to look for text (``--psm``): in columns and lines, or anywhere."""

COLUMNS = 12
WORD = "5"


@dataclass(frozen=True)
class Word:
    """``confidence`` from 0 to 1; ``line`` and ``passage`` say which words stand together.

    ``box`` is left, top, right and bottom in pixels.
    """

    text: str
    confidence: float
    passage: tuple[str, ...]
    line: tuple[str, ...]
    box: tuple[int, int, int, int]


def problem() -> str:
    """Why no text is read, as a sentence for an operator; "" when it is."""
    try:
        return "" if languages() else _no_language()
    except ProcessingError as error:
        return str(error)


def languages() -> list[str]:
    """Tesseract's names of the languages that it is to read, of those that are installed.

    Those of ``INSIGHT_TEXT_LANGUAGES``, else those of the site. Raises ``ProcessingError`` when it isn't installed, or
    doesn't run.
    """
    there = installed(*_program())
    return [name for name in wanted() if name in there]


def is_installed() -> bool:
    return shutil.which(NAME) is not None


def wanted() -> list[str]:
    """Those that it should read, whether they are installed or not."""
    if conf.INSIGHT_TEXT_LANGUAGES:
        return list(conf.INSIGHT_TEXT_LANGUAGES)
    codes = (BY_CODE.get(code) or BY_CODE.get(code.partition("-")[0]) for code in get_content_languages())
    return list(dict.fromkeys(filter(None, codes)))


def read(pixels: Pixels, way: int = FULL_PAGE) -> list[Word]:
    """What it reads in a grey picture, from top to bottom.

    One thread, ``INSIGHT_TEXT_SECONDS`` and ``INSIGHT_TEXT_MAX_BYTES`` at most. Raises what ``run_program`` raises.
    """
    program, _changed = _program()
    command = [program, "stdin", "stdout", "-l", "+".join(languages()), "--psm", str(way), "tsv"]
    return list(parse(_run(command, as_pgm(pixels))))


@cache
def installed(program: str, changed_at: int) -> frozenset[str]:
    """The languages that it has, by its own names. Asked once for each installation of it."""
    listed = _run([program, "--list-langs"]).decode(errors="replace").splitlines()
    # The first line says where they are.
    return frozenset(line.strip() for line in listed[1:])


def parse(answer: bytes) -> Iterator[Word]:
    """The words of a table of tabs: level, page, block, paragraph, line, word, left, top, width, height, confidence
    in per cent, text. What is no such row is left out.
    """
    for row in answer.decode(errors="replace").splitlines():
        columns = row.split("\t", COLUMNS - 1)
        if len(columns) < COLUMNS or columns[0] != WORD:
            continue
        text = "".join(one for one in columns[-1] if one.isprintable()).strip()
        try:
            left, top, width, height = map(int, columns[6:10])
            confidence = float(columns[10]) / 100
        except ValueError:
            continue
        if text:
            box = (left, top, left + width, top + height)
            yield Word(text, confidence, tuple(columns[2:4]), tuple(columns[2:5]), box)


def _program() -> tuple[str, int]:
    """Where it is, and since when."""
    program = shutil.which(NAME)
    if program is None:
        raise ProcessingError(
            _("Words in pictures are not read: Tesseract is not installed. On Debian: apt-get install tesseract-ocr.")
        )
    return program, Path(program).stat().st_mtime_ns


def _no_language() -> str:
    return _("Words in pictures are not read: Tesseract has none of these languages: %(names)s. Install them.") % {
        "names": ", ".join(wanted()) or _("none known to it")
    }


def _run(command: list[str], data: bytes = b"") -> bytes:
    return run_program(
        command,
        data,
        seconds=conf.INSIGHT_TEXT_SECONDS,
        most_memory=conf.INSIGHT_TEXT_MAX_BYTES,
        most_output=LARGEST_ANSWER,
        environment={"OMP_THREAD_LIMIT": "1"},
    )
