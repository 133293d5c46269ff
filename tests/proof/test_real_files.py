"""Real files through the library, as an editor would drop them. Run by `make proof`, with DARKROOM_MEDIA set.

DARKROOM_MEDIA is a folder with `photos`, `video`, `odd` and `bad` in it. Each file is uploaded through the admin over
HTTP and developed by its jobs; nothing may answer 500, stay half done, or leave a file that no row knows.
"""

import os
from pathlib import Path

import pytest

from media_library.conf import conf
from media_library.models import Asset
from media_library.models.files import originals_storage
from media_library.storage import list_folder
from media_library.superseding import named_files
from tests.tus import send

pytestmark = pytest.mark.django_db

MEDIA = Path(os.environ["DARKROOM_MEDIA"])
FILMS = (".mp4", ".mov", ".webm", ".mkv", ".mp3", ".wav", ".flac", ".opus")


def _files(folder: str) -> list[pytest.param]:
    return [pytest.param(path, id=path.name) for path in sorted((MEDIA / folder).iterdir())]


def _drop(client, path: Path, name: str = "") -> dict:
    return send(client, path.read_bytes(), name or path.name, title=path.stem[:200])


def _assert_nothing_stray(public_files) -> None:
    # Superseded files count: the first rendition of an animation is a still, which its ladder replaces.
    assert public_files() == {name for asset in Asset.objects.all() for name in named_files(asset.pk)}
    assert not list(conf.work_dir.glob("*-[0-9]*"))
    originals = {name for kind in Asset.Kind.values for name in list_folder(originals_storage(), kind)}
    assert originals == {asset.specific.file.name for asset in Asset.objects.all()}


def _assert_ready_or_reasoned(answer: dict) -> None:
    if "message" in answer:
        assert len(answer["message"]) > 20
        assert not Asset.objects.exists()
        return
    asset = Asset.objects.get()
    assert asset.status == "ready" or (asset.status == "failed" and len(asset.status_reason) > 20)


@pytest.mark.parametrize("path", _files("photos"))
def test_photograph_becomes_ready(path, admin_client, develop, public_files):
    assert _drop(admin_client, path)["asset"]

    develop()

    assert Asset.objects.get().status == "ready"
    _assert_nothing_stray(public_files)


@pytest.mark.parametrize("path", [*_files("video"), *_files("odd"), *_files("bad")])
def test_file_becomes_ready_or_says_why_not(path, admin_client, develop, public_files):
    answer = _drop(admin_client, path)

    develop()

    _assert_ready_or_reasoned(answer)
    _assert_nothing_stray(public_files)


@pytest.mark.parametrize("path", _files("bad"))
def test_file_under_a_wrong_name_is_refused_or_fails_with_a_reason(path, admin_client, develop, public_files):
    answer = _drop(admin_client, path, f"{path.stem}.jpg" if path.suffix.lower() in FILMS else f"{path.stem}.mp4")

    develop()

    _assert_ready_or_reasoned(answer)
    _assert_nothing_stray(public_files)
