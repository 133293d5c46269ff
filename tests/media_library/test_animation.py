from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from media_library.models import CustomImage
from tests.media import animation_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["GIF", "WEBP", "AVIF"])
def moving(request, develop) -> CustomImage:
    """An animation of four frames that plays for ever."""
    extension = request.param.lower()
    data = animation_bytes(request.param, (100, 200, 300, 400))
    image = CustomImage(title="Waves", file=ContentFile(data, name=f"waves.{extension}"))
    image.save()
    develop(image)
    return image


def frames(row) -> list[tuple[tuple[int, ...], int]]:
    """Colour and duration of each frame."""
    with Image.open(BytesIO(row.file.open("rb").read())) as picture:
        found = []
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            found.append((picture.convert("RGB").getpixel((30, 20)), round(picture.info["duration"])))
        return found


def test_animation_stays_animated_in_every_format(moving):
    assert (moving.status, moving.is_animated) == ("ready", True)
    for form in ("avif", "webp", "gif"):
        shown = frames(moving.renditions.get(filter_spec=f"width-64|format-{form}"))
        assert [duration for _, duration in shown] == [100, 200, 300, 400]
        reds = [colour[0] for colour, _ in shown]
        assert reds == pytest.approx([0, 60, 120, 180], abs=25)


def test_crops_and_admin_thumbnail_stand_still(moving):
    for row in moving.renditions.exclude(preset="ladder"):
        with Image.open(BytesIO(row.file.open("rb").read())) as picture:
            assert getattr(picture, "n_frames", 1) == 1


def test_animation_has_a_still_for_where_nothing_may_move(moving, client):
    shown = client.get(f"/api/v2/images/{moving.pk}/").json()

    assert shown["animated"] is True
    assert shown["presets"]["still"]["width"] == 64
    assert shown["src"].endswith(".gif")


def test_rendition_on_demand_moves_too(moving):
    assert len(frames(moving.get_rendition("width-32|format-webp"))) == 4
    assert moving.get_rendition("width-32").file.name.endswith(".gif")


def test_still_on_demand_is_the_first_frame(moving):
    with Image.open(moving.get_rendition("width-32|format-png").file) as picture:
        assert picture.convert("RGB").getpixel((15, 10))[0] < 30
