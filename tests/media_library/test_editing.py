from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import ModelLogEntry

from cms.models import User
from media_library.editing import edit, revert
from media_library.exceptions import DamagedFile, UnacceptableRecipe
from media_library.imaging.operations import OwnWatermark, Recipe
from media_library.jobs import redevelop
from media_library.models import Asset, CustomImage, CustomRendition, ProcessingJob, SupersededFile
from tests.media import CORNERS, photo_bytes, photo_file

NARROW = Recipe(crop=(0.25, 0.0, 0.75, 1.0))


def original(image: CustomImage) -> bytes:
    with CustomImage.objects.get(pk=image.pk).file.open("rb") as file:
        return file.read()


def focus(image: CustomImage, x: int, y: int, width: int = 0, height: int = 0) -> None:
    image.focal_point_x, image.focal_point_y = x, y
    image.focal_point_width, image.focal_point_height = width, height
    image.save()


def focal_point(image: CustomImage) -> tuple[int | None, ...]:
    image.refresh_from_db()
    return (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)


def test_recipe_and_size_are_stored(photo: CustomImage, admin_user: User):
    edit(photo, Recipe(rotate=90, crop=(0, 0, 0.5, 1)), admin_user)

    stored = CustomImage.objects.get(pk=photo.pk)
    assert stored.recipe == {"rotate": 90, "crop": [0, 0, 0.5, 1]}
    assert (stored.width, stored.height) == (photo.width, photo.height) == (300, 800)


def test_size_follows_from_the_original_and_not_from_the_last_edit(photo: CustomImage, admin_user: User):
    edit(photo, NARROW, admin_user)
    edit(photo, NARROW, admin_user)

    assert (photo.width, photo.height) == (400, 600)


def test_size_respects_the_orientation_of_the_camera(db: None, admin_user: User):
    image = CustomImage(title="Tower", file=ContentFile(photo_bytes(600, 800, orientation=6), name="tower.jpg"))
    image.save()
    edit(image, Recipe(tone="sepia"), admin_user)

    edit(image, Recipe(rotate=90), admin_user)

    assert (image.width, image.height) == (800, 600)


def test_original_is_untouched(photo: CustomImage, admin_user: User):
    before, name = original(photo), photo.file.name

    edit(photo, Recipe(rotate=90, brightness=0.5), admin_user)

    assert original(photo) == before
    assert CustomImage.objects.get(pk=photo.pk).file.name == name


def test_edit_begins_a_version_and_queues_its_work(photo: CustomImage, develop, admin_user: User):
    develop(photo)
    version = photo.version

    edit(photo, NARROW, admin_user)

    stored = CustomImage.objects.get(pk=photo.pk)
    job = ProcessingJob.objects.get(asset=photo)
    assert stored.version == job.version == version + 1
    assert stored.status == Asset.Status.UPLOADED
    assert job.state == ProcessingJob.State.QUEUED


