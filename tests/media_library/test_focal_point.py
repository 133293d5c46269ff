import pytest

from media_library.models import CustomImage, ProcessingJob, SupersededFile
from tests.media import CORNERS, photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def wide(develop) -> CustomImage:
    image = CustomImage(title="Harbour", file=photo_file(width=900, height=300))
    image.save()
    develop(image)
    return image


def focus(image: CustomImage, x: int) -> None:
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = x, 150, 20, 20
    image.save()


def test_new_focal_point_makes_the_crops_anew_and_nothing_else(wide, develop):
    ladder = set(wide.renditions.filter(preset="ladder").values_list("pk", "file"))
    crop = wide.renditions.get(filter_spec="fill-150x150|format-jpeg").file.name

    focus(wide, 10)
    develop(wide)

    assert wide.renditions.get(filter_spec="fill-150x150|format-jpeg").file.name != crop
    assert set(wide.renditions.filter(preset="ladder").values_list("pk", "file")) == ladder
    assert SupersededFile.objects.filter(name=crop).exists()


def test_crop_shows_what_is_in_focus(wide, develop):
    from PIL import Image

    focus(wide, 10)
    develop(wide)

    with Image.open(wide.renditions.get(filter_spec="fill-150x150|format-jpeg").file) as crop:
        red = crop.convert("RGB").getpixel((10, 10))
    assert red == pytest.approx(CORNERS["red"], abs=25)


def test_saving_without_another_focal_point_makes_nothing(wide):
    ProcessingJob.objects.all().delete()

    wide.title = "Another"
    wide.save()

    assert not wide.jobs.exists()


def test_crop_that_comes_back_takes_its_file_back(wide, develop):
    focus(wide, 10)
    develop(wide)
    first = wide.renditions.get(filter_spec="fill-150x150|format-jpeg").file.name
    focus(wide, 800)
    develop(wide)
    focus(wide, 10)
    develop(wide)

    assert wide.renditions.get(filter_spec="fill-150x150|format-jpeg").file.name == first
    assert not SupersededFile.objects.filter(name=first).exists()
