"""What the backends say that need no download."""

from collections.abc import Callable

import pytest

from media_library.insight import Look
from media_library.insight import file as insight_file
from media_library.insight.seen import suggest_focal_point, suggest_people
from media_library.models import CustomImage, Suggestion, Video
from tests.media import film_file
from tests.media_library.insight.conftest import tags_of

pytestmark = pytest.mark.django_db

Field = Suggestion.Field


def tags(backend: Callable, asset) -> set[str]:
    return {one.text for one in backend(Look(asset)) if one.field == Field.TAG}


def test_default_suggestions_for_a_portrait(portrait: CustomImage, look_for_suggestions: Callable):
    look_for_suggestions()

    assert {"people", "square format"} <= tags_of(portrait)
    [point] = portrait.suggestions.filter(field=Field.FOCAL_POINT)
    left, top, width, height = point.area
    assert left < 0.44 < left + width
    assert top < 0.21 < top + height


def test_keywords_place_and_camera_of_a_photograph_are_suggested(photo: CustomImage):
    photo.metadata = {
        "keywords": ["harbour"],
        "city": "Greifswald",
        "country": "Germany",
        "camera_make": "Nikon",
        "camera_model": "D850",
    }

    assert tags(insight_file.suggest, photo) == {"harbour", "Greifswald", "Germany", "Nikon D850", "wide format"}


def test_caption_of_the_file_is_suggested_as_alt_text_where_there_is_none(photo: CustomImage):
    photo.metadata = {"caption": "Boats at low tide"}
    photo.alt_text = ""

    assert [one.text for one in insight_file.suggest(Look(photo)) if one.field == Field.ALT_TEXT] == [
        "Boats at low tide"
    ]


def test_focal_point_that_an_editor_has_set_is_left_alone(portrait: CustomImage):
    portrait.focal_point_x = portrait.focal_point_y = 10
    portrait.focal_point_width = portrait.focal_point_height = 10

    assert list(suggest_focal_point(Look(portrait))) == []


def test_picture_without_faces_is_said_to_show_nobody(photo: CustomImage, develop: Callable):
    develop(photo)

    assert tags(suggest_people, photo) == set()


@pytest.mark.parametrize(("sound", "expected"), [(True, set()), (False, {"silent film"})])
def test_film_without_sound_is_said_to_be_silent(tmp_path, develop: Callable, db, sound: bool, expected: set[str]):
    film = Video(title="Tide", file=film_file(tmp_path, sound=sound))
    film.save()
    develop(film)

    assert tags(insight_file.suggest, film) & {"silent film"} == expected


def test_poster_of_a_film_is_looked_at(film: Video, develop: Callable):
    develop(film)

    assert Look(film).pixels is not None
