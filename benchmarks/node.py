"""What peers on Node have in common, for ``comparison.py``: npm installs them, and two processes share a port."""

import contextlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.serving import PROCESSES, get, serve, wait_for

CLUSTER = """
const cluster = require("node:cluster");
cluster.setupPrimary({ exec: %s, args: ["start"] });
for (let one = 0; one < %d; one++) cluster.fork();
process.on("SIGTERM", () => {
  for (const one of Object.values(cluster.workers)) one.process.kill("SIGKILL");
  process.exit(0);
});
"""


class NodePeer:
    """One that is compared. Its posts have the ids from 1 on, in ``data.sqlite3`` in its folder."""

    urls: dict[str, str]
    """What is measured, with the id of a post to be filled in."""

    program: str
    """What runs when it is called with ``start``, below its folder."""

    ready: str
    """A path that answers once it is up."""

    page = "offset={offset}"
    """The parameter that asks for another page of the list: its ``number``, or the ``offset`` of its first post."""

    is_stamped = True
    """Whether no two requests have the same address."""

    def __init__(self, name: str, folder: Path, **environment: str):
        self.name, self.folder = name, folder
        self.folder.mkdir(exist_ok=True)
        self.environment = os.environ | environment

    def set_up(self, posts: list[dict[str, Any]], port: int) -> None:
        """Install it and fill it, if that has not been done. Raises ``CalledProcessError`` where npm can't."""
        (self.folder / "cluster.cjs").write_text(CLUSTER % (json.dumps(self.program), PROCESSES))
        if not (self.folder / self.program).exists():
            self.install()
        if not (self.folder / "filled").exists():
            (self.folder / "data.sqlite3").unlink(missing_ok=True)
            self.fill(posts, port)
            (self.folder / "filled").touch()

    def install(self) -> None:
        raise NotImplementedError

    def fill(self, posts: list[dict[str, Any]], port: int) -> None:
        raise NotImplementedError

    def look(self, port: int) -> None:
        """Learn the ids of posts, and the bytes of what is measured."""
        self.ids = list(range(1, 1 + self._count()))
        with self.serving(port):
            sizes = {name: get(port, url.format(pk=self.ids[0])) for name, url in self.urls.items()}
        self.counts = {name: ["–", size] for name, size in sizes.items()}

    @contextlib.contextmanager
    def serving(self, port: int, command: Sequence[str] = ("node", "cluster.cjs")) -> Iterator[psutil.Process]:
        with serve([*command], self.folder, self.environment | {"PORT": str(port)}) as process:
            wait_for(port, self.ready)
            yield process

    def run(self, *command: str, **environment: str) -> None:
        environment = self.environment | environment
        subprocess.run(command, cwd=self.folder, env=environment, check=True, stdout=subprocess.DEVNULL)

    def _count(self) -> int:
        with contextlib.closing(sqlite3.connect(self.folder / "data.sqlite3")) as database:
            return database.execute("SELECT COUNT(*) FROM posts").fetchone()[0]
