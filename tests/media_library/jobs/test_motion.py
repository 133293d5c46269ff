from datetime import date

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection

from media_library import jobs
from media_library.deletion import trash_asset
from media_library.exceptions import AssetInUse
from media_library.models import CustomImage, ProcessingJob, Video
from media_library.replacement import replace_file
from tests.media import photo_file
from tests.special_media import motion_photo

pytestmark = pytest.mark.django_db


def upload(data: bytes, title: str = "Harbour", **fields) -> CustomImage:
    image = CustomImage(title=title, file=ContentFile(data, name="PXL_0042.MP.jpg"), **fields)
    image.save()
    return image


@pytest.fixture
def still(small_film) -> CustomImage:
    return upload(motion_photo(small_film))


def test_film_of_a_motion_photo_becomes_a_film_of_the_library(still, develop, small_film):
    develop(still)

    assert still.status == "ready"
    film = Video.objects.get()
    assert still.motion == film
    with film.file.open("rb") as file:
        assert file.read() == small_film


def test_film_has_the_folder_the_rights_and_the_texts_of_its_picture(root_collection, admin_user, small_film, develop):
    folder = root_collection.add_child(instance=Collection(name="Private"))
    still = upload(
        motion_photo(small_film),
        collection=folder,
        credit="Ada",
        licence="CC BY 4.0",
        expires_on=date(2030, 1, 1),
        uploaded_by_user=admin_user,
    )
    still.tags.add("sea")

    develop(still)

    film = Video.objects.get()
    assert (film.title, film.collection, film.credit, film.licence) == ("Harbour", folder, "Ada", "CC BY 4.0")
    assert (film.expires_on, film.uploaded_by_user) == (date(2030, 1, 1), admin_user)
    assert list(film.tags.names()) == ["sea"]


def test_same_upload_twice_makes_one_film(still, small_film, develop):
    again = upload(motion_photo(small_film), "Harbour again")

    develop(still, again)

    assert still.motion == again.motion == Video.objects.get()


def test_film_in_another_folder_is_another_film(still, root_collection, small_film, develop):
    elsewhere = upload(motion_photo(small_film), collection=root_collection.add_child(name="Private"))

    develop(still, elsewhere)

    assert still.motion != elsewhere.motion


def test_work_that_was_broken_off_behind_the_film_makes_no_second_one(still, develop):
    develop(still)
    CustomImage.objects.filter(pk=still.pk).update(motion=None, holds_film=True)
    ProcessingJob.objects.filter(asset=still.pk).update(state="queued")

    develop(still)

    assert still.motion == Video.objects.get()


def test_picture_is_ready_with_a_note_where_its_film_is_cut_off(small_film, develop):
    still = upload(motion_photo(small_film[:4000]))

    develop(still)

    assert (still.status, still.motion) == ("ready", None)
    job = still.jobs.get(operation="split_motion")
    assert (job.state, job.attempts) == ("failed", 1)
    assert "the picture is fine" in job.reason
    assert not Video.objects.exists()


def test_film_that_nobody_can_decode_makes_no_film(small_film, develop):
    scrambled = small_film.replace(b"avc1", b"none").replace(b"avcC", b"nonC")
    still = upload(motion_photo(scrambled))

    develop(still)

    assert (still.status, still.motion) == ("ready", None)
    assert not Video.objects.exists()


def test_new_renditions_are_no_reason_to_take_the_film_out_again(still, develop):
    develop(still)

    assert [job.operation for job in jobs.enqueue(still)] == ["develop_image"]


def test_still_that_takes_its_place_has_no_film(still, develop):
    develop(still)

    replace_file(still, photo_file("other.jpg"))

    still.refresh_from_db()
    assert still.motion is None


def test_film_is_used_by_its_picture_and_says_so_when_it_should_go(still, develop, admin_user):
    develop(still)

    with pytest.raises(AssetInUse) as refusal:
        trash_asset(still.motion, admin_user)

    assert [place.title for place in refusal.value.places] == ["Harbour"]
