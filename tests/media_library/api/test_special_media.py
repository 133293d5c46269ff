"""Panoramas and motion photos as front ends get them."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import CollectionViewRestriction

from media_library.api.html import picture_html
from media_library.deletion import delete_asset, trash_asset
from media_library.editing import edit, revert
from media_library.imaging.operations import Recipe
from media_library.models import CustomImage, Video
from media_library.motion import join
from media_library.replacement import replace_file, restore_version
from tests.media import photo_file
from tests.special_media import film_all_around, read_ultra_hdr, sphere_file, ultra_hdr

pytestmark = pytest.mark.django_db

WHOLE = {"type": "equirectangular", "stereo": "mono", "left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0}


@pytest.fixture
def panorama(db) -> CustomImage:
    image = CustomImage(title="Square", file=sphere_file())
    image.save()
    return image


@pytest.fixture
def motion(photo: CustomImage, film: Video, develop) -> CustomImage:
    develop(film)
    join(photo, film)
    return photo


def shown(client: Client, asset: CustomImage | Video) -> dict:
    return client.get(f"/api/v2/{asset.kind}s/{asset.pk}/").json()


def test_panorama_says_how_it_lies_flat(client, panorama):
    assert shown(client, panorama)["projection"] == WHOLE


def test_flat_picture_and_flat_film_say_null(client, photo, film):
    assert (shown(client, photo)["projection"], shown(client, film)["projection"]) == (None, None)


@pytest.mark.parametrize("recipe", [Recipe(crop=(0, 0, 0.5, 1)), Recipe(rotate=180), Recipe(straighten=3)])
def test_part_of_a_panorama_is_flat_until_it_is_whole_again(client, panorama, admin_user, recipe):
    edit(panorama, recipe, admin_user)
    assert shown(client, panorama)["projection"] is None

    revert(panorama, admin_user)
    assert shown(client, panorama)["projection"] == WHOLE


def test_panorama_in_other_colours_is_one(client, panorama, admin_user):
    edit(panorama, Recipe(saturation=-1.0), admin_user)

    assert shown(client, panorama)["projection"] == WHOLE


def test_version_that_was_cropped_is_flat_when_it_comes_back(client, panorama, admin_user):
    edit(panorama, Recipe(crop=(0, 0, 0.5, 1)), admin_user)
    replace_file(panorama, photo_file("other.jpg"))

    restore_version(panorama.versions.get(number=1))

    assert shown(client, panorama)["projection"] is None


def test_film_says_it_once_a_worker_has_looked(client, small_film, develop):
    film = Video(title="Square", file=ContentFile(film_all_around(small_film, stereo=1), name="square.mp4"))
    film.save()
    assert shown(client, film)["projection"] is None

    develop(film)

    assert shown(client, film)["projection"] == WHOLE | {"stereo": "top-bottom"}


def test_motion_photo_has_the_sources_of_its_film(client, motion, film):
    told = shown(client, motion)["motion"]

    assert told["id"] == film.pk
    assert told["sources"] == shown(client, film)["sources"] != []


def test_common_picture_has_no_film(client, photo):
    assert shown(client, photo)["motion"] is None


def test_film_in_the_trash_is_not_shown(client, motion, film):
    Video.objects.filter(pk=film.pk).update(trashed_at="2026-01-01T00:00Z")

    assert shown(client, motion)["motion"] is None


def test_film_that_is_closed_to_the_visitor_is_not_shown(client, motion, film, root_collection):
    film.collection = root_collection.add_child(name="Private")
    film.save()
    CollectionViewRestriction.objects.create(collection=film.collection, restriction_type="login")

    assert shown(client, motion)["motion"] is None


def test_picture_is_a_still_once_its_film_is_deleted(client, motion, film):
    join(motion, None)
    trash_asset(film, None)
    delete_asset(film, None)

    assert shown(client, motion)["motion"] is None


def test_films_of_a_whole_list_cost_no_query_each(client, motion, film, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as one:
        client.get("/api/v2/images/?limit=20")
    for number in range(5):
        image = CustomImage(title=f"Harbour {number}", file=photo_file())
        image.save()
        join(image, film)

    with django_assert_max_num_queries(len(one)):
        assert len(client.get("/api/v2/images/?limit=20").json()["items"]) == 6


def test_library_tells_programs_the_same(client, motion, film, panorama, admin_user):
    client.force_login(admin_user)

    assert client.get(f"/api/media/{motion.pk}/").json()["motion"]["id"] == film.pk
    assert client.get(f"/api/media/{panorama.pk}/").json()["projection"] == WHOLE


@pytest.fixture
def shining(db) -> CustomImage:
    image = CustomImage(title="Lamp", file=ContentFile(ultra_hdr(), name="lamp.jpg"))
    image.save()
    return image


def test_picture_that_shines_has_a_gain_map_in_every_jpeg_of_its_ladder(client, shining, develop):
    develop(shining)

    assert shown(client, shining)["hdr"] is True
    for rendition in shining.renditions.filter(preset="ladder", filter_spec__endswith="format-jpeg"):
        with rendition.file.open("rb") as file:
            assert read_ultra_hdr(file.read())


def test_edits_of_its_pixels_end_that_until_they_are_undone(client, shining, admin_user, develop):
    edit(shining, Recipe(brightness=0.2), admin_user)
    develop(shining)

    assert shown(client, shining)["hdr"] is False
    rendition = shining.renditions.filter(preset="ladder", filter_spec__endswith="format-jpeg").first()
    with rendition.file.open("rb") as file:
        assert read_ultra_hdr(file.read()) is None

    revert(shining, admin_user)
    assert shown(client, shining)["hdr"] is True


def test_templates_offer_its_jpegs_first_to_screens_that_can_do_it(shining, photo):
    first = '<picture><source media="(dynamic-range: high)" type="image/jpeg" srcset="/media/'

    assert picture_html(shining, sizes="50vw").startswith(first)
    assert "dynamic-range" not in picture_html(photo, sizes="50vw")
