from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from media_library.imaging.engine import first_look, polish, render
from media_library.imaging.gain_map import read_gain_map
from media_library.imaging.icc import named_profile
from media_library.imaging.orders import Subject, order, preset_orders
from media_library.imaging.presets import Preset
from tests.media import photo_bytes
from tests.special_media import HDR_NUMBERS, read_ultra_hdr, ultra_hdr

SUBJECT = Subject(800, 600, is_hdr=True)


def made(photo: bytes, *specs: str, subject: Subject = SUBJECT) -> list[bytes]:
    return [one.data for one in render(BytesIO(photo), subject, [order(spec, subject) for spec in specs])]


def halves(gain: Image.Image) -> tuple[int, int]:
    """How much the left and the right quarter shine, 0 to 255."""
    width, height = gain.size
    left, right = gain.crop((0, 0, width // 4, height)), gain.crop((width - width // 4, 0, width, height))
    return tuple(round(ImageStat.Stat(part).mean[0]) for part in (left, right))


def test_ladder_keeps_the_gain_map_and_all_that_it_means():
    found = read_ultra_hdr(made(ultra_hdr(), "width-400|format-jpeg")[0])

    assert found.base.size == (400, 300)
    assert found.gain.size == (200, 150)
    assert halves(found.gain) == (0, 255)
    assert {name: float(found.numbers[name]) for name in HDR_NUMBERS} == HDR_NUMBERS
    assert found.numbers["BaseRenditionIsHDR"] == "False"


def test_container_says_how_long_the_gain_map_is():
    data = made(ultra_hdr(), "width-400|format-jpeg")[0]

    names = read_ultra_hdr(data).names
    assert [name for name, _length in names] == ["Primary", "GainMap"]
    assert data[-names[1][1] :].startswith(b"\xff\xd8")


def test_what_is_made_is_read_again_as_it_was():
    again = read_gain_map(BytesIO(made(ultra_hdr(), "width-800|format-jpeg")[0]))

    assert halves(again.pixels) == (0, 255)
    assert {name: numbers[0] for name, numbers in again.values.items()} == HDR_NUMBERS


def test_crop_has_its_own_part_of_the_gain_map():
    left = Subject(800, 600, focal_point_x=100, focal_point_y=300, is_hdr=True)
    found = read_ultra_hdr(made(ultra_hdr(), "fill-300x600|format-jpeg", subject=left)[0])

    assert halves(found.gain) == (0, 0)


def test_gain_map_is_at_most_half_as_wide_as_its_picture():
    found = read_ultra_hdr(made(ultra_hdr(), "width-100|format-jpeg")[0])

    assert found.gain.size == (50, 38)


def test_base_is_the_very_picture_that_it_is_without():
    hdr, plain = (
        made(ultra_hdr(), "width-400|format-jpeg")[0],
        made(ultra_hdr(), "width-400|format-jpeg", subject=Subject(800, 600))[0],
    )

    assert ImageChops.difference(read_ultra_hdr(hdr).base, Image.open(BytesIO(plain))).getbbox() is None


def test_other_formats_and_filters_have_none():
    avif, grey = made(ultra_hdr(), "width-400|format-avif", "width-400|greyscale|format-jpeg")

    assert b"hdrgm" not in avif + grey


def test_first_rung_at_upload_has_it_too():
    look = first_look(BytesIO(ultra_hdr()))

    assert look.subject.is_hdr
    assert any(one.format == "jpeg" and read_ultra_hdr(one.data) for one in look.renditions)


def test_polishing_keeps_it():
    wanted = preset_orders(Preset("ladder", "width-320", ("jpeg",)), SUBJECT)

    (one,) = polish(BytesIO(ultra_hdr()), SUBJECT, wanted)

    assert halves(read_ultra_hdr(one.data).gain) == (0, 255)


def test_picture_that_lies_on_its_side_has_its_gain_map_turned_with_it():
    data = ultra_hdr()
    exif = Image.Exif()
    exif[274] = 3
    segment = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    turned = data[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]

    assert halves(read_gain_map(BytesIO(turned)).pixels) == (255, 0)


def test_common_photograph_has_none():
    assert read_gain_map(BytesIO(photo_bytes())) is None


@pytest.mark.parametrize(
    "numbers",
    [
        {"GainMapMax": "much"},
        {"GainMapMax": "nan"},
        {"Gamma": 0},
        {"HDRCapacityMax": 0},
        {"BaseRenditionIsHDR": "True"},
    ],
)
def test_numbers_without_sense_are_no_gain_map(numbers):
    assert read_gain_map(BytesIO(ultra_hdr(**numbers))) is None


def test_gain_map_that_is_cut_off_costs_the_picture_nothing():
    look = first_look(BytesIO(ultra_hdr()[:-400]))

    assert not look.subject.is_hdr
    assert (look.subject.width, look.subject.height) == (800, 600)


def test_gains_of_each_channel_are_kept_in_srgb_only():
    assert read_gain_map(BytesIO(ultra_hdr(mode="RGB", profile=named_profile(1, 13)))).pixels.mode == "RGB"
    assert read_gain_map(BytesIO(ultra_hdr(mode="RGB", profile=named_profile(12, 13)))) is None


def test_gain_of_brightness_is_kept_whatever_the_colours():
    assert read_gain_map(BytesIO(ultra_hdr(profile=named_profile(12, 13)))).pixels.mode == "L"
