import numpy as np
import pytest

from media_library.imaging.faces import MOST, SURE, find_faces
from media_library.imaging.focus import focal_area
from media_library.imaging.looking import Pixels
from tests.media import picture
from tests.portraits import PORTRAITS, Portrait

WHOLE = [one for one in PORTRAITS if one.name != "barack-obama-half"]
"""The cascades don't know half a face."""


def portrait() -> Pixels:
    return PORTRAITS[0].pixels()


def crowd() -> Pixels:
    """Four hundred faces, twenty by twenty."""
    face = portrait()[40:150, 120:210:1]
    return np.tile(np.ascontiguousarray(face[::3, ::3]), (20, 20, 1))


def test_face_is_found_where_it_is():
    [face] = find_faces(portrait())

    # The bridge of her nose.
    assert face.x < 0.44 < face.x + face.width
    assert face.y < 0.21 < face.y + face.height
    assert face.confidence > 0.9


@pytest.mark.parametrize("portrait", WHOLE, ids=lambda one: one.name)
def test_focal_area_holds_the_labelled_face(portrait: Portrait):
    faces = [face for face in find_faces(portrait.pixels()) if face.confidence >= SURE]

    area = focal_area(portrait.pixels(), faces)

    left, top, width, height = portrait.face
    assert faces
    assert area.x < left + 0.1 * width
    assert area.y < top + 0.1 * height
    assert area.x + area.width > left + 0.9 * width
    assert area.y + area.height > top + 0.9 * height


def test_picture_without_people_has_no_faces():
    assert find_faces(np.asarray(picture(640, 480))) == []


def test_of_a_crowd_only_the_largest_faces_are_told():
    assert len(find_faces(crowd())) <= MOST


def test_focal_area_is_the_face():
    faces = find_faces(portrait())

    area = focal_area(portrait(), faces)

    x, y = area.center
    assert faces[0].x < x < faces[0].x + faces[0].width
    assert faces[0].y < y < faces[0].y + faces[0].height


def test_faces_in_the_background_are_no_part_of_the_focal_area():
    [face] = find_faces(portrait())
    small = type(face)(0.9, 0.9, face.width / 4, face.height / 4, 1.0)

    area = focal_area(portrait(), [face, small])

    assert area.x + area.width < 0.9
