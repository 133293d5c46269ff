from pathlib import Path

import pytest

from tests.browser import chromium


def program(path: Path, code: int) -> Path:
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def only_what_the_test_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setattr(chromium, "_path_of_playwright", lambda: "")


def test_chosen_browser_comes_before_those_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program(tmp_path / "chromium", 0)
    chosen = program(tmp_path / "mine", 0)
    monkeypatch.setenv("CHROMIUM_PATH", str(chosen))
    assert chromium.find_chromium() == str(chosen)


def test_chosen_browser_that_does_not_start_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program(tmp_path / "chromium", 0)
    monkeypatch.setenv("CHROMIUM_PATH", str(tmp_path / "nothing"))
    with pytest.raises(chromium.ChromiumError, match="nothing"):
        chromium.find_chromium()


def test_program_that_does_not_start_is_passed_over(tmp_path: Path):
    program(tmp_path / "chromium-browser", 1)
    chrome = program(tmp_path / "google-chrome", 0)
    assert chromium.find_chromium() == str(chrome)


def test_browser_of_playwright_is_the_last_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bundled = program(tmp_path / "chrome", 0)
    monkeypatch.setattr(chromium, "_path_of_playwright", lambda: str(bundled))
    assert chromium.find_chromium() == str(bundled)


def test_without_a_browser_the_message_says_how_to_get_one():
    with pytest.raises(chromium.ChromiumError, match="apt-get install chromium"):
        chromium.find_chromium()


def test_set_up_installs_until_a_browser_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tried = []

    def install(command: list[str]) -> bool:
        tried.append(" ".join(command[-2:]))
        if command[0] == "apt-get":
            program(tmp_path / "chromium", 0)
            chromium.runs.cache_clear()
        return command[0] == "apt-get"

    monkeypatch.setattr(chromium, "_attempt", install)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    program(tmp_path / "apt-get", 0)
    assert chromium.main() == 0
    assert tried[0] == "install chromium"
    assert tried[-1] == "--no-install-recommends chromium"


def test_set_up_fails_with_advice_when_nothing_helps(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(chromium, "_attempt", lambda command: False)
    assert chromium.main() == 1
    assert "CHROMIUM_PATH" in capsys.readouterr().err
