"""Files that came before panoramas, motion photos and gain maps were known are looked at when there is time."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from media_library import jobs, tasks
from media_library.editing import edit
from media_library.housekeeping import older_files
from media_library.housekeeping.older_files import look_at_older_files
from media_library.imaging.operations import Recipe
from media_library.models import Asset, CustomImage, ProcessingJob, Video
from media_library.motion import separate
from tests.media import photo_file
from tests.special_media import film_all_around, motion_photo, read_ultra_hdr, sphere_file, ultra_hdr

pytestmark = pytest.mark.django_db


def before(*assets: Asset) -> None:
    """Let these be ready since a time when nobody asked what they are."""
    ids = [asset.pk for asset in assets]
    ProcessingJob.objects.filter(asset__in=ids).delete()
    Asset.objects.filter(pk__in=ids).update(recognition=0, projection=None, status="ready")
    CustomImage.objects.filter(pk__in=ids).update(is_hdr=False, holds_film=False, motion=None)


def saved(file: ContentFile, model: type = CustomImage) -> Asset:
    asset = model(title="Square", file=file)
    asset.save()
    return asset


def look() -> int:
    return look_at_older_files(lambda: True)


def test_older_panorama_is_one_for_visitors_too(client) -> None:
    square = saved(sphere_file())
    before(square)

    assert look() == 1

    assert client.get(f"/api/v2/images/{square.pk}/").json()["projection"]["type"] == "equirectangular"


def test_older_panorama_that_is_cropped_stays_flat() -> None:
    square = saved(sphere_file())
    edit(square, Recipe(rotate=90), None)
    before(square)

    assert look() == 1

    square.refresh_from_db()
    assert square.projection is None


def test_older_film_all_around_is_one(small_film: bytes) -> None:
    walk = saved(ContentFile(film_all_around(small_film), name="walk.mp4"), Video)
    before(walk)

    look()

    walk.refresh_from_db()
    assert walk.projection["type"] == "equirectangular"


def test_film_of_an_older_motion_photo_is_taken_out(small_film: bytes, develop: Callable[..., None]) -> None:
    still = saved(ContentFile(motion_photo(small_film), name="spray.jpg"))
    before(still)

    look()
    develop(still)

    assert (still.status, still.motion) == ("ready", Video.objects.get())


def test_film_that_an_editor_has_parted_with_is_not_taken_out_again(
    small_film: bytes, develop: Callable[..., None], admin_user
) -> None:
    still = saved(ContentFile(motion_photo(small_film), name="spray.jpg"))
    develop(still)
    separate(still, admin_user)
    before(still)

    look()

    assert not ProcessingJob.objects.filter(asset=still.pk, operation="split_motion").exists()


def test_jpegs_of_an_older_picture_that_shines_are_made_anew_with_its_gain_map(develop: Callable[..., None]) -> None:
    sun = saved(ContentFile(ultra_hdr(), name="sun.jpg"))
    before(sun)

    look()
    develop(sun)

    assert (sun.is_hdr, sun.status) == (True, "ready")
    with sun.largest_rendition().file.open("rb") as file:
        assert read_ultra_hdr(file.read()) is not None


def test_what_is_common_stays_as_it_is_and_is_looked_at_once() -> None:
    photo = saved(photo_file())
    before(photo)
    changed = Asset.objects.get().updated_at

    assert (look(), look()) == (1, 0)

    assert Asset.objects.get().updated_at == changed
    assert not ProcessingJob.objects.exists()


def test_new_files_are_not_looked_at_twice(photo, develop: Callable[..., None]) -> None:
    develop(photo)

    assert look() == 0


def test_missing_or_broken_original_keeps_no_other_from_being_looked_at() -> None:
    square, missing, broken = saved(sphere_file()), saved(photo_file("gone.jpg")), saved(photo_file("broken.jpg"))
    before(square, missing, broken)
    Path(missing.file.path).unlink()
    Path(broken.file.path).write_bytes(b"\xff\xd8 no picture")

    assert (look(), look()) == (3, 0)

    square.refresh_from_db()
    assert square.projection is not None


def test_storage_that_is_away_leaves_all_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    square = saved(sphere_file())
    before(square)
    with monkeypatch.context() as away:

        def refuse(*arguments: object, **options: object) -> None:
            raise ConnectionError("The storage is away.")

        away.setattr(type(square.file.storage), "_open", refuse)
        assert look() == 0

    assert look() == 1


def test_picture_that_is_edited_meanwhile_is_left_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    square = saved(sphere_file())
    before(square)
    find = older_files._found_in

    def edit_then(asset: Asset) -> object:
        found = find(asset)
        edit(CustomImage.objects.get(pk=asset.pk), Recipe(rotate=90), None)
        return found

    monkeypatch.setattr(older_files, "_found_in", edit_then)
    look()

    square.refresh_from_db()
    assert (square.projection, square.recognition) == (None, 0)


def test_files_wait_while_anything_else_is_to_be_done() -> None:
    square = saved(sphere_file())
    before(square)
    photo = saved(photo_file())
    assert not jobs.is_idle()

    tasks.look_at_older_files_task()
    assert Asset.objects.get(pk=square.pk).recognition == 0

    ProcessingJob.objects.filter(asset=photo.pk).delete()
    tasks.look_at_older_files_task()
    assert Asset.objects.get(pk=square.pk).recognition > 0
