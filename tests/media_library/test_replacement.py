import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.test import override_settings
from wagtail.models import ModelLogEntry

from media_library.editing import edit
from media_library.exceptions import DamagedFile, NotReplaced, UnacceptableFile
from media_library.imaging.operations import Recipe
from media_library.models import (
    Asset,
    AssetVersion,
    CustomDocument,
    CustomImage,
    CustomRendition,
    SupersededFile,
    Video,
)
from media_library.models.files import originals_storage
from media_library.replacement import current_number, replace_file, restore_version, versions
from tests.media import film_file, photo_bytes, photo_file, sound_file, transparent_png

pytestmark = pytest.mark.django_db


@pytest.fixture
def originals() -> Callable[[], set[str]]:
    """The names of all private files."""
    root = settings.DATA_DIR / "originals"
    return lambda: {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def other_photo(name: str = "quay.png") -> ContentFile:
    return ContentFile(transparent_png(), name=name)


def test_asset_whose_file_was_never_replaced_has_one_version(photo):
    [only] = versions(photo)

    assert (only.number, only.filename, only.is_current) == (1, "harbour.jpg", True)
    assert not AssetVersion.objects.exists()


def test_former_file_is_kept_with_who_when_and_why(photo, admin_user, originals):
    former = photo.file.name

    number = replace_file(photo, other_photo(), admin_user, "The light is better")

    assert number == current_number(photo.pk) == 2
    photo.refresh_from_db()
    assert (photo.filename, photo.mime_type, photo.width) == ("quay.png", "image/png", 500)
    newest, oldest = versions(photo)
    assert (newest.number, newest.note, newest.created_by) == (2, "The light is better", admin_user)
    assert (newest.filename, newest.is_current) == ("quay.png", True)
    assert (oldest.filename, oldest.mime_type, oldest.width, oldest.is_current) == (
        "harbour.jpg",
        "image/jpeg",
        800,
        False,
    )
    assert oldest.file.name == former
    assert originals() >= {former, photo.file.name}
    assert oldest.file_size == len(photo_bytes())
    entry = ModelLogEntry.objects.get(action="media_library.replace_file")
    assert (entry.user, entry.data["version"]) == (admin_user, 2)


def test_preview_of_the_former_file_is_kept_in_private(photo, develop, originals, django_capture_on_commit_callbacks):
    develop(photo)

    with django_capture_on_commit_callbacks(execute=True):
        replace_file(photo, other_photo())

    former = versions(photo)[1]
    assert former.preview.name.startswith(f"image/{photo.pk}/previews/")
    assert former.preview.name in originals()


def test_addresses_change_with_the_file_and_again_when_it_comes_back(photo, develop):
    develop(photo)
    first = set(photo.renditions.values_list("file", flat=True))

    replace_file(photo, other_photo())
    develop(photo)
    second = set(photo.renditions.values_list("file", flat=True))
    restore_version(versions(photo)[1])
    develop(photo)
    third = set(photo.renditions.values_list("file", flat=True))

    assert not first & second and not first & third and not second & third
    assert first | second <= set(SupersededFile.objects.values_list("name", flat=True))


def test_restoring_makes_a_new_version_and_overwrites_none(photo, admin_user, originals):
    data = photo.file.read()
    replace_file(photo, other_photo())

    restore_version(versions(photo)[1], admin_user)

    photo.refresh_from_db()
    assert [one.number for one in versions(photo)] == [3, 2, 1]
    assert photo.file.open().read() == data
    assert [one.filename for one in versions(photo)] == ["harbour.jpg", "quay.png", "harbour.jpg"]
    assert len(originals()) == 3


def test_edits_and_focal_point_come_back_with_the_picture(photo, admin_user):
    edit(photo, Recipe(rotate=90), admin_user, (0.25, 0.5))
    photo.refresh_from_db()
    recipe, size, focus = photo.recipe, (photo.width, photo.height), photo.focal_point_x
    replace_file(CustomImage.objects.get(pk=photo.pk), other_photo())
    photo.refresh_from_db()
    assert photo.recipe == {}

    restore_version(versions(photo)[1])

    photo.refresh_from_db()
    assert (photo.recipe, (photo.width, photo.height), photo.focal_point_x) == (recipe, size, focus)
    assert recipe and size == (600, 800)


def test_film_keeps_its_former_file(film, tmp_path, originals, django_capture_on_commit_callbacks):
    former = film.file.name

    with django_capture_on_commit_callbacks(execute=True):
        replace_file(film, film_file(tmp_path, "ebb.mp4", seconds=0.5))

    assert former in originals()
    assert Video.objects.get(pk=film.pk).file.name in originals()


def test_plain_save_keeps_the_former_file_too(photo):
    photo.file = other_photo()
    photo.save()

    assert [one.number for one in versions(photo)] == [2, 1]


def test_refused_file_changes_nothing(photo, originals):
    before = originals()

    with pytest.raises(UnacceptableFile):
        replace_file(photo, ContentFile(b"not a picture", name="harbour.jpg"))
    with pytest.raises(UnacceptableFile):
        replace_file(photo, sound_file())

    photo.refresh_from_db()
    assert (photo.version, photo.status) == (1, "uploaded")
    assert originals() == before
    assert not AssetVersion.objects.exists()


def test_asset_that_is_gone_is_told(photo):
    stale = CustomImage.objects.get(pk=photo.pk)
    photo.delete()

    with pytest.raises(NotReplaced):
        replace_file(stale, other_photo())
    assert not Asset.objects.exists()


def test_editor_with_an_old_copy_loses_nothing_of_the_other_one(photo):
    stale = CustomImage.objects.get(pk=photo.pk)
    replace_file(photo, other_photo())
    Asset.objects.filter(pk=photo.pk).update(view_count=7)

    stale.file = photo_file("third.jpg", width=200, height=100)
    stale.save()

    stale.refresh_from_db()
    assert [one.filename for one in versions(stale)] == ["third.jpg", "quay.png", "harbour.jpg"]
    assert (stale.version, stale.view_count) == (3, 7)


def test_only_so_many_versions_are_kept(photo, originals, django_capture_on_commit_callbacks):
    with override_settings(MEDIA_LIBRARY={"KEEP_VERSIONS": 1}), django_capture_on_commit_callbacks(execute=True):
        for width in (100, 200, 300):
            replace_file(photo, photo_file(width=width, height=100))

    assert [one.number for one in versions(CustomImage.objects.get(pk=photo.pk))] == [4, 3]
    assert len([name for name in originals() if "/previews/" not in name]) == 2


def test_deleting_for_good_removes_the_files_of_all_versions(db, originals, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = CustomDocument(title="Tides", file=ContentFile(b"%PDF-1.4 one", name="tides.pdf"))
        document.save()
        image = CustomImage(title="Harbour", file=photo_file())
        image.save()
        replace_file(document, ContentFile(b"%PDF-1.4 two", name="tides.pdf"))
        replace_file(image, other_photo())
    assert len(originals()) == 5

    with django_capture_on_commit_callbacks(execute=True):
        for asset in (document, image):
            Asset.objects.get(pk=asset.pk).specific.delete()

    assert originals() == set()


def test_version_whose_file_is_missing_says_so(photo):
    replace_file(photo, other_photo())
    former = versions(photo)[1]
    originals_storage().delete(former.file.name)

    with pytest.raises(DamagedFile, match="version 1 is missing"):
        restore_version(former)


def test_current_version_needs_no_restoring(photo):
    replace_file(photo, other_photo())

    with pytest.raises(NotReplaced, match="Version 2 is the current one"):
        restore_version(AssetVersion.objects.get(asset=photo, number=2))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_replace_at_once_are_both_kept_in_order(root_collection):
    image = CustomImage(title="Harbour", file=photo_file(width=160, height=120))
    image.save()
    barrier = threading.Barrier(2)
    failed: list[Exception] = []

    def replace(name: str, width: int) -> None:
        mine = CustomImage.objects.get(pk=image.pk)
        file = photo_file(name, width=width, height=100)
        barrier.wait(timeout=60)
        try:
            replace_file(mine, file)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=replace, args=one) for one in (("ada.jpg", 140), ("bob.jpg", 150))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    image.refresh_from_db()
    assert failed == []
    assert {one.filename for one in versions(image)} == {"harbour.jpg", "ada.jpg", "bob.jpg"}
    assert [one.number for one in versions(image)] == [3, 2, 1]
    assert image.version == 3
    assert all(originals_storage().exists(one.file.name) for one in image.versions.exclude(file=""))
    assert not CustomRendition.objects.exclude(file__startswith=f"{image.pk}/3/").exists()
