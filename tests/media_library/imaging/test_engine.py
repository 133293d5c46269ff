from io import BytesIO

import pytest
from PIL import Image, ImageCms

from media_library.exceptions import DamagedFile
from media_library.imaging.engine import first_look, render
from media_library.imaging.orders import ladder_orders
from tests.media import CORNERS, photo_bytes, picture, transparent_png


def develop(file, report=lambda done: None):
    subject = first_look(file).subject
    return render(file, subject, ladder_orders(subject), report)


def _opened(encoded) -> Image.Image:
    return Image.open(BytesIO(encoded.data))


def _corner_distance(image: Image.Image) -> float:
    """Largest channel difference between the four corners and what they should look like."""
    image = image.convert("RGB")
    width, height = image.size
    places = [(8, 8), (width - 9, 8), (8, height - 9), (width - 9, height - 9)]
    return max(
        abs(channel - wanted)
        for place, colour in zip(places, CORNERS.values(), strict=True)
        for channel, wanted in zip(image.getpixel(place), colour, strict=True)
    )


def test_ladder_has_every_width_up_to_the_original_in_three_formats():
    specs = {one.spec for one in develop(BytesIO(photo_bytes(1000, 750)))}

    assert specs == {f"width-{w}|format-{f}" for w in (320, 640, 960, 1000) for f in ("avif", "webp", "jpeg")}


def test_small_picture_has_its_own_width_as_ladder():
    assert {one.width for one in develop(BytesIO(photo_bytes(200, 100)))} == {200}


def test_widest_rung_is_2560():
    assert max(one.width for one in develop(BytesIO(photo_bytes(3000, 400)))) == 2560


def test_transparent_picture_gets_png_instead_of_jpeg():
    formats = {one.format for one in develop(BytesIO(transparent_png()))}

    assert formats == {"avif", "webp", "png"}


def test_transparency_survives_in_every_format():
    for one in develop(BytesIO(transparent_png())):
        alpha = _opened(one).convert("RGBA").getchannel("A")
        assert alpha.getpixel((5, 5)) == 0, one.format
        assert alpha.getpixel((one.width - 5, 5)) == 255, one.format


def test_bytes_decode_to_the_stated_size_and_format():
    for one in develop(BytesIO(photo_bytes(700, 500))):
        image = _opened(one)
        image.load()
        assert image.size == (one.width, one.height)
        assert image.format.lower() == one.format


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_developed_upright(orientation):
    encoded = develop(BytesIO(photo_bytes(400, 300, orientation=orientation)))

    jpeg = next(one for one in encoded if one.spec == "width-400|format-jpeg")
    assert _corner_distance(_opened(jpeg)) < 40


def test_nothing_of_the_camera_is_in_any_rendition():
    for one in develop(BytesIO(photo_bytes(400, 300, orientation=6))):
        image = _opened(one)
        assert b"Darkroom Test Camera" not in one.data
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_wide_gamut_is_converted_to_srgb():
    source = picture(64, 64)
    source.paste((128, 128, 128), (0, 0, 64, 64))
    lab_like = ImageCms.createProfile("LAB")
    output = BytesIO()
    source.save(output, "PNG", icc_profile=ImageCms.ImageCmsProfile(lab_like).tobytes())

    # A profile of another colour space than the pixels says nothing, and harms nothing.
    encoded = develop(output)

    assert _opened(encoded[-1]).convert("RGB").getpixel((32, 32)) == pytest.approx((128, 128, 128), abs=3)


def test_cmyk_becomes_rgb():
    output = BytesIO()
    picture(320, 200).convert("CMYK").save(output, "JPEG")

    assert {_opened(one).mode for one in develop(output)} == {"RGB"}


def test_progress_goes_up_to_one():
    reported: list[float] = []

    develop(BytesIO(photo_bytes(400, 300)), reported.append)

    assert reported == sorted(reported)
    assert reported[-1] == 1.0


def test_what_report_raises_ends_the_work():
    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        develop(BytesIO(photo_bytes(400, 300)), stop)


def test_first_look_makes_a_small_rendition_and_the_admin_thumbnail():
    look = first_look(BytesIO(photo_bytes(1600, 1200, orientation=6)))

    assert {(one.spec, one.width, one.height) for one in look.renditions} == {
        ("width-320|format-jpeg", 320, 240),
        ("max-165x165", 165, 123),
    }


def test_damaged_bytes_are_told_apart_from_bugs():
    with pytest.raises(DamagedFile, match="damaged or cut off"):
        develop(BytesIO(photo_bytes()[:5000]))
