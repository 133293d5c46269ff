import numpy as np
import pytest

from media_library.imaging.looking import Pixels
from media_library.imaging.palette import colour_shares, is_colourless


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Pixels:
    pixels = np.empty((100, 200, 3), dtype=np.uint8)
    pixels[:, :100], pixels[:, 100:] = left, right
    return pixels


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((200, 20, 20), "red"),
        ((240, 140, 20), "orange"),
        ((240, 230, 40), "yellow"),
        ((30, 160, 50), "green"),
        ((30, 180, 190), "turquoise"),
        ((30, 60, 200), "blue"),
        ((120, 40, 200), "violet"),
        ((240, 80, 180), "pink"),
        ((10, 10, 12), "black"),
        ((128, 128, 130), "grey"),
        ((250, 250, 250), "white"),
    ],
)
def test_colour_has_the_name_that_people_give_it(rgb: tuple[int, int, int], name: str):
    assert list(colour_shares(halves(rgb, rgb))) == [name]


def test_shares_of_colours_are_those_of_the_picture():
    shares = colour_shares(halves((200, 20, 20), (30, 60, 200)))

    assert shares == {"red": pytest.approx(0.5), "blue": pytest.approx(0.5)}


def test_picture_in_greys_is_black_and_white():
    assert is_colourless(halves((30, 30, 30), (200, 200, 200)))


def test_picture_with_one_bright_half_is_not():
    assert not is_colourless(halves((30, 30, 30), (200, 20, 20)))
