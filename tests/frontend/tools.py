"""The tools of frontend/: node, tsc and esbuild, as `npm ci --prefix frontend` installs them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.processes import ROOT

FRONTEND = ROOT / "frontend"
CLIENT = FRONTEND / "client"
SECONDS = 600


def run(tool: str, *arguments: str | Path, cwd: Path = CLIENT, env: Mapping[str, str] | None = None) -> str:
    """What a tool prints. Fails the test with all of it when the tool fails, or when there is none."""
    # Node.js may be a wheel beside our Python.
    path = os.pathsep.join([str(FRONTEND / "node_modules/.bin"), os.environ["PATH"], str(Path(sys.executable).parent)])
    program = shutil.which(tool, path=path)
    assert program, f"There is no {tool}: run `make frontend-tools`."
    done = subprocess.run(
        [program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PATH": path, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, f"{tool} ended with {done.returncode}:\n{printed[-20_000:]}"
    return printed
