"""Pictures beside one another, each with lines of text below, for those who look at what a proof has found."""

import os
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

GAP, LINE = 8, 15


class ContactSheet:
    """Rows of pictures of one height. Kept only where ``CONTACT_SHEETS`` names a folder, such as docs/images."""

    def __init__(self, columns: int, cell: tuple[int, int], lines: int = 1):
        self.columns, self.cell, self.lines = columns, cell, lines
        self.cells: list[tuple[Image.Image, list[str]]] = []

    def add(self, picture: Image.Image, *texts: str) -> None:
        small = picture.convert("RGB")
        small.thumbnail(self.cell)
        self.cells.append((small, list(texts)))

    def keep(self, name: str) -> None:
        """Write it as a WebP of this name."""
        if folder := os.environ.get("CONTACT_SHEETS"):
            self.draw().save(Path(folder) / f"{name}.webp", quality=60, method=6)

    def draw(self) -> Image.Image:
        width, height = self.cell[0] + GAP, self.cell[1] + GAP + LINE * self.lines
        rows = -(-len(self.cells) // self.columns)
        sheet = Image.new("RGB", (width * self.columns, height * rows), "white")
        pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
        for number, (picture, texts) in enumerate(self.cells):
            x, y = number % self.columns * width, number // self.columns * height
            sheet.paste(picture, (x, y))
            for line, text in enumerate(texts):
                pen.text((x, y + self.cell[1] + 2 + line * LINE), text, fill="black", font=font)
        return sheet
