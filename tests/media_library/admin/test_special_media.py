"""Motion photos and panoramas on the pages of the admin."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.models import User
from media_library.models import CustomImage, Video
from media_library.motion import join
from media_library.usage.rewriting import replace_everywhere
from tests.media import film_file
from tests.special_media import motion_photo, sphere_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def panorama(db) -> CustomImage:
    image = CustomImage(title="Square", file=sphere_file())
    image.save()
    return image


def edit_page(client: Client, image: CustomImage) -> str:
    return client.get(reverse("wagtailimages:edit", args=(image.pk,))).content.decode()


def test_picture_and_film_lead_to_each_other(admin_client, photo, film):
    join(photo, film)

    film_url = reverse("media_library_videos:edit", args=(film.pk,))
    assert f'Its film is <a href="{film_url}">Tide</a>' in edit_page(admin_client, photo)
    photo_url = reverse("wagtailimages:edit", args=(photo.pk,))
    assert f'the motion photo <a href="{photo_url}">Harbour</a>' in admin_client.get(film_url).content.decode()


def test_film_that_is_on_its_way_is_announced(admin_client, small_film):
    still = CustomImage(title="Harbour", file=ContentFile(motion_photo(small_film), name="harbour.jpg"))
    still.save()

    assert "Its film is being taken out" in edit_page(admin_client, still)


def test_page_says_why_there_is_no_film(admin_client, small_film, develop):
    still = CustomImage(title="Harbour", file=ContentFile(motion_photo(small_film[:4000]), name="harbour.jpg"))
    still.save()
    develop(still)

    assert "The film in this motion photo is damaged or cut off" in edit_page(admin_client, still)


def test_separated_film_stays_and_may_be_deleted(admin_client, photo, film):
    join(photo, film)

    admin_client.post(reverse("media_library_separate_film", args=(photo.pk,)))

    photo.refresh_from_db()
    assert photo.motion is None
    assert "motion photo" not in edit_page(admin_client, photo)
    assert ModelLogEntry.objects.filter(action="media_library.separate_film", object_id=photo.pk).exists()
    admin_client.post(reverse("media_library_videos:delete", args=(film.pk,)))
    assert Video.objects.get().trashed_at is not None


def test_who_may_not_change_the_picture_may_not_separate_its_film(client, photo, film):
    join(photo, film)
    writer = User.objects.create_user("bob", "bob@example.org", "a long password")
    group = Group.objects.create(name="Guests")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    writer.groups.add(group)
    client.force_login(writer)

    client.post(reverse("media_library_separate_film", args=(photo.pk,)))

    photo.refresh_from_db()
    assert photo.motion == film


def test_delete_page_of_a_motion_photo_tells_of_its_film(admin_client, photo, film):
    join(photo, film)

    page = admin_client.get(reverse("wagtailimages:delete", args=(photo.pk,))).content.decode()

    assert reverse("media_library_videos:edit", args=(film.pk,)) in page
    assert "stays in the library" in page


def test_delete_page_of_the_film_tells_of_its_picture(admin_client, photo, film):
    join(photo, film)

    page = admin_client.get(reverse("media_library_videos:delete", args=(film.pk,))).content.decode()

    assert "Harbour" in page
    assert "Film of the motion photo" in page


def test_film_is_replaced_in_its_picture_like_everywhere(admin_client, photo, film, tmp_path, admin_user):
    join(photo, film)
    other = Video(title="Ebb", file=film_file(tmp_path, seconds=2))
    other.save()

    replace_everywhere(film, other, admin_user)

    photo.refresh_from_db()
    assert photo.motion == other


def test_panorama_can_be_looked_around_in(admin_client, panorama, develop):
    develop(panorama)

    page = edit_page(admin_client, panorama)

    assert f'data-src="{panorama.largest_rendition().url}"' in page
    assert 'data-area="0.0 0.0 1.0 1.0"' in page
    assert 'src="/static/media_library/js/sphere.js"' in page


def test_flat_picture_loads_nothing_for_panoramas(admin_client, photo):
    assert "sphere" not in edit_page(admin_client, photo)


def test_library_finds_panoramas_and_marks_them(admin_client, panorama, photo):
    page = admin_client.get(reverse("media_library_index") + "?sphere=true").content.decode()

    assert "Square" in page
    assert f'data-asset-id="{photo.pk}"' not in page
    assert "<span>360°</span>" in page


def test_title_of_a_film_is_escaped(admin_client, photo, film):
    Video.objects.filter(pk=film.pk).update(title="<script>alert(1)</script>")
    join(photo, film)

    assert "<script>alert(1)" not in edit_page(admin_client, photo)
