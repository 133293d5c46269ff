import numpy as np
import pytest
from PIL import Image, ImageDraw

from media_library.imaging.focus import focal_area
from media_library.imaging.looking import Pixels


def meadow_with(center: tuple[float, float]) -> Pixels:
    """A red ball in a green meadow, its centre at these shares of the picture."""
    noise = np.random.default_rng(1).integers(-6, 7, (400, 600, 1))
    meadow = np.clip(np.array([70, 130, 60]) + noise, 0, 255).astype(np.uint8)
    image = Image.fromarray(meadow)
    x, y = center[0] * 600, center[1] * 400
    ImageDraw.Draw(image).ellipse((x - 40, y - 40, x + 40, y + 40), fill=(200, 30, 30))
    return np.asarray(image)


@pytest.mark.parametrize("center", [(0.2, 0.3), (0.5, 0.5), (0.8, 0.7), (0.25, 0.75)])
def test_what_stands_out_is_the_focal_area(center: tuple[float, float]):
    area = focal_area(meadow_with(center), [])

    assert area.center == pytest.approx(center, abs=0.08)


def test_picture_of_one_colour_has_no_focal_area():
    assert focal_area(np.full((300, 400, 3), 128, dtype=np.uint8), []) is None


def test_even_pattern_has_no_focal_area():
    pattern = np.indices((400, 400)).sum(axis=0) // 20 % 2 * 255
    pixels = np.repeat(pattern.astype(np.uint8)[..., None], 3, axis=2)

    assert focal_area(pixels, []) is None
