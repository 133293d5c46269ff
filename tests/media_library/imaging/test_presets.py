import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from media_library.imaging.orders import Subject, orders
from media_library.imaging.presets import named_presets

PHOTO = Subject(4000, 3000)


def presets() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {preset.name: (preset.operation, preset.formats) for preset in named_presets()}


def test_named_crops_are_there_without_a_setting():
    assert {name: operation for name, (operation, _) in presets().items()} == {
        "thumbnail": "fill-150x150",
        "medium": "fill-600x400",
        "large": "fill-1200x800",
        "hero": "fill-1920x1080",
        "og": "fill-1200x630",
        "square": "fill-800x800",
        "4x3": "fill-1200x900",
    }


def test_setting_changes_one_preset_and_leaves_the_others(settings):
    settings.IMAGE_VARIANTS = {"hero": {"width": 2400, "height": 1000, "crop": True}}

    assert presets()["hero"][0] == "fill-2400x1000"
    assert presets()["medium"][0] == "fill-600x400"


def test_preset_that_does_not_crop_fits_into_its_box(settings):
    settings.IMAGE_VARIANTS = {"fit": {"width": 600, "height": 400}, "wide": {"width": 70}, "tall": {"height": 70}}

    assert [presets()[name][0] for name in ("fit", "wide", "tall")] == ["max-600x400", "width-70", "height-70"]


def test_none_drops_a_preset(settings):
    settings.IMAGE_VARIANTS = {"hero": None}

    assert "hero" not in presets()


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ({"hero": {"widht": 10}}, "did you mean 'width'"),
        ({"hero": {"width": "10"}}, "whole number of pixels"),
        ({"hero": {"width": 0}}, "whole number of pixels"),
        ({"hero": {"width": 100, "crop": True}}, "needs both 'width' and 'height'"),
        ({"hero": {"width": 100, "formats": ["bmp"]}}, "'formats' must be a list of some of avif"),
        ({"hero": {}}, "needs a 'width', a 'height' or both"),
        ({"hero": [100, 100]}, "write it as"),
        ({"he ro": {"width": 10}}, "letters, digits"),
        ({"ladder": {"width": 10}}, "taken by Darkroom"),
        ({"hero": {"width": 10, "crop": "yes"}}, "must be True or False"),
    ],
)
def test_setting_that_makes_no_sense_is_refused_with_what_to_do(settings, variant, message):
    settings.IMAGE_VARIANTS = variant

    with pytest.raises(ImproperlyConfigured, match=message):
        named_presets()


def test_wrong_setting_is_told_at_start(settings):
    settings.IMAGE_VARIANTS = {"hero": {"widht": 10}}

    (error,) = [one for one in run_checks() if one.id == "media_library.E002"]
    assert "did you mean 'width'" in error.msg


def test_nothing_is_scaled_up():
    small = Subject(500, 300)

    assert all(one.scale <= 1 for one in orders(small))


def test_no_rendition_is_ordered_twice(settings):
    settings.IMAGE_VARIANTS = {"again": {"width": 1280}}
    wanted = [(one.spec, one.key) for one in orders(PHOTO)]

    assert len(wanted) == len(set(wanted))


def test_crop_follows_the_focal_point():
    left = Subject(4000, 3000, focal_point_x=400, focal_point_y=1500, focal_point_width=100, focal_point_height=100)

    crop = next(one for one in orders(left) if one.preset == "square")
    # In the middle, it would begin at 500.
    assert crop.box[0] < 150
    assert crop.key


def test_card_for_networks_comes_in_a_format_that_they_read():
    assert [one.format for one in orders(PHOTO) if one.preset == "og"] == ["jpeg"]
    assert [one.format for one in orders(Subject(4000, 3000, has_alpha=True)) if one.preset == "og"] == ["png"]


def test_animation_moves_in_the_ladder_and_stands_still_in_crops():
    moving = Subject(400, 300, is_animated=True)

    ladder = [one for one in orders(moving) if one.preset == "ladder"]
    crops = [one for one in orders(moving) if one.preset in ("hero", "still")]
    assert {(one.format, one.animated) for one in ladder} == {("avif", True), ("webp", True), ("gif", True)}
    assert {(one.format, one.animated) for one in crops} == {("jpeg", False)}
