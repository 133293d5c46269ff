"""The library moves between kinds of storage, and back."""

from typing import Any

import pytest
from django.core.files.storage.handler import StorageHandler
from django.core.management import CommandError, call_command

from cms.media_storages import cloudinary, local, s3
from media_library.models import Asset
from media_library.storage import walk
from tests.storages import Environment, use_storages

pytestmark = pytest.mark.django_db


@pytest.fixture
def everywhere(settings, s3_environment, cloudinary_server, tmp_path) -> Any:
    """All three kinds are set up, and the library is on disk."""
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"WORK_DIR": tmp_path}
    settings.MEDIA_STORAGES = {
        "local": local(settings.DATA_DIR),
        "s3": s3(Environment(s3_environment)),
        "cloudinary": cloudinary(Environment(cloudinary_server.environment())),
    }
    settings.MEDIA_STORAGE = "local"
    return settings


def move(source: str, target: str, **options: Any) -> None:
    call_command("move_storage", "--from", source, "--to", target, verbosity=0, **options)


@pytest.fixture
def read(everywhere):
    """The bytes of every file in a kind of storage."""

    def files(kind: str) -> dict[str, bytes]:
        handler, found = StorageHandler(everywhere.MEDIA_STORAGES[kind]), {}
        for alias in ("default", "originals"):
            for one in walk(handler[alias]):
                with handler[alias].open(one.name) as file:
                    found[f"{alias}/{one.name}"] = file.read()
        return found

    return files


def test_library_goes_to_s3_to_cloudinary_and_back_unchanged(everywhere, read, photo, develop):
    develop(photo)
    before = read("local")

    move("local", "s3")
    move("s3", "cloudinary")
    everywhere.MEDIA_STORAGE = "cloudinary"
    move("local", "cloudinary", delete_source=True)
    assert read("local") == {}
    move("cloudinary", "local")

    assert len(before) > 3
    assert read("s3") == read("cloudinary") == read("local") == before


def test_second_run_copies_nothing_again(everywhere, photo, develop, s3_server, capsys):
    develop(photo)
    move("local", "s3")
    before = len(s3_server.requests())

    move("local", "s3")

    assert "0 files copied" in capsys.readouterr().out.splitlines()[-1]
    assert {method for method, _path in s3_server.requests()[before:]} == {"GET"}


def test_run_that_was_broken_off_goes_on(everywhere, read, photo, develop, cloudinary_server):
    develop(photo)
    cloudinary_server.faults.extend([None] * 12 + [lambda: 1 / 0] * 3)
    with pytest.raises(CommandError, match="Run it again"):
        move("local", "cloudinary")
    cloudinary_server.faults.clear()

    move("local", "cloudinary")

    assert read("cloudinary") == read("local")


def test_original_that_was_changed_on_disk_is_not_taken_for_the_one_of_the_asset(everywhere, photo, capsys):
    with photo.file.storage.open(photo.file.name, "r+b") as file:
        file.write(b"spoiled")

    with pytest.raises(CommandError, match="1 files failed"):
        move("local", "s3")

    assert "SHA-256 is another" in capsys.readouterr().out


def test_nothing_is_deleted_while_the_library_uses_it(everywhere, read, photo):
    with pytest.raises(CommandError, match="set MEDIA_STORAGE=s3 first"):
        move("local", "s3", delete_source=True)

    assert read("local")


@pytest.mark.parametrize(("source", "target", "hint"), [("ftp", "s3", "not set up"), ("s3", "s3", "name two")])
def test_mistake_is_told_with_what_to_do(everywhere, source, target, hint):
    with pytest.raises(CommandError, match=hint):
        move(source, target)


def test_assets_know_their_public_ids_once_cloudinary_is_in_use(everywhere, photo, monkeypatch):
    move("local", "cloudinary")
    assert Asset.objects.get().public_id == ""

    use_storages(monkeypatch, everywhere, everywhere.MEDIA_STORAGES["cloudinary"])
    move("local", "cloudinary")

    assert Asset.objects.get().public_id == f"originals/{photo.file.name}"
