"""The film of a motion photo goes where its picture goes: to other folders, out of sight, to the trash and back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from media_library.deletion import empty_trash, restore_asset, trash_asset, trash_assets
from media_library.jobs import motion as splitting
from media_library.models import CustomImage, Video
from tests.blog.content import make_blog, make_post, video_block
from tests.special_media import motion_photo

pytestmark = pytest.mark.django_db


def upload(film: bytes, **fields: object) -> CustomImage:
    image = CustomImage(title="Spray", file=ContentFile(motion_photo(film), name="spray.jpg"), **fields)
    image.save()
    return image


@pytest.fixture
def still(small_film: bytes, develop: Callable[..., None]) -> CustomImage:
    image = upload(small_film)
    develop(image)
    return image


@pytest.fixture
def closed(root_collection: Collection) -> Collection:
    """A folder for who is logged in."""
    folder = root_collection.add_child(instance=Collection(name="Closed"))
    CollectionViewRestriction.objects.create(collection=folder, restriction_type="login")
    return folder


def test_film_is_private_once_its_picture_is(client: Client, still: CustomImage, closed: Collection) -> None:
    url = f"/api/v2/videos/{still.motion_id}/"
    assert client.get(url).status_code == 200

    still.collection = closed
    still.save()

    assert client.get(url).status_code == 404
    assert client.get(f"/api/v2/images/{still.pk}/").status_code == 404


def test_film_follows_a_picture_that_is_moved_with_many_others(still: CustomImage, closed: Collection) -> None:
    still.collection = closed
    still.save(update_fields=["collection", "updated_at"])

    assert Video.objects.get().collection == closed


def test_film_that_an_editor_has_put_elsewhere_stays_there(still: CustomImage, root_collection, closed) -> None:
    elsewhere = root_collection.add_child(instance=Collection(name="Films"))
    Video.objects.update(collection=elsewhere)

    still.collection = closed
    still.save()

    assert Video.objects.get().collection == elsewhere


def test_film_of_two_pictures_stays_with_the_one_that_stays(
    still: CustomImage, closed: Collection, small_film: bytes, develop: Callable[..., None]
) -> None:
    twin = upload(small_film)
    develop(twin)
    assert twin.motion_id == still.motion_id

    still.collection = closed
    still.save()
    assert Video.objects.get().collection != closed

    twin.collection = closed
    twin.save()
    assert Video.objects.get().collection == closed


def test_film_of_a_picture_that_is_moved_while_it_is_taken_out_is_where_the_picture_is(
    small_film: bytes, closed: Collection, develop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    still = upload(small_film)
    put_beside = splitting._film_of

    def move_then(*arguments: object) -> Video:
        film = put_beside(*arguments)
        moved = CustomImage.objects.get(pk=still.pk)
        moved.collection = closed
        moved.save()
        return film

    monkeypatch.setattr(splitting, "_film_of", move_then)
    develop(still)

    assert (still.collection, still.motion.collection) == (closed, closed)


def test_film_goes_to_the_trash_with_its_picture_and_comes_back_with_it(still: CustomImage, admin_user) -> None:
    trash_asset(still, admin_user)
    film = Video.objects.get()
    assert (film.trashed_at, film.trashed_by) == (CustomImage.objects.get().trashed_at, admin_user)

    restore_asset(CustomImage.objects.get(), admin_user)
    assert Video.objects.get().trashed_at is None
    assert CustomImage.objects.get().motion == film


def test_film_that_went_to_the_trash_by_itself_stays_there(still: CustomImage) -> None:
    trash_asset(still)
    restore_asset(Video.objects.get())
    trash_asset(Video.objects.get())

    restore_asset(CustomImage.objects.get())

    assert Video.objects.get().trashed_at is not None


def test_film_that_a_page_shows_stays_when_its_picture_goes(still: CustomImage) -> None:
    make_post(make_blog(), 1, body=[video_block(still.motion)])

    assert trash_assets([still]) == []

    assert CustomImage.objects.get().trashed_at is not None
    assert Video.objects.get().trashed_at is None


def test_film_of_two_pictures_goes_with_the_last_of_them(
    still: CustomImage, small_film: bytes, develop: Callable[..., None]
) -> None:
    twin = upload(small_film)
    develop(twin)

    trash_asset(still)
    assert Video.objects.get().trashed_at is None
    trash_asset(twin)
    assert Video.objects.get().trashed_at is not None


def test_picture_and_film_are_both_deleted_for_good_after_their_time(still: CustomImage) -> None:
    trash_asset(still)
    long_ago = timezone.now() - timedelta(days=400)
    CustomImage.objects.update(trashed_at=long_ago)
    Video.objects.update(trashed_at=long_ago)

    # The picture, which may be restored until then, keeps its film.
    assert (empty_trash(), empty_trash()) == (1, 1)

    assert not CustomImage.objects.exists()
    assert not Video.objects.exists()
