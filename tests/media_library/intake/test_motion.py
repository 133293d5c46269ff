from io import BytesIO

import pytest

from media_library.exceptions import DamagedFile
from media_library.intake import inspect
from media_library.intake.motion import find_film
from media_library.models import Asset
from tests.media import photo_bytes
from tests.special_media import container, micro_video, motion_heic, motion_photo, samsung_motion_photo, saved, xmp

MAKERS = {
    "motion photo": motion_photo,
    "micro video": micro_video,
    "samsung": samsung_motion_photo,
    "heic": motion_heic,
}


def film_in(photo: bytes) -> bytes:
    stretch = find_film(BytesIO(photo))
    return photo[stretch.start : stretch.end]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_film_is_found_to_the_byte(make, small_film):
    assert film_in(make(small_film)) == small_film


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_picture_with_a_film_is_accepted_as_one(make, small_film):
    name = "square.heic" if make is motion_heic else "square.jpg"

    assert inspect(Asset.Kind.IMAGE, BytesIO(make(small_film)), name).holds_film


def test_common_photograph_holds_no_film():
    assert not inspect(Asset.Kind.IMAGE, BytesIO(photo_bytes()), "harbour.jpg").holds_film


def test_what_cameras_put_behind_the_film_is_left_out(small_film):
    assert film_in(micro_video(small_film + b"\0\0\0\x63sefd and so on")) == small_film


def test_film_that_was_dropped_on_the_way_is_said_to_be_missing(small_film):
    with pytest.raises(DamagedFile, match="its film is missing"):
        find_film(BytesIO(motion_photo(small_film)[: -len(small_film)]))


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_film_that_is_cut_off_is_said_to_be_so(kept, small_film):
    part = small_film[: int(len(small_film) * kept)]

    with pytest.raises(DamagedFile, match="damaged or cut off"):
        find_film(BytesIO(motion_photo(part)))


def test_lengths_that_can_not_be_are_no_film():
    for length in (-1, 0, 10**12, "many"):
        items = container({"Semantic": "Primary"}, {"Semantic": "MotionPhoto", "Length": length})
        with pytest.raises(DamagedFile, match="its film is missing"):
            find_film(BytesIO(saved(xmp(items, GCamera__MotionPhoto=1))))


def test_trailer_that_points_out_of_the_file_is_none(small_film):
    photo = samsung_motion_photo(small_film)
    far = photo[:-28] + b"\xff\xff\xff\x7f" * 5 + photo[-8:]

    assert not inspect(Asset.Kind.IMAGE, BytesIO(far), "square.jpg").holds_film


def test_boxes_without_end_are_given_up():
    endless = b"\0\0\0\x08ftyp" * 200_000

    with pytest.raises(DamagedFile):
        find_film(BytesIO(micro_video(endless)))
