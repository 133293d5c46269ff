"""Pictures with words in them that are known: signs on photographs, and screenshots."""

from dataclasses import dataclass
from io import BytesIO
from random import Random

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

_SAYINGS = (
    "harbour office closed monday museum entrance bakery station platform fresh bread danger high voltage private "
    "parking bicycle ticket library garden theatre winter festival lighthouse ferry departure island hotel coffee "
    "market street bridge tower castle school please ring bell open daily welcome exit fish smoked captain"
)
WORDS = _SAYINGS.split()

PAINT = (
    ((20, 20, 20), (245, 245, 240)),
    ((255, 255, 255), (0, 60, 140)),
    ((255, 230, 0), (20, 20, 20)),
    ((255, 255, 255), (160, 20, 20)),
    ((60, 40, 20), (200, 180, 140)),
)
"""Letters and board."""

FONTS = ("", "DejaVuSans-Bold.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSansCondensed-Bold.ttf", "DejaVuSansMono.ttf")
"""Pillow's own, and others where the machine has them."""


@dataclass(frozen=True)
class Sign:
    """How a board is written and hung. Letters in pixels, degrees against the clock, noise in levels of 255."""

    lines: tuple[str, ...]
    letters: int = 64
    degrees: float = 0
    noise: float = 0
    blur: float = 0
    paint: int = 0
    font: str = ""
    place: tuple[float, float] = (0.4, 0.4)

    def on(self, background: Image.Image) -> Image.Image:
        """The photograph with this board on it."""
        board = self.board()
        board.thumbnail((background.width - 20, background.height - 20))
        free = (background.width - board.width, background.height - board.height)
        scene = background.convert("RGB")
        scene.paste(board, tuple(round(share * room) for share, room in zip(self.place, free, strict=True)), board)
        if self.blur:
            scene = scene.filter(ImageFilter.GaussianBlur(self.blur))
        if self.noise:
            grain = np.random.default_rng(1).normal(0, self.noise, (*scene.size[::-1], 3))
            scene = Image.fromarray((np.asarray(scene) + grain).clip(0, 255).astype(np.uint8))
        return scene

    def board(self) -> Image.Image:
        letters, colour = PAINT[self.paint]
        text, font, edge = "\n".join(self.lines), font_of(self.letters, self.font), self.letters // 2 + 4
        box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font=font)
        board = Image.new("RGBA", (round(box[2]) + 2 * edge, round(box[3]) + 2 * edge), (*colour, 255))
        ImageDraw.Draw(board).multiline_text((edge, edge), text, font=font, fill=letters)
        return board.rotate(self.degrees, Image.Resampling.BICUBIC, expand=True)


def font_of(size: int, name: str = "") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return ImageFont.load_default(size)


def screenshot(words: list[str], *, letters: int = 18, width: int = 1280, height: int = 800) -> Image.Image:
    """Words in lines on white, as many as there is room for."""
    page = Image.new("RGB", (width, height), "white")
    pen, font, place = ImageDraw.Draw(page), font_of(letters), 20
    rest = list(words)
    while rest and place < height - 2 * letters:
        line = rest.pop(0)
        while rest and pen.textlength(f"{line} {rest[0]}", font=font) < width - 60:
            line += f" {rest.pop(0)}"
        pen.text((30, place), line, font=font, fill=(20, 20, 20))
        place += round(letters * 1.7)
    return page


def as_file(image: Image.Image, name: str = "sign.jpg") -> ContentFile:
    output = BytesIO()
    image.save(output, "JPEG", quality=90)
    return ContentFile(output.getvalue(), name=name)


def some_sign(random: Random, **how: float) -> Sign:
    """Two to five words in one or two lines, in any paint and font, anywhere."""
    style = random.choice((str.upper, str.title, str.lower))
    words = [style(random.choice(WORDS)) for _ in range(random.randint(2, 5))]
    lines = tuple(" ".join(words[at : at + 3]) for at in range(0, len(words), 3))
    defaults = {"letters": random.randint(36, 110), "paint": random.randrange(len(PAINT))}
    place = (random.random(), random.random())
    return Sign(lines, font=random.choice(FONTS), place=place, **(defaults | how))  # type: ignore[arg-type]


def scene(photograph: Image.Image, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    return ImageOps.fit(ImageOps.exif_transpose(photograph).convert("RGB"), size)
