from io import BytesIO

import pytest
from django.test import override_settings
from PIL import Image

from media_library.exceptions import FileTooLarge
from media_library.imaging.source import decode_frames, frame_count, loop_count, open_image
from tests.media import animation_bytes, photo_bytes

ANIMATED = ["GIF", "WEBP", "AVIF", "PNG"]
REDS = [0, 60, 120, 180]


def _frames(data: bytes) -> list:
    with open_image(BytesIO(data)) as image:
        return list(decode_frames(image))


@pytest.mark.parametrize("format", ANIMATED)
def test_frames_of_an_animation_are_counted(format):
    with open_image(BytesIO(animation_bytes(format))) as image:
        assert frame_count(image) == 4


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_still_has_one_frame(format):
    with open_image(BytesIO(photo_bytes(64, 48, format=format))) as image:
        assert frame_count(image) == 1


@pytest.mark.parametrize("format", ANIMATED)
def test_every_frame_comes_whole_and_in_order(format):
    frames = _frames(animation_bytes(format))

    assert [frame.pixels.size for frame in frames] == [(64, 48)] * 4
    assert [frame.pixels.convert("RGB").getpixel((30, 20))[0] for frame in frames] == pytest.approx(REDS, abs=6)


@pytest.mark.parametrize("format", ANIMATED)
def test_frames_keep_their_durations(format):
    assert [frame.duration for frame in _frames(animation_bytes(format, durations=[100, 50, 30, 20]))] == [
        100,
        50,
        30,
        20,
    ]


def test_frame_without_a_duration_shows_as_long_as_browsers_show_it():
    assert {frame.duration for frame in _frames(animation_bytes("GIF", durations=[0, 0, 0, 10]))} == {100}


@pytest.mark.parametrize(("format", "written", "plays"), [("GIF", 0, 0), ("GIF", 2, 3), ("WEBP", 2, 2), ("PNG", 0, 0)])
def test_loops_are_counted_as_times_that_it_plays(format, written, plays):
    with open_image(BytesIO(animation_bytes(format, loop=written))) as image:
        assert loop_count(image) == plays


def test_gif_that_says_nothing_of_loops_plays_once():
    with open_image(BytesIO(animation_bytes("GIF", loop=None))) as image:
        assert loop_count(image) == 1


def test_picture_for_those_who_cannot_play_a_png_is_no_frame():
    frames = _frames(animation_bytes("PNG", default_image=True))

    assert [frame.pixels.getpixel((30, 20))[0] for frame in frames] == REDS[1:]


def test_frames_are_upright():
    exif = Image.Exif()
    exif[274] = 6

    frames = _frames(animation_bytes("WEBP", exif=exif))

    assert {frame.pixels.size for frame in frames} == {(48, 64)}


@override_settings(MEDIA_LIBRARY={"MAX_ANIMATION_FRAMES": 3})
@pytest.mark.parametrize("format", ANIMATED)
def test_animation_of_too_many_frames_is_refused(format):
    with pytest.raises(FileTooLarge, match="too long for its size"), open_image(BytesIO(animation_bytes(format))):
        pass


@override_settings(MEDIA_LIBRARY={"MAX_ANIMATION_PIXELS": 64 * 48 * 3})
@pytest.mark.parametrize("format", ANIMATED)
def test_animation_of_too_many_pixels_in_all_is_refused(format):
    with pytest.raises(FileTooLarge, match="Shorten it"), open_image(BytesIO(animation_bytes(format))):
        pass
