"""The panel with all crops, without its script; that is in tests/browser/test_crops.py."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from media_library.admin.crops import shapes
from media_library.models import CustomImage, Suggestion
from tests.media import drawing_file

PANEL = 'data-controller="media-crops"'


def page(client: Client, image: CustomImage) -> str:
    return client.get(f"/admin/images/{image.pk}/").content.decode()


def test_page_shows_every_crop_in_its_size(admin_client: Client, photo: CustomImage, develop: Callable):
    develop(photo)

    html = page(admin_client, photo)

    assert 'data-width="1920" data-height="1080"' in html
    assert html.count('data-media-crops-target="crop"') == len(shapes()) == 7


@pytest.mark.django_db
def test_preset_that_does_not_crop_is_not_shown(settings: Any):
    settings.IMAGE_VARIANTS = {
        "wide": {"width": 2400, "height": 800, "crop": True},
        "hero": None,
        "whole": {"width": 9},
    }

    assert ("wide", 2400, 800) in shapes()
    assert {"hero", "whole"}.isdisjoint(one.name for one in shapes())


def test_suggested_focal_point_can_be_tried_in_pixels_of_the_picture(
    admin_client: Client, photo: CustomImage, develop: Callable
):
    develop(photo)
    Suggestion.objects.create(
        asset=photo, version=1, field="focal_point", text="50% 25%", confidence=0.9, source="focus",
        area=[0.25, 0, 0.5, 0.5],
    )  # fmt: skip

    suggested = {"x": photo.width // 2, "y": photo.height // 4, "width": photo.width // 2, "height": photo.height // 2}
    assert json.dumps(suggested).replace('"', "&quot;") in page(admin_client, photo)


def test_drawing_has_no_crops(admin_client: Client):
    drawing = CustomImage(title="Plan", file=drawing_file())
    drawing.save()

    assert PANEL not in page(admin_client, drawing)


def test_picture_that_is_not_developed_has_no_crops_yet(admin_client: Client, photo: CustomImage):
    assert PANEL not in page(admin_client, photo)
