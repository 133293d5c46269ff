from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageFilter, ImageStat
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter
from willow.svg import SvgImage

from media_library.models import CustomImage
from tests.media import CORNERS, transparent_png


def rendered(image: CustomImage, spec: str) -> Image.Image:
    with image.get_rendition(spec).file.open() as file:
        picture = Image.open(file)
        picture.load()
    return picture


def is_like(colour: tuple[int, ...], name: str) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(colour[:3], CORNERS[name], strict=True))


@pytest.mark.parametrize(
    ("spec", "size", "top_left"),
    [
        ("rotate-90", (150, 200), "blue"),
        ("rotate-180", (200, 150), "yellow"),
        ("rotate-270", (150, 200), "green"),
        ("flip-horizontal", (200, 150), "green"),
        ("flip-vertical", (200, 150), "blue"),
    ],
)
def test_picture_is_turned(photo: CustomImage, spec: str, size: tuple[int, int], top_left: str):
    picture = rendered(photo, f"width-200|{spec}|format-webp")

    assert picture.size == size
    assert is_like(picture.convert("RGB").getpixel((4, 4)), top_left)


@pytest.mark.parametrize("spec", ["straighten-5", "straighten--5"])
def test_picture_is_straightened(photo: CustomImage, spec: str):
    width, height = rendered(photo, f"width-200|{spec}|format-webp").size

    assert 150 < width < 200
    assert width / height == pytest.approx(4 / 3, rel=0.02)


@pytest.mark.parametrize(
    ("spec", "of_red"),
    [
        ("brightness-50", (110, 20, 20)),
        ("contrast-0", (128, 128, 128)),
        ("saturation-0", (78, 78, 78)),
        ("greyscale", (78, 78, 78)),
        ("sepia", (125, 111, 87)),
    ],
)
def test_colours_are_changed(photo: CustomImage, spec: str, of_red: tuple[int, ...]):
    colour = rendered(photo, f"width-200|{spec}|format-png").convert("RGB").getpixel((6, 6))

    assert colour == pytest.approx(of_red, abs=8)


def test_operations_follow_each_other(photo: CustomImage):
    picture = rendered(photo, "width-200|rotate-90|greyscale|format-png").convert("RGB")

    red, green, blue = picture.getpixel((6, 6))
    assert picture.size == (150, 200)
    assert red == green == blue


def test_blur_softens(photo: CustomImage):
    sharp, soft = (
        ImageStat.Stat(rendered(photo, spec).convert("L").filter(ImageFilter.FIND_EDGES)).mean[0]
        for spec in ("width-200|format-png", "width-200|blur-2|format-png")
    )

    assert soft < sharp * 0.7


def test_crop_has_the_aspect_and_keeps_the_focal_point(photo: CustomImage):
    photo.focal_point_x, photo.focal_point_y = 790, 10
    photo.focal_point_width = photo.focal_point_height = 0

    picture = rendered(photo, "crop-1x1|width-200|format-webp")

    assert picture.size == (200, 200)
    assert is_like(picture.convert("RGB").getpixel((196, 4)), "green")


def test_transparency_is_kept(db: None):
    image = CustomImage(title="Logo", file=ContentFile(transparent_png(), name="logo.png"))
    image.save()

    picture = rendered(image, "width-200|rotate-90|sepia|format-png")

    assert picture.getpixel((75, 2))[3] == 0
    assert picture.getpixel((75, 190))[3] == 255


def test_named_watermark_is_stamped(photo: CustomImage, settings, tmp_path: Path):
    Image.new("RGB", (40, 40), (255, 0, 255)).save(tmp_path / "logo.png")
    options = {"image": str(tmp_path / "logo.png"), "position": "centre", "opacity": 1.0}
    settings.MEDIA_LIBRARY = {"WATERMARKS": {"my-logo": options}}

    picture = rendered(photo, "width-400|watermark-my-logo|format-png").convert("RGB")

    assert picture.getpixel((200, 150)) == (255, 0, 255)


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("rotate-45", "rotate-90, rotate-180 or rotate-270"),
        ("rotate", "rotate-90, rotate-180 or rotate-270"),
        ("rotate-0", "rotate-90, rotate-180 or rotate-270"),
        ("flip-sideways", "flip-horizontal or flip-vertical"),
        ("brightness-300", "brightness-120, in percent"),
        ("contrast-a", "contrast-120, in percent"),
        ("blur-50", "up to 10"),
        ("straighten-nan", "straighten-3"),
        ("sepia-5", "sepia, without a value"),
        ("crop-16", "crop-16x9"),
        ("crop-16x0", "crop-16x9"),
        ("watermark-nobody", "there is: none"),
    ],
)
def test_wrong_filter_says_how_it_is_written(spec: str, hint: str):
    with pytest.raises(InvalidFilterSpecError, match=hint):
        _ = Filter(spec).operations


def test_vector_graphics_are_left_alone():
    svg = SvgImage(None)

    operation = Filter("rotate-90").operations[0]

    assert operation.run(svg, None, {}) is svg
