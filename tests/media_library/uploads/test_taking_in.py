"""From a file that has arrived to an asset: once, with what was written meanwhile, whatever storage does."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import Client
from wagtail.models import Collection

from media_library import uploads
from media_library.models import Asset, CustomDocument, CustomImage, UploadSession
from media_library.uploads import parts
from tests.media import photo_bytes, smaller
from tests.media_library.uploads.conftest import photographer
from tests.tus import UPLOADS, create, describe, head, patch, post, send

PHOTO = photo_bytes(80, 60)
AJAX = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def arriving(admin_client: Client) -> dict[str, Any]:
    """A photograph of which half is there, as the server describes it."""
    url = create(admin_client, len(PHOTO), title="Harbour")["Location"]
    patch(admin_client, url, 0, PHOTO[:2000])
    return admin_client.get(url).json()


def originals() -> list[Path]:
    return [path for path in (settings.DATA_DIR / "originals").rglob("*") if path.is_file()]


# What is written about a file


def test_what_is_written_while_a_file_arrives_is_saved_with_it(admin_client: Client, arriving: dict[str, Any]):
    kept = describe(admin_client, arriving, alt_text="Boats", tags="sea, moon", credit="Ada", nonsense="x")
    patch(admin_client, arriving["url"], 2000, PHOTO[2000:])

    image = CustomImage.objects.get()
    assert kept["details"] == {"title": "Harbour", "alt_text": "Boats", "tags": "sea, moon", "credit": "Ada"}
    assert (image.title, image.alt_text, image.credit) == ("Harbour", "Boats", "Ada")
    assert sorted(image.tags.names()) == ["moon", "sea"]


def test_what_is_written_afterwards_changes_nothing_else(admin_client: Client):
    answer = send(admin_client, PHOTO, title="Harbour", alt_text="Boats", tags="sea")

    describe(admin_client, answer, caption="At noon")

    image = CustomImage.objects.get()
    assert (image.title, image.alt_text, image.caption) == ("Harbour", "Boats", "At noon")
    assert list(image.tags.names()) == ["sea"]


def test_what_is_written_in_the_moment_of_taking_in_is_not_lost(
    admin_client: Client, arriving: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    real, times = uploads.sessions._judge, []

    def judge(session: UploadSession, file: Any) -> Callable[[], Asset]:
        save = real(session, file)
        if not times:
            times.append(1)
            describe(admin_client, arriving, alt_text="Just now")
        return save

    monkeypatch.setattr(uploads.sessions, "_judge", judge)
    patch(admin_client, arriving["url"], 2000, PHOTO[2000:])

    assert CustomImage.objects.get().alt_text == "Just now"


@pytest.mark.parametrize(
    "details", [{"title": ""}, {"collection": "nonsense"}, {"collection": "9" * 30}, {"tags": "x" * 200}]
)
def test_details_that_make_no_sense_are_refused_in_words(admin_client: Client, details: dict[str, str]):
    answer = send(admin_client, PHOTO, title="Harbour")
    collection = Collection.get_first_root_node()
    collection.add_child(name="Boats")

    refused = post(admin_client, f"{answer['url']}details/", **details)

    assert refused.status_code == 422
    assert refused.json()["message"]
    assert CustomImage.objects.get().title == "Harbour"


def test_half_a_character_is_left_out(admin_client: Client, arriving: dict[str, Any]):
    kept = describe(admin_client, arriving, title="Har\ud800bour\x00")

    assert kept["details"]["title"] == "Harbour"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_request_that_is_no_json_changes_nothing(admin_client: Client, arriving: dict[str, Any], body: bytes):
    answer = admin_client.post(f"{arriving['url']}details/", body, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json()["details"] == {"title": "Harbour"}


# The same file again


def test_existing_one_is_used_in_place_of_the_new_one(admin_client: Client):
    first = send(admin_client, PHOTO, title="First")
    second = send(admin_client, PHOTO, title="Second")

    used = post(admin_client, f"{second['url']}use-existing/").json()

    assert second["asset"]["duplicate"]["id"] == first["asset"]["id"]
    assert used["asset"]["id"] == first["asset"]["id"]
    assert used["asset"]["duplicate"] is None
    assert [image.title for image in CustomImage.objects.all()] == ["First"]


def test_picture_that_looks_like_another_one_goes_to_the_trash_if_that_one_is_used(
    admin_client: Client, django_capture_on_commit_callbacks
):
    # Who looks for what is alike looks after the commit.
    with django_capture_on_commit_callbacks(execute=True):
        first = send(admin_client, photo_bytes(), "first.jpg", title="First")
    with django_capture_on_commit_callbacks(execute=True):
        url = send(admin_client, smaller(photo_bytes()), "second.jpg", title="Second")["url"]
    second = admin_client.get(url).json()

    used = post(admin_client, f"{url}use-existing/").json()

    assert second["asset"]["duplicate"]["id"] == first["asset"]["id"]
    assert second["asset"]["duplicate"]["isSameFile"] is False
    assert used["asset"]["id"] == first["asset"]["id"]
    assert CustomImage.objects.get(title="Second").trashed_at
    assert CustomImage.objects.get(title="First").trashed_at is None


def test_file_that_is_no_duplicate_stays(admin_client: Client):
    only = send(admin_client, PHOTO)

    assert post(admin_client, f"{only['url']}use-existing/").status_code == 404
    assert CustomImage.objects.count() == 1


# Storage


class Broken:
    """A storage that fails as it is told to, for a while."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception):
        def save(storage: FileSystemStorage, name: str, content: Any) -> str:
            raise error

        self.monkeypatch = monkeypatch
        monkeypatch.setattr(FileSystemStorage, "_save", save)

    def mend(self) -> None:
        self.monkeypatch.undo()


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507, "The disk of the server is full."),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507, "The disk of the server is full."),
        (OSError(errno.EIO, "Input/output error"), 503, "can't store this file just now"),
        (RuntimeError("500 Internal Server Error"), 503, "can't be stored just now"),
    ],
)
def test_storage_that_fails_loses_nothing(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentence: str
):
    url = create(admin_client, len(PHOTO), title="Harbour")["Location"]
    broken = Broken(monkeypatch, error)
    refused = patch(admin_client, url, 0, PHOTO)
    state = admin_client.get(url).json()
    broken.mend()

    assert refused.status_code == status
    assert sentence in refused.json()["message"]
    assert (state["state"], state["offset"]) == ("received", len(PHOTO))
    assert sentence in state["reason"]
    assert not Asset.objects.exists()
    assert originals() == []

    assert head(admin_client, url)["Upload-Offset"] == str(len(PHOTO))
    assert patch(admin_client, url, len(PHOTO)).status_code == 204
    assert CustomImage.objects.get().title == "Harbour"


