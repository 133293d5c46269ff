from fractions import Fraction
from pathlib import Path

import pytest

from media_library.video.probe import Film
from media_library.video.processing import VideoProcessing
from media_library.video.rungs import constant_rate, fallback_rung, first_rung, rungs_of


def _film(width: int = 1920, height: int = 1080, rate: object = 30) -> Film:
    return Film(Path("film.mp4"), "mov", 0, width, height, 10.0, Fraction(rate))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3840, 2160), ["1920x1080", "1280x720", "854x480", "640x360"]),
        ((1920, 1080), ["1920x1080", "1280x720", "854x480", "640x360"]),
        ((1080, 1920), ["1080x1920", "720x1280", "480x854", "360x640"]),
        ((642, 642), ["642x642", "480x480", "360x360"]),
        ((720, 486), ["712x480", "534x360"]),
        ((320, 180), ["320x180"]),
        ((333, 77), ["332x76"]),
        ((1, 1), ["2x2"]),
    ],
)
def test_rungs_have_even_sides_in_the_shape_of_the_film_and_are_not_above_it(size, expected):
    rungs = rungs_of(_film(*size), VideoProcessing())

    assert [f"{rung.width}x{rung.height}" for rung in rungs] == expected


def test_rung_is_named_by_its_short_side():
    assert [rung.name for rung in rungs_of(_film(1080, 1920), VideoProcessing())] == ["1080p", "720p", "480p", "360p"]


def test_largest_rung_is_a_setting():
    rungs = rungs_of(_film(), VideoProcessing(max_resolution="480p"))

    assert [rung.name for rung in rungs] == ["480p", "360p"]


def test_first_rung_and_that_for_clients_without_hls_are_of_middle_size():
    rungs = rungs_of(_film(), VideoProcessing())

    assert (first_rung(rungs).name, fallback_rung(rungs).name) == ("480p", "720p")


@pytest.mark.parametrize(
    ("average", "constant"),
    [
        ("30", "30"),
        ("90000/3001", "30"),
        ("810000/13487", "60"),
        ("2937/100", "30000/1001"),
        ("8797/1000", "9"),
        ("120", "60"),
        ("240", "60"),
        ("1/5", "1"),
        ("24000/1001", "24000/1001"),
    ],
)
def test_rate_is_a_usual_one_near_the_average_and_at_most_60(average, constant):
    assert constant_rate(_film(rate=average)) == Fraction(constant)


def test_absurd_rate_is_brought_below_60():
    assert 1 <= constant_rate(_film(rate=90_000)) <= 60
