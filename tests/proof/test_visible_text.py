"""How many of the words on drawn signs are found, how many found ones aren't there, and what is read where nothing is.

What is printed stands in benchmarks/README.md. DARKROOM_MEDIA names photographs on which the signs are hung.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from media_library.imaging.looking import grey
from media_library.insight.text.suggesting import words_in
from tests.portraits import PORTRAITS
from tests.signs import WORDS, scene, screenshot, some_sign

PHOTOS = sorted((Path(os.environ["DARKROOM_MEDIA"]) / "photos").glob("*.jpg"))

SIGNS = int(os.environ.get("SIGNS", "6"))
"""Of each sort."""

SORTS = {
    "clean": {},
    "noisy": {"noise": 35},
    "out of focus": {"blur": 3},
    "small": {"letters": 18},
    "slanted by 5°": {"degrees": 5},
    "slanted by 10°": {"degrees": -10},
    "slanted by 20°": {"degrees": 20},
    "up the wall": {"degrees": 90},
    "down the wall": {"degrees": 270},
    "upside down": {"degrees": 180},
}


def drawn() -> Iterator[tuple[str, Image.Image, list[str]]]:
    for sort, how in SORTS.items():
        for number in range(SIGNS):
            random = Random(f"{sort} {number}")
            sign = some_sign(random, **how)
            yield sort, sign.on(scene(Image.open(random.choice(PHOTOS)))), " ".join(sign.lines).split()
    for number in range(SIGNS):
        random = Random(number)
        words = [random.choice(WORDS) for _ in range(60)]
        yield "screenshots", screenshot(words, letters=random.choice((14, 18, 24))), words


def read(picture: Image.Image) -> list[str]:
    return [word.text for word in words_in(grey(np.asarray(picture)))]


def plain(words: list[str]) -> Counter[str]:
    return Counter("".join(one for one in word.lower() if one.isalnum()) for word in words)


def test_words_on_drawn_signs_are_found(capsys: pytest.CaptureFixture):
    there, found, right = Counter(), Counter(), Counter()
    for sort, picture, words in drawn():
        expected, said = plain(words), plain(read(picture))
        there[sort] += expected.total()
        found[sort] += said.total()
        right[sort] += (expected & said).total()
    with capsys.disabled():
        for sort, number in there.items():
            precision = f"{right[sort] / found[sort]:.2f}" if found[sort] else "-"
            print(f"\n| {sort} | {number} | {precision} | {right[sort] / number:.2f} |", end="")  # noqa: T201

    assert right["clean"] >= 0.9 * there["clean"]
    del right["screenshots"], found["screenshots"]
    assert right.total() >= 0.9 * found.total()


def test_no_words_are_read_where_there_are_none(capsys: pytest.CaptureFixture):
    found = {}
    for path in [*PHOTOS, *(portrait.path for portrait in PORTRAITS)]:
        with Image.open(path) as photograph:
            whole = scene(photograph)
        for part in (whole, scene(whole.crop((160, 120, 960, 720)))):
            if words := read(part):
                found.setdefault(path.stem, []).append(" ".join(words))
    with capsys.disabled():
        print(f"\n{len(PHOTOS) + len(PORTRAITS)} photographs, each of them and a part of it: {found}")  # noqa: T201

    assert PHOTOS
    assert found == {}