def test_disk_that_is_full_in_the_middle_of_a_part_keeps_what_fitted(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
):
    data = b"%PDF-1.4\n" + bytes(200_000)
    url = create(admin_client, len(data), "notes.pdf")["Location"]
    write = parts.os.write
    room = [100_000]

    def short_write(descriptor: int, block: Any) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(descriptor, block[: room[0]])
        room[0] -= written
        return written

    monkeypatch.setattr(parts.os, "write", short_write)
    full = patch(admin_client, url, 0, data)
    monkeypatch.undo()

    assert full.status_code == 507
    assert "disk of the server is full" in full.json()["message"]
    assert head(admin_client, url)["Upload-Offset"] == "100000"
    assert patch(admin_client, url, 100_000, data[100_000:]).status_code == 204
    assert CustomDocument.objects.get().file.open().read() == data


def test_large_file_is_moved_and_not_copied(admin_client: Client):
    data = b"%PDF-1.4\n" + bytes(100_000)
    url = create(admin_client, len(data), "notes.pdf")["Location"]
    patch(admin_client, url, 0, data[:50_000])
    upload = UploadSession.objects.get()
    node = parts.path_of(upload.pk).stat().st_ino

    patch(admin_client, url, 50_000, data[50_000:])

    assert Path(CustomDocument.objects.get().file.path).stat().st_ino == node
    assert not [path for path in parts.path_of(upload.pk).parent.iterdir() if upload.pk.hex in path.name]


# Folders


def test_folders_become_collections_once(admin_client: Client, root_collection: Collection):
    folders = {"parent": str(root_collection.pk), "folders": ["Regatta/Day 1", "Regatta/Day 2", "Regatta"]}

    made = [
        admin_client.post(f"{UPLOADS}folders/", folders, content_type="application/json").json()["collections"]
        for _time in range(2)
    ]

    regatta = Collection.objects.get(name="Regatta")
    assert made[0] == made[1]
    assert made[0]["Regatta"] == str(regatta.pk)
    assert sorted(one.name for one in regatta.get_children()) == ["Day 1", "Day 2"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"parent": "999999", "folders": []},
        {"parent": "1", "folders": "Regatta"},
        {"parent": "1", "folders": [""]},
        {"parent": "1", "folders": ["a//b"]},
        {"parent": "1", "folders": [7]},
        {"parent": "1", "folders": ["half \ud800"]},
        {"parent": "1", "folders": ["/".join("x" * 30)]},
        {"parent": "1" * 30, "folders": []},
    ],
)
def test_folders_that_make_no_sense_are_refused(admin_client: Client, data: dict[str, Any]):
    answer = admin_client.post(f"{UPLOADS}folders/", data, content_type="application/json")

    assert answer.status_code == 422
    assert Collection.objects.count() == 1


def test_who_may_not_add_collections_makes_none(client: Client, root_collection: Collection):
    client.force_login(photographer(root_collection))
    data = {"parent": str(root_collection.pk), "folders": ["Regatta"]}

    answer = client.post(f"{UPLOADS}folders/", data, content_type="application/json", headers=AJAX)

    assert answer.status_code == 403
    assert Collection.objects.count() == 1
