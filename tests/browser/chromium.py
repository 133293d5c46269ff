"""The browser of the tests: `find_chromium`; ``python -m tests.browser.chromium`` gets one."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS = 900
FONTS = Path("/usr/share/fonts")
FONT_PACKAGE = "fonts-dejavu-core"
HELP = (
    "No Chromium was found. Install one (on Debian `apt-get install chromium`, elsewhere "
    "`python -m playwright install --with-deps chromium`), or name one that you have in CHROMIUM_PATH."
)


class ChromiumError(RuntimeError):
    """There is no browser to test with; the message says how to get one."""


@functools.cache
def runs(path: str) -> bool:
    """Say whether a browser starts; Ubuntu's may be a note about snap, and a download may lack libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@functools.cache
def _path_of_playwright() -> str:
    """Return where Playwright's own Chromium stands once it is installed, "" when Playwright can't say."""
    # In a process of its own: the synchronous API refuses to start inside an event loop.
    code = "import playwright.sync_api as p\nwith p.sync_playwright() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    return answer.stdout.strip()


def find_chromium() -> str:
    """Return the path of a Chromium that starts.

    It is the one in ``CHROMIUM_PATH``, else the first of `NAMES` on PATH, else the one that Playwright
    installed. Raises `ChromiumError` when there is none, or when ``CHROMIUM_PATH`` is wrong.
    """
    if chosen := os.environ.get("CHROMIUM_PATH"):
        if runs(chosen):
            return chosen
        raise ChromiumError(f"CHROMIUM_PATH names {chosen}, which does not start.")
    for path in filter(None, map(shutil.which, NAMES)):
        if runs(path):
            return path
    bundled = _path_of_playwright()
    if bundled and Path(bundled).is_file() and runs(bundled):
        return bundled
    raise ChromiumError(HELP)


def _say(text: str) -> None:
    sys.stdout.write(f"chromium: {text}\n")
    sys.stdout.flush()


def _attempt(command: list[str]) -> bool:
    """Run a command that may fail and print what came of it."""
    _say(f"trying `{' '.join(command)}`")
    try:
        code = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(f"that did not work: {error}")
        return False
    if code:
        _say(f"that did not work: it ended with {code}")
    runs.cache_clear()
    return code == 0


def apt_get_install(*packages: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        _say(f"cannot install {' '.join(packages)}: that takes root and apt-get")
        return False
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return _attempt(["apt-get", "update"]) and _attempt(install)


def _install() -> str:
    """Try each way to get a Chromium until one starts, and return its path."""
    ways: tuple[Callable[[], bool], ...] = (
        lambda: _attempt([sys.executable, "-m", "playwright", "install", "chromium"]),
        lambda: apt_get_install("chromium"),
        # Where apt's chromium is a note about snap (Ubuntu), the download only lacks libraries.
        lambda: os.geteuid() == 0 and _attempt([sys.executable, "-m", "playwright", "install-deps", "chromium"]),
    )
    for way in ways:
        if way():
            try:
                return find_chromium()
            except ChromiumError:
                _say("that was not enough to start it")
    raise ChromiumError(HELP)


def main() -> int:
    """Find a Chromium or install one, and a font for its text; return 0 when the browser tests can run."""
    try:
        try:
            path = find_chromium()
        except ChromiumError:
            if os.environ.get("CHROMIUM_PATH"):
                raise
            path = _install()
    except ChromiumError as error:
        sys.stderr.write(f"chromium: {error}\n")
        return 1
    _say(f"using {path}")
    # Without any font a page shows no text, and a screenshot proves nothing.
    if sys.platform == "linux" and not any(FONTS.rglob("*.[ot]tf")):
        apt_get_install(FONT_PACKAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
