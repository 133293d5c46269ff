"""The picture that networks show beside a link: a photograph, and a title in front of it."""

import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from PIL import Image, ImageDraw, ImageFont, ImageOps

from media_library.imaging.lettering import font_of, missing_characters
from media_library.imaging.source import decode, open_image

WIDTH, HEIGHT = 1200, 630
"""Pixels: 1.91 to 1, as Open Graph consumers and X show it (https://developers.facebook.com/docs/sharing/webmasters/images)."""

QUALITY = 88
MARGIN = 72
SIZES = range(76, 39, -4)
"""Sizes of the title in pixels, largest first: the first at which it fits is taken."""
MOST_LINES = 4
SITE_SIZE = 30
LEADING = 1.16
"""Distance of lines, in sizes of the font."""
GAP = 14
"""Pixels between title and site."""

GROUND, ACCENT, INK, QUIET = (24, 28, 36), (233, 176, 88), (255, 255, 255), (214, 219, 226)
SHADE = 0.7
"""How much of the ground lies on a photograph below the title, 0 to 1: white is legible on snow, too (6 to 1; WCAG 2.2
asks for 4.5)."""


def compose(picture: IO[bytes] | None, title: str, site_name: str = "") -> bytes:
    """Draw a card of 1200 by 630 pixels, as JPEG.

    ``picture`` is scaled until it covers the card, and cut around its middle; the ground is plain without one. A
    title that is too long is drawn smaller, then cut at four lines with an ellipsis; words too long for a line are
    broken. What the font has no shapes for is not drawn at all (`drawable`). Raises ``DamagedFile``.
    """
    site_name, title = _shorten(font_of(SITE_SIZE), drawable(site_name)), drawable(title)
    size, lines = _fit(title)
    bottom = HEIGHT - MARGIN - (_height([site_name], SITE_SIZE) + GAP if site_name else 0)
    top = bottom - _height(lines, size)
    image = _cover(picture, top) if picture is not None else _plain()
    pen = ImageDraw.Draw(image)
    _write(pen, lines, size, top, INK)
    _write(pen, [site_name], SITE_SIZE, bottom + GAP, QUIET)
    if lines:
        left = WIDTH - MARGIN - 96 if _is_rtl(title) else MARGIN
        pen.rectangle((left, top - 30, left + 96, top - 23), fill=ACCENT)
    output = BytesIO()
    image.save(output, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return output.getvalue()


def drawable(text: str) -> str:
    """The text as one line if the font has shapes for all of it, otherwise "": a row of boxes helps nobody.

    Emoji and other signs that stand beside words are left out first.
    """
    text = "".join(one for one in text if one.isspace() or unicodedata.category(one) not in ("So", "Cf", "Cs", "Co"))
    text = " ".join(text.split())
    return "" if missing_characters(text) else text


def _cover(picture: IO[bytes], shaded_from: int) -> Image.Image:
    """The photograph over all of the card, darker towards ``shaded_from``, a line of pixels, and dark below it."""
    with open_image(picture) as opened:
        pixels = decode(opened)
    if pixels.mode == "RGBA":
        ground = Image.new("RGB", pixels.size, GROUND)
        ground.paste(pixels, mask=pixels.getchannel("A"))
        pixels = ground
    image = ImageOps.fit(pixels.convert("RGB"), (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    dark = round(255 * SHADE)
    shade = Image.new("L", (WIDTH, HEIGHT), dark)
    ramp = Image.linear_gradient("L").resize((WIDTH, max(1, shaded_from)))
    shade.paste(ramp.point(lambda value: value * dark // 255), (0, 0))
    image.paste(GROUND, (0, 0, WIDTH, HEIGHT), mask=shade)
    return image


def _plain() -> Image.Image:
    light = Image.linear_gradient("L").rotate(180).resize((WIDTH, HEIGHT)).point(lambda value: value // 6)
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    image.paste(QUIET, (0, 0, WIDTH, HEIGHT), mask=light)
    return image


def _fit(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines; at the smallest, cut if need be."""
    lines: list[str] = []
    for size in SIZES:
        font = font_of(size)
        lines = list(_wrap(font, title))
        whole = all(font.getlength(word) <= _room() for word in title.split())
        if len(lines) <= (MOST_LINES if size < SIZES[0] else MOST_LINES - 1) and (whole or size == SIZES[-1]):
            return size, lines
    last = f"{lines[MOST_LINES - 1]} {lines[MOST_LINES]}"
    return SIZES[-1], [*lines[: MOST_LINES - 1], _shorten(font_of(SIZES[-1]), last)]


def _wrap(font: ImageFont.FreeTypeFont, text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if font.getlength(longer) <= _room():
            line = longer
            continue
        if line:
            yield line
        while font.getlength(word) > _room():
            end = next(end for end in range(len(word) - 1, 0, -1) if font.getlength(word[:end]) <= _room())
            yield word[:end]
            word = word[end:]
        line = word
    if line:
        yield line


def _shorten(font: ImageFont.FreeTypeFont, text: str) -> str:
    """As much of a text as fits into a line, with an ellipsis where something is left out."""
    if font.getlength(text) <= _room():
        return text
    while text and font.getlength(f"{text}…") > _room():
        text = text[:-1].rstrip()
    return f"{text}…"


def _height(lines: list[str], size: int) -> int:
    return round(size * LEADING) * len(lines)


def _write(pen: ImageDraw.ImageDraw, lines: list[str], size: int, top: int, ink: tuple[int, int, int]) -> None:
    for number, line in enumerate(lines):
        is_rtl = _is_rtl(line)
        place = (WIDTH - MARGIN if is_rtl else MARGIN, top + _height(lines[:number], size))
        pen.text(place, line, font=font_of(size), fill=ink, anchor="ra" if is_rtl else "la")


def _room() -> int:
    return WIDTH - 2 * MARGIN


def _is_rtl(text: str) -> bool:
    """Whether the first letter with a direction goes from right to left (UAX 9, rule P2)."""
    directions = (unicodedata.bidirectional(one) for one in text)
    return next((one for one in directions if one in ("L", "R", "AL")), "L") != "L"
