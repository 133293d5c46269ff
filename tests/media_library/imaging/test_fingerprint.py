from io import BytesIO

import pytest
from PIL import Image, ImageEnhance

from media_library.imaging.fingerprint import CROPS, distance, fingerprints
from tests.media import picture


def apart(one: Image.Image, other: Image.Image) -> int:
    """As fingerprints.near_values measures it."""
    ours, theirs = fingerprints(one), fingerprints(other)
    return min(*(distance(ours[0], each) for each in theirs), *(distance(each, theirs[0]) for each in ours))


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    output = BytesIO()
    image.save(output, "JPEG", quality=quality)
    return Image.open(output)


def cropped(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


CHANGES = {
    "small": lambda image: image.resize((160, 120)),
    "recompressed": lambda image: recompressed(image, 30),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "without its left edge": lambda image: cropped(image, 0.06, 0, 0, 0),
    "without its lower edge": lambda image: cropped(image, 0, 0, 0, 0.06),
    "without any edge": lambda image: cropped(image, 0.05, 0.05, 0.05, 0.05),
    "small, recompressed and cropped": lambda image: recompressed(cropped(image, 0.03, 0, 0.03, 0), 50).resize(
        (320, 240)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_picture_is_recognised_whatever_was_done_to_it(change: str):
    assert apart(picture(), CHANGES[change](picture())) <= 10


def test_other_pictures_are_far_away():
    image = picture()
    others = [image.transpose(Image.Transpose.ROTATE_180), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]

    assert min(apart(image, other) for other in others) > 16


def test_every_crop_has_a_fingerprint_of_64_bits():
    values = fingerprints(picture())

    assert len(values) == len(CROPS)
    assert all(0 <= value < 2**64 for value in values)


def test_picture_without_detail_has_no_fingerprint():
    assert fingerprints(Image.new("RGB", (200, 100), (90, 120, 200))) == ()


def test_transparent_picture_is_compared_as_it_looks_on_paper():
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 400, 600))
    on_paper = Image.new("RGB", image.size, "white")
    on_paper.paste(image, mask=image)

    assert apart(image, on_paper) <= 1
