"""Payload beside stock Wagtail, for ``comparison.py``: the same posts, read through its REST API by anybody.

The application for Next.js is what stands in this folder; it is copied to the one of the comparison, and built there.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks.node import NodePeer

APPLICATION = Path(__file__).parent
VERSION = json.loads((APPLICATION / "package.json").read_text())["dependencies"]["payload"]


class Payload(NodePeer):
    """With what is behind the relations of a post, and of what its body holds (``depth=2``, its default)."""

    urls = {
        "list": "/api/posts?depth=2&limit=20",
        "lists in turn": "/api/posts?depth=2&limit=20&page=2",
        "post": "/api/posts/{pk}?depth=2",
        "posts in turn": "/api/posts/{pk}?depth=2",
    }
    page = "page={number}"
    program = "node_modules/next/dist/bin/next"
    ready = "/api/tags?limit=1"

    def __init__(self, folder: Path):
        super().__init__(f"Payload {VERSION}", folder / "payload", NEXT_TELEMETRY_DISABLED="1")

    def install(self) -> None:
        shutil.copytree(
            APPLICATION, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__")
        )
        self.run("npm", "install", "--no-audit", "--no-fund")

    def fill(self, posts: list[dict[str, Any]], port: int) -> None:
        # It makes its tables while it is filled, as in development, and what is built finds them.
        (self.folder / "posts.json").write_text(json.dumps(posts))
        self.run("npx", "payload", "run", "fill.ts", POSTS="posts.json")
        self.run("npx", "next", "build")
