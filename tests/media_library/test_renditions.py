from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template
from PIL import Image

from media_library.models import CustomImage, CustomRendition
from tests.media import photo_bytes, photo_file

pytestmark = pytest.mark.django_db


def test_ladder_is_found_by_wagtails_own_tag(photo, develop):
    develop(photo)
    before = CustomRendition.objects.count()

    html = Template("{% load wagtailimages_tags %}{% image photo width-640 format-avif %}").render(
        Context({"photo": photo})
    )

    assert CustomRendition.objects.count() == before
    assert "format-avif-" in html


def test_picture_is_usable_before_any_worker_ran(photo):
    rendition = photo.renditions.get(filter_spec="width-320|format-jpeg")

    assert (rendition.width, rendition.height) == (320, 240)
    assert rendition.file.storage.exists(rendition.file.name)


def test_names_hold_asset_version_and_a_hash_of_the_bytes(photo, develop):
    develop(photo)

    for rendition in photo.renditions.all():
        assert rendition.file.name.startswith(f"{photo.pk}/1/")
    names = set(photo.renditions.values_list("file", flat=True))
    assert len(names) == photo.renditions.count()


def test_developing_again_keeps_one_of_each_and_no_stray_file(photo, develop, public_files):
    from media_library import jobs

    develop(photo)
    jobs.enqueue(photo)
    develop(photo)

    assert photo.status == "ready"
    assert public_files() == set(CustomRendition.objects.values_list("file", flat=True))


def test_rendition_on_demand_tells_nothing_of_the_camera(photo):
    rendition = photo.get_rendition("fill-100x100")

    with rendition.file.open("rb") as file:
        data = file.read()
    assert b"Darkroom Test Camera" not in data
    assert not Image.open(BytesIO(data)).getexif()


def test_rendition_on_demand_is_upright():
    image = CustomImage(title="Turned", file=photo_file(width=400, height=300, orientation=6))
    image.save()

    rendition = image.get_rendition("width-200|format-webp")

    assert (rendition.width, rendition.height) == (200, 150)


def test_replaced_file_gets_a_new_version_with_new_names(photo, develop, django_capture_on_commit_callbacks):
    develop(photo)
    old_names = set(photo.renditions.values_list("file", flat=True))
    old_original = photo.file.name

    with django_capture_on_commit_callbacks(execute=True):
        photo.file = ContentFile(photo_bytes(300, 300), name="other.jpg")
        photo.save()
    develop(photo)

    assert (photo.version, photo.width, photo.status) == (2, 300, "ready")
    assert not old_names & set(photo.renditions.values_list("file", flat=True))
    assert [version.file.name for version in photo.versions.exclude(file="")] == [old_original]


def test_deleting_an_image_leaves_nothing_behind(photo, develop, public_files, django_capture_on_commit_callbacks):
    develop(photo)
    original = photo.file.name

    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()

    assert public_files() == set()
    assert not photo.file.storage.exists(original)
