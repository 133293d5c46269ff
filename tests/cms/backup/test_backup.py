"""Backups of a small site, and what can go wrong with them. Both databases: tests/proof/test_backup.py."""

import errno
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from blog.models import PostPage
from cms.backup.locking import alone
from media_library.models import CustomDocument, CustomImage
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def back_up(place: Path, *arguments: str) -> None:
    call_command("backup", str(place), *arguments, verbosity=0)


def whole(place: Path) -> list[str]:
    return sorted(path.parent.name for path in place.glob("backups/*/manifest.json"))


def objects(place: Path) -> dict[str, int]:
    """Each object, with the moment at which it was written."""
    return {path.name: path.stat().st_mtime_ns for path in place.glob("objects/*/*")}


def test_backup_is_what_its_manifest_says(site: PostPage, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    back_up(place)

    call_command("backup", str(place), "--verify", verbosity=0)

    assert re.search(r"rows, 2 files .* is whole", capsys.readouterr().out)


def test_second_backup_copies_no_file_twice(site: PostPage, place: Path) -> None:
    back_up(place)
    before = objects(place)

    make_image("Another", size=300)
    back_up(place)

    assert len(whole(place)) == 2
    assert len(before) == 2 and len(objects(place)) == 3
    assert before.items() <= objects(place).items()


def test_interrupted_backup_is_none_and_is_taken_up(
    site: PostPage, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("cms.backup.manifest.Manifest.write", _interrupt)
        back_up(place)
    copied = objects(place)

    assert whole(place) == []
    with pytest.raises(CommandError, match="no backup here"):
        back_up(place, "--verify")

    back_up(place)
    assert len(whole(place)) == len(list(place.glob("backups/*"))) == 1
    assert objects(place) == copied


def _interrupt(*_arguments: Any) -> None:
    raise KeyboardInterrupt


def test_old_backups_go_with_what_no_other_has(site: PostPage, place: Path) -> None:
    back_up(place)
    first = objects(place)
    CustomDocument.objects.get().delete()
    make_image("Another", size=300)
    for _time in range(2):
        back_up(place, "--keep", "2")

    assert len(whole(place)) == 2
    assert len(first.keys() - objects(place)) == 1
    back_up(place, "--verify", "--at", whole(place)[0])


def test_full_disk_leaves_former_backups_whole(site: PostPage, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(place)
    make_image("Another", size=300)

    with monkeypatch.context() as patched, pytest.raises(CommandError, match="No room is left"):
        patched.setattr("cms.backup.places.os.fsync", _no_room)
        back_up(place)

    assert len(whole(place)) == 1
    assert not list(place.rglob(".unfinished-*"))
    back_up(place, "--verify")


def _no_room(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_folder_that_is_not_mounted_is_not_made(site: PostPage, place: Path) -> None:
    with pytest.raises(CommandError, match="mounted"):
        back_up(place / "backups")

    assert not place.exists()


def test_two_backups_do_not_run_at_once(site: PostPage, place: Path) -> None:
    with alone(), pytest.raises(CommandError, match="is running"):
        back_up(place)


def test_damaged_object_is_told_and_copied_again_once_it_is_deleted(site: PostPage, place: Path) -> None:
    back_up(place)
    damaged = next(place.glob("objects/*/*"))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")

    with pytest.raises(CommandError, match=f"{damaged.name} has other bytes"):
        back_up(place, "--verify")

    damaged.unlink()
    back_up(place)
    back_up(place, "--verify")


def test_row_that_is_not_what_it_was_is_told(site: PostPage, place: Path) -> None:
    back_up(place)
    path = next(place.glob("backups/*/manifest.json"))
    manifest = json.loads(path.read_text())
    table = next(one for one in manifest["tables"] if one["model"] == "wagtailcore.page")
    table["digest"] = "0" * 64
    path.write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match=r"wagtailcore\.page: rows say something else"):
        back_up(place, "--verify")


def test_file_that_is_gone_is_told_and_stops_nothing(
    site: PostPage, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = CustomImage.objects.get().file
    Path(file.path).unlink()

    back_up(place)

    assert f"originals: {file.name}" in capsys.readouterr().err
    assert len(whole(place)) == 1


def test_clock_that_was_put_back_does_not_make_a_backup_the_oldest(site: PostPage, place: Path) -> None:
    back_up(place)
    (stamp,) = whole(place)
    later = stamp.replace("20", "21", 1)
    manifest = place / "backups" / stamp / "manifest.json"
    manifest.write_text(manifest.read_text().replace(stamp, later))
    manifest.parent.rename(place / "backups" / later)

    back_up(place, "--keep", "1")

    (kept,) = whole(place)
    assert kept > later


def test_database_of_an_earlier_version_says_what_to_do(site: PostPage, place: Path) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("cms", "0002_roles")
    try:
        with pytest.raises(CommandError, match=r"cms\.0002_roles is not applied.*manage\.py migrate"):
            back_up(place)
    finally:
        recorder.record_applied("cms", "0002_roles")


def test_sessions_are_left_out(site: PostPage, place: Path, admin_client: Client) -> None:
    assert admin_client.get("/admin/").status_code == 200
    back_up(place)

    names = {path.name for path in place.rglob("*.gz")}
    assert "cms.user.jsonl.gz" in names
    assert not any(name.startswith("sessions.") for name in names)
