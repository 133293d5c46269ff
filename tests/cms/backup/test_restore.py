"""What comes back from a backup, and what never may."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from blog.models import PostPage
from cms.models import User
from media_library.models import Asset, CustomImage, CustomRendition, ProcessingJob

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

Wipe = Callable[[], None]


def back_up(place: Path, *arguments: str) -> None:
    call_command("backup", str(place), *arguments, verbosity=0)


def restore(place: Path, *arguments: str) -> None:
    call_command("restore", str(place), *arguments, verbosity=0)


def answers(client: Client) -> list[Any]:
    urls = (
        "pages/?fields=*",
        "images/?fields=*",
        "documents/?fields=*",
        "search/?search=Post",
        "site/",
        "categories/",
    )
    return [client.get(f"/api/v2/{url}").json() for url in urls]


def test_whole_site_comes_back(
    site: PostPage, place: Path, wipe: Wipe, client: Client, develop: Callable[..., None]
) -> None:
    develop()
    before, file = answers(client), CustomImage.objects.get().file
    content = file.read()
    back_up(place, "--with-derived")
    Path(file.path).unlink()
    wipe()

    restore(place)

    assert answers(client) == before
    assert CustomImage.objects.get().file.read() == content
    assert ReferenceIndex.objects.exists()
    assert PostPage.objects.get().latest_revision.as_object().title == "A draft 🦭"


def test_what_workers_made_is_queued_and_made_again_with_the_same_names(
    site: PostPage, place: Path, wipe: Wipe, client: Client, develop: Callable[..., None],
    public_files: Callable[[], set[str]],
) -> None:  # fmt: skip
    develop()
    before, files = answers(client), public_files()
    back_up(place)
    wipe()
    for name in files:
        (Path(CustomRendition._meta.get_field("file").storage.path(name))).unlink()

    restore(place)
    assert CustomImage.objects.get().status == Asset.Status.UPLOADED
    develop()

    assert answers(client) == before
    assert public_files() == files


def test_nothing_is_sent_or_removed_by_a_restore(
    site: PostPage, place: Path, wipe: Wipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(place)
    wipe()
    sent: list[Any] = []
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda task, *_args, **_kwargs: sent.append(task.name))

    restore(place)

    assert not [name for name in sent if name.startswith("media_library.tasks.run_")]
    assert mail.outbox == []
    assert Path(CustomImage.objects.get().file.path).exists()


def test_rows_keep_what_is_hard_to_keep(site: PostPage, place: Path, wipe: Wipe) -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, 123457, tzinfo=UTC)
    facts = {"big": 2**62, "small": 1e-7, "nested": [None, True, {"ß": "🦭"}], "text": '"\\u0041'}
    Asset.objects.update(view_count=2**62, taken_at=moment, metadata=facts, caption="𝄞 – “quoted”\n\ttab\\")
    entries = list(PageLogEntry.objects.order_by("pk").values())
    back_up(place)
    wipe()

    restore(place)

    image = Asset.objects.get(kind="image")
    assert (image.view_count, image.taken_at, image.metadata) == (2**62, moment, facts)
    assert image.caption == "𝄞 – “quoted”\n\ttab\\"
    assert list(PageLogEntry.objects.order_by("pk").values()) == entries


def test_nul_gives_way_on_postgresql_only(site: PostPage, place: Path, wipe: Wipe) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has none to back up; tests/proof/test_backup.py brings one there")
    Asset.objects.update(caption="a\0b", metadata={"a": "\0"})
    back_up(place)
    wipe()

    restore(place)

    assert Asset.objects.first().caption == "a\0b"
    assert Asset.objects.first().metadata == {"a": "\0"}


def test_new_rows_get_numbers_of_their_own_after_a_restore(site: PostPage, place: Path, wipe: Wipe) -> None:
    back_up(place)
    wipe()
    restore(place)

    taken = set(Page.objects.values_list("pk", flat=True))
    page = PostPage.objects.get().copy(update_attrs={"slug": "another", "title": "Another"})

    assert page.pk not in taken


def test_site_that_is_not_empty_is_left_alone(site: PostPage, place: Path) -> None:
    back_up(place)
    PostPage.objects.update(summary="Newer")

    with pytest.raises(CommandError, match="--replace"):
        restore(place)

    assert PostPage.objects.get().summary == "Newer"


def test_site_is_replaced_after_a_backup_of_it(site: PostPage, place: Path, tmp_path: Path) -> None:
    back_up(place)
    summary = PostPage.objects.get().summary
    PostPage.objects.update(summary="Newer")
    safety = tmp_path / "safety"

    restore(place, "--replace", "--safety", str(safety))
    assert PostPage.objects.get().summary == summary

    stamp = next(safety.glob("backups/*")).name
    restore(safety, "--replace", "--at", stamp, "--safety", str(safety))
    assert PostPage.objects.get().summary == "Newer"


def test_interrupted_restore_leaves_the_site_and_can_be_repeated(
    site: PostPage, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(place)
    PostPage.objects.update(summary="Newer")
    arguments = ("--replace", "--safety", str(tmp_path / "safety"))

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("cms.backup.restoring.develop_again", _interrupt)
        restore(place, *arguments)
    assert PostPage.objects.get().summary == "Newer"

    restore(place, *arguments)
    assert PostPage.objects.get().summary != "Newer"


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_damaged_backup_changes_nothing(site: PostPage, place: Path, tmp_path: Path) -> None:
    back_up(place)
    table = next(place.glob("backups/*/tables/blog.postpage.jsonl.gz"))
    table.write_bytes(table.read_bytes()[:-4])
    PostPage.objects.update(summary="Newer")

    with pytest.raises(CommandError, match=r"blog\.postpage\.jsonl\.gz has \d+ bytes instead of"):
        restore(place, "--replace", "--safety", str(tmp_path / "safety"))

    assert PostPage.objects.get().summary == "Newer"


def test_backup_of_a_newer_version_is_refused_with_what_to_do(site: PostPage, place: Path) -> None:
    back_up(place)
    path = next(place.glob("backups/*/manifest.json"))
    manifest = json.loads(path.read_text())
    manifest["migrations"].append(["media_library", "9999_to_come"])
    manifest["versions"]["darkroom"] = "9.0"
    path.write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match=r"Darkroom 9\.0.*media_library\.9999_to_come.*Install"):
        restore(place, "--replace")


def test_logins_come_back_and_sessions_do_not(
    site: PostPage, place: Path, wipe: Wipe, admin_client: Client, admin_user: User
) -> None:
    back_up(place)
    wipe()

    restore(place)

    assert admin_client.get("/admin/").status_code == 302
    admin_client.post("/admin/login/", {"username": "ada", "password": "a long password"})
    assert admin_client.get("/admin/").status_code == 200
    assert ProcessingJob.objects.exists()
