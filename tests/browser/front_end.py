"""The reference front end as an operator runs it: ``frontend/site``, built, and a real process beside a stack."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, watched

FRONTEND = ROOT / "frontend"
SITE = FRONTEND / "site"
OLDEST = (22, 12)
"""The oldest Node.js that Astro runs on."""

SOURCES = (
    FRONTEND / "package-lock.json",
    FRONTEND / "client" / "src",
    *(ROOT / "media_library/static/media_library" / name for name in ("css/sphere.css", "js/sphere.js", "js/sphere")),
    *(SITE / name for name in ("src", "public", "astro.config.mjs", "package.json", "tsconfig.json")),
)
BUILD_SECONDS = 300
START_SECONDS = 30


class FrontEndError(RuntimeError):
    """The front end can't be built or does not start; the message says why."""


def find_node() -> str:
    """The path of a Node.js that is new enough: the one beside our Python (`requirements-node.txt`), or on PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    for folder in path.split(os.pathsep):
        node = shutil.which("node", path=folder)
        if node is None:
            continue
        # The one of a wheel is a script, behind which the program itself would outlive a signal.
        says = subprocess.run([node, "-p", "process.version + process.execPath"], capture_output=True, text=True)
        found = re.match(r"v(\d+)\.(\d+)[^/]*(/.*)", says.stdout)
        if found and (int(found[1]), int(found[2])) >= OLDEST:
            return found[3].strip()
    raise FrontEndError("There is no Node.js of 22.12 or newer: run `make frontend-tools`.")


def build() -> None:
    """Build the site, unless what it is made of is what the last build was made of. Processes take turns."""
    stamp = SITE / "dist" / ".made-of"
    with (SITE / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made_of = _digest()
        if stamp.is_file() and stamp.read_text() == made_of:
            return
        node = find_node()
        for tool, *arguments in (("tsc", "--project", "../client/tsconfig.build.json"), ("astro", "build")):
            done = subprocess.run(
                [node, str(FRONTEND / "node_modules" / ".bin" / tool), *arguments],
                cwd=SITE,
                env={**os.environ, "ASTRO_TELEMETRY_DISABLED": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=BUILD_SECONDS,
            )
            if done.returncode != 0:
                raise FrontEndError(f"The site can't be built:\n{(done.stdout + done.stderr)[-8000:]}")
        stamp.write_text(made_of)


def _digest() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


@contextmanager
def front_end(port: int, cms_url: str, log: Path) -> Iterator[str]:
    """Start the site on a port, and yield its address; it ends with the block."""
    build()
    token = f"site-{port}"
    with log.open("ab") as output, watched("DARKROOM_SITE", token):
        process = subprocess.Popen(
            [find_node(), str(SITE / "dist" / "server" / "entry.mjs")],
            env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port), "CMS_URL": cms_url, "DARKROOM_SITE": token},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/icon.svg")
            if connection.getresponse().status == 200:
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise FrontEndError(f"The site does not start:\n{log.read_text()[-4000:]}") from None
        finally:
            connection.close()
        time.sleep(0.05)
