import pytest
from django.test import Client
from django.urls import reverse

from media_library.admin.presets.sizes import size_mark, size_warnings
from media_library.models import Asset, CustomImage
from tests.media import photo_file
from tests.media_library.manifests import HERO, put_in_force

pytestmark = pytest.mark.django_db

WIDE = {"aspect": "16:9", "widths": [640, 1920], "formats": ["webp", "fallback"], "description": "On top"}


@pytest.fixture
def boats(db: None) -> CustomImage:
    image = CustomImage(title="Boats", file=photo_file(width=400, height=300))
    image.save()
    return image


def test_sentence_says_for_what_it_is_too_small_and_how_much_is_missing():
    put_in_force(hero=WIDE)
    asset = Asset(kind="image", width=1500, height=2000)
    assert size_warnings(asset) == ["Too small for hero (On top): 420 pixels of width are missing."]
    asset = Asset(kind="image", width=1919, height=1079)
    assert "pixels of width" in size_warnings(asset)[0]


def test_minimum_of_a_slot_is_enough():
    put_in_force(hero=WIDE | {"minimum": 1500})
    assert size_warnings(Asset(kind="image", width=1500, height=2000)) == []


def test_nothing_is_too_small_without_a_manifest():
    assert size_warnings(Asset(kind="image", width=1, height=1)) == []


def test_drawings_films_and_sounds_are_never_too_small():
    put_in_force(hero=WIDE)
    assert size_warnings(Asset(kind="image", width=10, height=10, mime_type="image/svg+xml")) == []
    assert size_warnings(Asset(kind="video", width=320, height=180)) == []


def test_page_of_a_picture_warns(admin_client: Client, boats: CustomImage):
    put_in_force(hero=WIDE, card=HERO)
    page = admin_client.get(reverse("wagtailimages:edit", args=[boats.pk])).content.decode()
    assert "Too small for hero (On top): 1520 pixels of width and 780 of height are missing." in page
    assert "Too small for card" not in page


def test_field_of_a_form_warns_once_it_is_chosen(admin_client: Client, boats: CustomImage):
    put_in_force(hero=WIDE)
    chosen = admin_client.get(reverse("media_library_chooser:chosen", args=[boats.pk])).json()["result"]
    assert chosen["size_warning"].startswith("Too small for hero")


def test_card_in_the_chooser_names_slots_that_a_picture_is_too_small_for(admin_client: Client, boats: CustomImage):
    put_in_force(hero=WIDE, card=HERO)
    modal = admin_client.get(reverse("media_library_chooser:choose")).json()["html"]
    assert "Too small for hero</span>" in modal
    assert 'title="Too small for hero (On top): 1520 pixels of width and 780 of height are missing."' in modal


def test_card_in_the_chooser_says_nothing_of_what_is_large_enough(admin_client: Client, boats: CustomImage):
    put_in_force(card=HERO)
    assert "Too small" not in admin_client.get(reverse("media_library_chooser:choose")).json()["html"]


def test_mark_of_a_card_names_two_slots_and_counts_the_others():
    put_in_force(a=WIDE, b=WIDE, c=WIDE, d=WIDE)
    assert size_mark(Asset(kind="image", width=10, height=10)) == "Too small for a, b and 2 more"
    assert size_mark(Asset(kind="image", width=4000, height=4000)) == ""
