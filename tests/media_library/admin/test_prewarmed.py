"""Pages of the admin that show pictures find what workers made, and render nothing."""

import pytest
from django.urls import reverse
from wagtail.images.formats import get_image_formats

from media_library.models import CustomRendition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("view", "with_image"),
    [
        ("media_library_index", False),
        ("wagtailimages_chooser:choose", False),
        ("wagtailimages_chooser:choose_results", False),
        ("wagtailimages:edit", True),
        ("wagtailimages:delete", True),
        ("wagtailimages_chooser:chosen", True),
        ("wagtailimages_chooser:select_format", True),
    ],
)
def test_page_of_the_admin_renders_nothing(photo, develop, admin_client, view, with_image):
    develop(photo)
    before = set(CustomRendition.objects.values_list("pk", flat=True))

    answer = admin_client.get(reverse(view, args=[photo.pk] if with_image else []))

    assert answer.status_code == 200
    assert set(CustomRendition.objects.values_list("pk", flat=True)) == before


def test_formats_of_the_rich_text_editor_are_made_beforehand(photo, develop):
    develop(photo)

    made = set(photo.renditions.values_list("filter_spec", flat=True))
    assert {one.filter_spec for one in get_image_formats()} <= made