def test_work_is_sent_after_commit(photo: CustomImage, admin_user: User, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edit(photo, NARROW, admin_user)

    assert ProcessingJob.objects.get(asset=photo).sent_at is not None


def test_renditions_of_today_stay_until_the_new_ones_are_there(photo: CustomImage, develop, admin_user: User):
    develop(photo)
    before = set(photo.renditions.values_list("file", flat=True))

    edit(photo, NARROW, admin_user)

    assert set(photo.renditions.values_list("file", flat=True)) == before


def test_revert_shows_the_original_again(photo: CustomImage, admin_user: User):
    edit(photo, Recipe(rotate=90), admin_user)

    revert(photo, admin_user)

    stored = CustomImage.objects.get(pk=photo.pk)
    assert stored.recipe == {}
    assert (stored.width, stored.height) == (800, 600)
    assert stored.version == 3


def test_focal_point_moves_along(photo: CustomImage, admin_user: User):
    focus(photo, 700, 100, 40, 20)

    edit(photo, Recipe(rotate=90), admin_user)

    assert focal_point(photo) == (500, 700, 20, 40)


def test_focal_point_comes_back_with_the_original(photo: CustomImage, admin_user: User):
    focus(photo, 500, 100, 40, 20)
    edit(photo, Recipe(rotate=270, flip_horizontal=True, straighten=4, crop=(0.1, 0.1, 0.9, 0.9)), admin_user)

    revert(photo, admin_user)

    assert focal_point(photo) == pytest.approx((500, 100, 40, 20), abs=1)


def test_focal_point_outside_the_crop_is_dropped(photo: CustomImage, admin_user: User):
    focus(photo, 50, 100)

    edit(photo, NARROW, admin_user)

    assert focal_point(photo) == (None,) * 4


def test_focal_point_may_be_given(photo: CustomImage, admin_user: User):
    edit(photo, NARROW, admin_user, (0.5, 0.25))

    assert focal_point(photo)[:2] == (200, 150)


def test_focal_point_may_be_taken_away(photo: CustomImage, admin_user: User):
    focus(photo, 400, 300)

    edit(photo, Recipe(), admin_user, None)

    assert focal_point(photo) == (None,) * 4


def test_edit_stands_in_the_log(photo: CustomImage, admin_user: User):
    edit(photo, NARROW, admin_user)
    revert(photo, admin_user)

    entries = ModelLogEntry.objects.filter(object_id=str(photo.pk), action__startswith="media_library.")
    assert [(entry.action, entry.user) for entry in entries.order_by("pk")] == [
        ("media_library.edit_picture", admin_user),
        ("media_library.revert_picture", admin_user),
    ]


def test_saving_the_form_afterwards_leaves_the_edits_alone(photo: CustomImage, admin_user: User):
    stale = CustomImage.objects.get(pk=photo.pk)
    edit(photo, NARROW, admin_user)

    stale.title = "Harbour at night"
    stale.save()

    stored = CustomImage.objects.get(pk=photo.pk)
    assert (stored.title, stored.width, stored.version) == ("Harbour at night", 400, 2)
    assert stored.get_recipe() == NARROW


def test_watermark_whose_picture_is_gone_is_refused(photo: CustomImage, admin_user: User):
    with pytest.raises(UnacceptableRecipe, match="isn't in the library"):
        edit(photo, Recipe(watermark=OwnWatermark(image=999)), admin_user)


def test_watermark_with_letters_that_cannot_be_drawn_is_refused(photo: CustomImage, admin_user: User):
    with pytest.raises(UnacceptableRecipe, match="日"):
        edit(photo, Recipe(watermark=OwnWatermark(text="日")), admin_user)


def test_missing_original_is_told_in_words(photo: CustomImage, admin_user: User):
    edit(photo, NARROW, admin_user)
    photo.file.storage.delete(photo.file.name)

    with pytest.raises(DamagedFile, match="missing"):
        edit(photo, Recipe(), admin_user)


def test_refused_edit_changes_nothing(photo: CustomImage, admin_user: User):
    with pytest.raises(UnacceptableRecipe):
        edit(photo, Recipe(watermark=OwnWatermark(text="日")), admin_user)

    assert CustomImage.objects.get(pk=photo.pk).version == 1


def opened(rendition: CustomRendition) -> Image.Image:
    with rendition.file.open() as file:
        return Image.open(file).convert("RGB")


def is_like(colour: tuple[int, ...], name: str) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(colour, CORNERS[name], strict=True))


def test_every_rendition_shows_the_edits(photo: CustomImage, develop, admin_user: User):
    edit(photo, Recipe(rotate=90, crop=(0, 0, 1, 0.5)), admin_user)

    develop(photo)

    ladder = photo.renditions.filter(preset="ladder")
    assert photo.status == Asset.Status.READY
    assert ladder.count() >= 6
    for rendition in ladder:
        assert rendition.width / rendition.height == pytest.approx(1.5, rel=0.01)
        assert is_like(opened(rendition).getpixel((4, 4)), "blue")


def test_rendition_on_demand_shows_the_edits(photo: CustomImage, admin_user: User):
    edit(photo, Recipe(flip_horizontal=True), admin_user)

    assert is_like(opened(photo.get_rendition("width-123")).getpixel((4, 4)), "green")


def test_api_serves_the_former_sizes_until_the_new_ones_are_there(
    photo: CustomImage, develop, client: Client, admin_user: User
):
    develop(photo)
    before = client.get(f"/api/v2/images/{photo.pk}/").json()

    edit(photo, NARROW, admin_user)

    after = client.get(f"/api/v2/images/{photo.pk}/").json()
    assert after["sources"] == before["sources"] != []
    assert after["src"] == before["src"]


def test_files_of_the_former_edit_stay_for_caches(photo: CustomImage, develop, public_files, admin_user: User):
    develop(photo)
    before = public_files()

    edit(photo, NARROW, admin_user)
    develop(photo)

    assert before <= public_files()
    assert set(SupersededFile.objects.values_list("name", flat=True)) == before


def test_reverted_picture_looks_as_before(photo: CustomImage, develop, admin_user: User):
    develop(photo)
    before = opened(photo.renditions.get(filter_spec="width-640|format-jpeg")).tobytes()
    edit(photo, NARROW, admin_user)
    develop(photo)

    revert(photo, admin_user)
    develop(photo)

    assert opened(photo.renditions.get(filter_spec="width-640|format-jpeg")).tobytes() == before


def test_new_file_begins_unedited(photo: CustomImage, admin_user: User):
    edit(photo, Recipe(rotate=90, watermark="none"), admin_user)

    photo.file = photo_file("new.jpg")
    photo.save()

    stored = CustomImage.objects.get(pk=photo.pk)
    assert (stored.width, stored.height) == (800, 600)
    assert stored.recipe == {"watermark": "none"}


def test_thousands_of_pictures_are_queued_by_a_handful_of_statements(
    db: None, django_assert_max_num_queries: Callable[..., AbstractContextManager]
):
    for _ in range(12):
        CustomImage(title="Small", file=photo_file(width=40, height=30)).save()

    with django_assert_max_num_queries(10):
        assert redevelop(CustomImage.objects.all()) == 12

    assert ProcessingJob.objects.filter(version=2).count() == 12
