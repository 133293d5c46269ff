from io import BytesIO

import pytest

from media_library.intake import inspect
from media_library.models import Asset
from media_library.video.probe import probe
from tests.media import photo_bytes
from tests.special_media import film_all_around, film_all_around_by_xml, saved, sphere, xmp

WHOLE = {"type": "equirectangular", "stereo": "mono", "left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0}

CROPPED = {
    "FullPanoWidthPixels": 1600,
    "FullPanoHeightPixels": 800,
    "CroppedAreaImageWidthPixels": 800,
    "CroppedAreaImageHeightPixels": 400,
    "CroppedAreaLeftPixels": 400,
    "CroppedAreaTopPixels": 200,
}


def found(photo: bytes, name: str = "square.jpg"):
    projection = inspect(Asset.Kind.IMAGE, BytesIO(photo), name).projection
    return projection and projection.to_json()


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF", "PNG"])
def test_360_photograph_is_recognised_in_every_format_that_carries_xmp(format):
    extension = {"JPEG": "jpg"}.get(format, format.lower())

    assert found(sphere(format=format), f"square.{extension}") == WHOLE


def test_part_of_the_sphere_is_told_in_fractions():
    assert found(sphere(**CROPPED)) == WHOLE | {"left": 0.25, "top": 0.25, "width": 0.5, "height": 0.5}


def test_scaled_panorama_keeps_its_part_of_the_sphere():
    assert found(sphere((200, 100), **CROPPED))["left"] == 0.25


def test_numbers_that_do_not_fit_the_picture_give_way_to_a_guess():
    assert found(sphere((800, 200), **CROPPED)) == WHOLE | {"top": 0.25, "height": 0.5}


@pytest.mark.parametrize("nonsense", ["-5", "0", "many", "1e9", "NaN", "9" * 400])
def test_nonsense_in_a_number_gives_way_to_a_guess(nonsense):
    assert found(sphere(**CROPPED | {"FullPanoWidthPixels": nonsense})) == WHOLE


def test_part_that_reaches_beyond_the_sphere_gives_way_to_a_guess():
    assert found(sphere(**CROPPED | {"CroppedAreaLeftPixels": 1500})) == WHOLE


def test_narrow_picture_that_does_not_say_its_part_is_flat():
    assert found(sphere((400, 400))) is None


def test_panorama_that_wants_no_viewer_is_flat():
    assert found(sphere(UsePanoramaViewer="False")) is None


def test_other_projections_and_common_photographs_are_flat():
    assert found(sphere(ProjectionType="cylindrical")) is None
    assert found(photo_bytes(800, 400)) is None
    assert found(saved(xmp(GCamera__MotionPhoto=0))) is None


def test_projection_may_stand_in_elements():
    packet = xmp("<GPano:ProjectionType>equirectangular</GPano:ProjectionType>")

    assert found(saved(packet)) == WHOLE


def film_projection(folder, data: bytes):
    path = folder / "film.mp4"
    path.write_bytes(data)
    projection = probe(path, "video/mp4").projection
    return projection and projection.to_json()


def test_film_all_around_is_recognised_by_its_boxes(tmp_path, small_film):
    assert film_projection(tmp_path, film_all_around(small_film)) == WHOLE


def test_film_for_two_eyes_says_how_they_are_packed(tmp_path, small_film):
    assert film_projection(tmp_path, film_all_around(small_film, stereo=1)) == WHOLE | {"stereo": "top-bottom"}
    assert film_projection(tmp_path, film_all_around(small_film, stereo=2)) == WHOLE | {"stereo": "left-right"}


def test_film_of_half_the_sphere_says_which(tmp_path, small_film):
    half = film_all_around(small_film, bounds=(0, 0, 0.25, 0.25), stereo=2)

    assert film_projection(tmp_path, half) == WHOLE | {"stereo": "left-right", "left": 0.25, "width": 0.5}


def test_film_that_says_it_in_xml_is_recognised_too(tmp_path, small_film):
    assert film_projection(tmp_path, film_all_around_by_xml(small_film)) == WHOLE | {"stereo": "top-bottom"}


def test_common_film_is_flat(tmp_path, small_film):
    assert film_projection(tmp_path, small_film) is None
