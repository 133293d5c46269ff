from io import BytesIO

import pytest
from PIL import Image, ImageChops

from media_library.exceptions import DamagedFile
from media_library.imaging.card import compose, drawable


def opened(card: bytes) -> Image.Image:
    return Image.open(BytesIO(card)).convert("RGB")


def photo(colour: str = "white", size: tuple[int, int] = (1600, 900)) -> BytesIO:
    output = BytesIO()
    Image.new("RGB", size, colour).save(output, "PNG")
    return output


def written_box(title: str, site_name: str = "") -> tuple[int, int, int, int]:
    """Where a title changes a card without a picture: left, top, right, bottom in pixels."""
    difference = ImageChops.difference(opened(compose(None, title, site_name)), opened(compose(None, "")))
    box = difference.convert("L").point(lambda value: 255 if value > 60 else 0).getbbox()
    assert box is not None
    return box


def test_card_is_a_jpeg_of_the_size_that_networks_ask_for():
    card = Image.open(BytesIO(compose(photo(), "Low tide", "Silver")))

    assert (card.format, card.size) == ("JPEG", (1200, 630))


def test_picture_covers_the_card_and_nothing_is_stretched():
    wide = Image.new("RGB", (3000, 630), "red")
    wide.paste((0, 0, 255), (1000, 0, 2000, 630))
    file = BytesIO()
    wide.save(file, "PNG")

    card = opened(compose(file, ""))

    assert card.getpixel((600, 10))[2] > 200
    assert card.getpixel((30, 10))[0] > 200


def test_small_picture_fills_the_card_as_well():
    card = opened(compose(photo("lime", (60, 40)), "Low tide"))

    assert card.getpixel((5, 5))[1] > 200
    assert card.getpixel((1195, 5))[1] > 200


@pytest.mark.parametrize("colour", ["white", "black", "yellow"])
def test_ground_below_the_letters_is_dark_on_any_picture(colour: str):
    card = opened(compose(photo(colour), "Low tide " * 12))
    empty = [card.getpixel((x, y)) for x in (20, 1180) for y in range(380, 600, 20)]

    # Relative luminance and contrast with white, by WCAG 2.2.
    luminances = [sum(w * (c / 255) ** 2.2 for w, c in zip((0.21, 0.72, 0.07), one, strict=True)) for one in empty]
    assert 1.05 / (max(luminances) + 0.05) > 4.5


def test_title_is_written_inside_the_margins():
    left, top, right, bottom = written_box("The hour that nobody sees", "Silver & Salt")

    assert left >= 60 and right <= 1140 and top > 200 and bottom < 600


def test_longer_title_takes_more_room_up_to_four_lines():
    short, long = written_box("Tide"), written_box("The hour that nobody sees, and what came after it " * 2)
    endless = written_box("The hour that nobody sees, and what came after it " * 30)

    assert long[1] < short[1]
    assert endless[1] > 200
    assert endless[2] <= 1140


def test_word_too_long_for_a_line_is_broken():
    left, _top, right, _bottom = written_box("Donaudampfschifffahrtsgesellschaftskapitän" * 3)

    assert left >= 60 and right <= 1140


def test_site_stands_below_the_title():
    without, with_site = written_box("Tide"), written_box("Tide", "Silver & Salt")

    assert with_site[1] < without[1]


def test_what_the_font_cannot_write_is_left_out():
    assert drawable("日本語") == ""
    assert compose(None, "日本語") == compose(None, "")


def test_emoji_beside_words_are_left_out_and_the_words_stay():
    assert drawable("Low tide 🌊\n at noon") == "Low tide at noon"


def test_transparent_picture_has_a_ground():
    file = BytesIO()
    Image.new("RGBA", (1200, 630), (255, 255, 255, 0)).save(file, "PNG")

    assert max(opened(compose(file, "")).getpixel((600, 10))) < 60


def test_damaged_picture_says_so():
    with pytest.raises(DamagedFile):
        compose(BytesIO(b"\x89PNG\r\n\x1a\n broken"), "Tide")
