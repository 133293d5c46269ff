import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cms.vendored import SERVED, VendoredFinder

ROOT = Path(__file__).parents[2]


def test_player_is_found_among_the_static_files():
    path = Path(finders.find("vendor/video.js/video.min.js"))

    assert path.parent == ROOT / "node_modules/video.js/dist"


@pytest.mark.parametrize("name", ["video.js", "../package.json", "lang/../video.js", "alt/video.core.js"])
def test_other_files_of_a_package_are_not_served(name: str):
    assert not finders.find(f"vendor/video.js/{name}")


def test_only_what_is_served_is_collected():
    names = {name for name, _storage in VendoredFinder().list(None)}

    assert {"video.min.js", "video-js.min.css", "font/VideoJS.woff", "lang/de.json"} <= names
    assert not any(name.endswith((".cjs.js", ".es.js", ".d.ts", ".ttf")) for name in names)


def test_collected_files_refer_to_each_other(settings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    ours = (tmp_path / names["media_library/css/player.css"]).read_text()
    assert Path(names["vendor/video.js/font/VideoJS.woff"]).name in ours


def test_missing_package_is_told_with_what_to_do(settings, tmp_path: Path):
    settings.NODE_MODULES = tmp_path
    get_finder.cache_clear()

    with pytest.raises(SystemCheckError, match="make browser-code"):
        call_command("check", "--tag", "staticfiles", stderr=StringIO())


def test_package_of_another_version_is_told(settings, tmp_path: Path):
    for name in SERVED:
        (tmp_path / name).mkdir()
        (tmp_path / name / "package.json").write_text('{"version": "0.0.1"}')
    settings.NODE_MODULES = tmp_path

    assert [error.id for error in VendoredFinder().check()] == ["cms.E001"] * len(SERVED)


def test_lock_file_holds_hashes_and_no_addresses():
    text = (ROOT / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]

    assert "resolved" not in text
    assert all(package["integrity"].startswith("sha512-") for name, package in packages.items() if name)
