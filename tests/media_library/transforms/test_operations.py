import pytest
from django.test import override_settings

from media_library.exceptions import InvalidTransform
from media_library.transforms.operations import Transform

# Which presets there are, the manifest in force says.
pytestmark = pytest.mark.django_db

ALLOWED = """
    width-800  height-600.avif  max-800x600.webp  min-1x1.jpg  fill-600x400-c50.png  scale-50
    fill-600x400_bgcolor-ffffff_jpegquality-80.jpg  width-800_webpquality-70_avifquality-55
"""

NO_OPERATION = "original blur-5 format-gif width-800_format-gif ../width-800 width-800|format-avif width-800__"
OUT_OF_BOUNDS = """
    width-0 width-0800 width-100000 width--5 width-8e2 width-٣ scale-101 scale-0 scale-1.5 fill-600 fill-600x400-c101
    fill-600x400-x5 width-800_jpegquality-96 width-800_jpegquality-9
"""
NO_SIZE_OR_TWO = "jpegquality-80 width-800_width-900 bgcolor-red_width-800"
NO_FORMAT = "width-800. width-800.gif width-800.svg width-800.avif.webp width-800.AVIF"


@pytest.mark.parametrize("name", ALLOWED.split())
def test_what_is_allowed_reads_back_as_it_is_written(name: str) -> None:
    assert Transform.from_name(name).name == name


@pytest.mark.parametrize("name", ["", *f"{NO_OPERATION} {OUT_OF_BOUNDS} {NO_SIZE_OR_TWO} {NO_FORMAT}".split()])
def test_anything_else_is_refused(name: str) -> None:
    with pytest.raises(InvalidTransform):
        Transform.from_name(name)


def test_refusal_says_what_is_known() -> None:
    with pytest.raises(InvalidTransform, match=r"blur-5 is not allowed\. Known are width, height,"):
        Transform.from_name("blur-5_width-800")


def test_quality_of_another_format_makes_no_rendition_of_its_own() -> None:
    transform = Transform.from_spec("width-800|webpquality-70|jpegquality-60")
    assert transform.spec("avif") == "width-800|format-avif"
    assert transform.spec("webp") == "width-800|webpquality-70|format-webp"


@pytest.mark.parametrize("extension", ["jpg", "jpeg"])
def test_jpeg_has_two_extensions(extension: str) -> None:
    assert Transform.from_name(f"width-800.{extension}").formats == ("jpeg",)


def test_preset_is_asked_for_by_its_name() -> None:
    transform = Transform.from_name("hero.webp")
    assert transform.spec("webp") == "fill-1920x1080|format-webp"
    assert transform.name == "hero.webp"
    assert Transform.from_spec("hero", "webp") == transform


@override_settings(IMAGE_VARIANTS={"a_card": {"width": 480, "formats": ["webp", "fallback"]}})
def test_preset_offers_its_own_formats() -> None:
    assert Transform.from_name("a_card").offered("png") == ("webp", "png")
    assert Transform.from_name("og").offered("jpeg") == ("jpeg",)
    assert Transform.from_name("width-800").offered("gif") == ("avif", "webp", "gif")
