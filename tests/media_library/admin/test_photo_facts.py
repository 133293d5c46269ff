import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Collection

from media_library.admin.photo_facts import photo_facts
from media_library.models import Asset, CollectionSettings, CustomImage
from tests.photographs import telling_file

pytestmark = pytest.mark.django_db

EXPOSURE = {"exposure_time": 0.004, "aperture": 4.0, "iso": 200, "focal_length": 35.0, "focal_length_35mm": 52}


def facts(**metadata: object) -> dict[str, str]:
    return dict(photo_facts(CustomImage(title="Quay", metadata=metadata)))


def test_photograph_that_says_nothing_has_no_facts():
    assert facts() == {}


def test_camera_and_exposure_are_written_as_photographers_read_them():
    found = facts(camera_make="Nikon", camera_model="D850", flash=True, **EXPOSURE)

    assert found == {
        "Camera": "Nikon D850",
        "Exposure": "1/250 s, f/4, ISO 200, 35 mm, like 52 mm in full frame, with flash",
    }


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.000125, "1/8000 s"), (0.25, "1/4 s"), (0.3, "0.3 s"), (0.997683, "1 s"), (30.0, "30 s")]
)
def test_exposure_time_is_a_fraction_where_cameras_write_one(seconds: float, shown: str):
    assert facts(exposure_time=seconds) == {"Exposure": shown}


@pytest.mark.parametrize(("metadata", "shown"), [({"aperture": 1.73}, "f/1.7"), ({"focal_length": 5.40625}, "5.4 mm")])
def test_numbers_have_one_digit_behind_the_point(metadata: dict[str, float], shown: str):
    assert facts(**metadata) == {"Exposure": shown}


def test_focal_length_in_full_frame_is_left_out_where_it_is_the_same():
    assert facts(focal_length=35.0, focal_length_35mm=35) == {"Exposure": "35 mm"}


def test_numbers_and_dates_are_written_in_the_language_of_the_editor():
    with translation.override("de"):
        found = list(facts(aperture=2.8, taken_at="2024-05-17T08:31:09+10:00").values())

    assert found == ["17. Mai 2024 08:31", "f/2,8"]


def test_moment_is_that_of_the_clock_where_the_picture_was_taken():
    assert facts(taken_at="2024-05-17T08:31:09+10:00") == {"Taken": "May 17, 2024, 8:31 a.m."}


def test_caption_of_the_file_is_shown_only_where_the_asset_has_another():
    image = CustomImage(title="Quay", caption="Boats", metadata={"title": "Harbour", "caption": "Boats"})

    assert photo_facts(image) == [("Title in the file", "Harbour")]


@pytest.fixture
def edit_page(admin_client: Client):
    """The text of the edit page of an image, without its markup."""

    def read(image: CustomImage) -> str:
        page = admin_client.get(reverse("wagtailimages:edit", args=(image.pk,))).content.decode()
        return html.unescape(re.sub(r"<[^>]+>", " ", page))

    return read


def test_edit_page_shows_the_facts_without_a_position(edit_page):
    image = CustomImage(title="Quay", file=telling_file())
    image.save()

    page = edit_page(image)

    assert "1/250 s, f/4, ISO 200, 35 mm" in page
    assert "-33.85" not in page


def test_edit_page_shows_the_position_where_the_collection_keeps_it(edit_page, root_collection: Collection):
    CollectionSettings.objects.create(collection=root_collection, keep_location=True)
    image = CustomImage(title="Quay", file=telling_file())
    image.save()

    assert "-33.8568, 151.2153" in edit_page(image)


def test_edit_page_of_a_picture_without_facts_has_no_panel(admin_client: Client, photo: CustomImage):
    Asset.objects.filter(pk=photo.pk).update(metadata={})

    page = admin_client.get(reverse("wagtailimages:edit", args=(photo.pk,))).content.decode()

    assert "photo-facts" not in page


def test_what_a_file_says_is_no_markup(admin_client: Client, photo: CustomImage):
    Asset.objects.filter(pk=photo.pk).update(metadata={"lens": "<script>alert(1)</script>"})

    page = admin_client.get(reverse("wagtailimages:edit", args=(photo.pk,))).content.decode()

    assert "<script>alert(1)" not in page
