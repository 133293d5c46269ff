import pytest
from PIL import Image, ImageChops

from media_library.imaging.lettering import missing_characters
from media_library.imaging.watermark import POSITIONS, Watermark, preview
from media_library.models import WatermarkPosition


def marked_box(watermark: Watermark, size: tuple[int, int] = (600, 400)) -> tuple[int, int, int, int]:
    """Where a stamp has changed a grey picture: left, top, right, bottom in pixels."""
    ground = Image.new("RGB", size, (120, 120, 120))
    box = ImageChops.difference(watermark.stamp(ground), ground).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("position", POSITIONS)
def test_mark_stands_where_it_should(position: str):
    left, top, right, bottom = marked_box(Watermark("© Ada", position=position))

    across = {"left": left < 30, "right": right > 570, "centre": abs((left + right) / 2 - 300) < 8}
    down = {"top": top < 30, "bottom": bottom > 370, "centre": abs((top + bottom) / 2 - 200) < 8}
    assert across[position.rpartition("-")[2]]
    assert down[position.partition("-")[0]]


def test_every_size_of_a_picture_carries_the_same_share_of_it():
    small, large = marked_box(Watermark("© Ada"), (300, 200)), marked_box(Watermark("© Ada"), (1200, 800))

    assert [edge * 4 for edge in small] == pytest.approx(large, abs=24)


def test_long_text_stays_inside():
    left, _top, right, _bottom = marked_box(
        Watermark("A very long name of a very large house, " * 2, position="centre")
    )

    assert 600 * 0.5 < right - left <= 600 * 0.62


@pytest.mark.parametrize("ground", ["white", "black"])
def test_text_is_legible_on_any_ground(ground: str):
    stamped = Watermark("© Ada", opacity=1).stamp(Image.new("RGB", (600, 400), ground)).convert("L")

    darkest, lightest = stamped.getextrema()
    assert lightest - darkest > 90


def test_opacity_lets_the_picture_through():
    logo = Image.new("RGB", (50, 50), "white")
    ground = Image.new("RGB", (400, 400), "black")

    assert Watermark(picture=logo, position="centre", opacity=0.25).stamp(ground).getpixel((200, 200)) == (64,) * 3


def test_transparent_parts_of_a_logo_stay_transparent():
    logo = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    logo.paste((255, 0, 0, 255), (0, 0, 30, 60))

    stamped = Watermark(picture=logo, position="centre", opacity=1).stamp(Image.new("RGB", (400, 400), "blue"))

    assert stamped.getpixel((180, 200)) == (255, 0, 0)
    assert stamped.getpixel((220, 200)) == (0, 0, 255)


def test_mark_shows_on_a_transparent_ground_and_leaves_the_rest_transparent():
    stamped = Watermark("© Ada", position="top-left").stamp(Image.new("RGBA", (600, 400)))

    assert stamped.mode == "RGBA"
    assert stamped.getchannel("A").crop((0, 0, 200, 60)).getextrema()[1] > 100
    assert stamped.getpixel((590, 390))[3] == 0


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("size", [(400, 3), (3, 400), (4000, 20)])
def test_strange_shapes_are_stamped_all_the_same(mode: str, size: tuple[int, int]):
    assert Watermark("© Ada, and a lot more to say").stamp(Image.new(mode, size)).size == size


def test_small_pictures_stay_clean():
    thumbnail = Image.new("RGB", (165, 124), "grey")

    assert Watermark("© Ada").stamp(thumbnail).tobytes() == thumbnail.tobytes()


def test_picture_given_stays_as_it_is():
    ground = Image.new("RGB", (600, 400), "grey")
    before = ground.tobytes()

    Watermark("© Ada").stamp(ground)

    assert ground.tobytes() == before


def test_font_has_the_letters_of_europe():
    assert missing_characters("© ® Zażółć Ωμέγα Жук – “é”") == ""


def test_letters_that_the_font_has_not_are_named():
    assert missing_characters("a日b本日") == "日本"


def test_preview_is_a_picture_with_transparency():
    assert preview(Watermark("© Ada"))[8:12] == b"WEBP"


@pytest.mark.parametrize("options", [{"position": "left"}, {"opacity": 0}, {"opacity": 2}])
def test_watermark_that_makes_no_sense_is_refused(options: dict):
    with pytest.raises(ValueError, match=r"position|opacity"):
        Watermark("x", **options)


def test_positions_of_collections_are_those_of_watermarks():
    assert set(WatermarkPosition.values) == set(POSITIONS)
