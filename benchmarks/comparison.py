"""Darkroom and stock Wagtail side by side: the same posts, asked for in turns.

    python -m benchmarks.comparison [--posts 500] [--seconds 8] [--rounds 3] [--directus] [--payload]

Both stand in a folder of their own under the system's temporary one, on SQLite, each behind gunicorn with two
processes; the others wait meanwhile. Asked are lists of twenty posts with ``fields=*`` and posts, the same one again
and again and all of them in turn, by four clients. Darkroom is measured twice: with nothing kept at all
(``RESPONSE_CACHE=off``), and as it comes. No two requests have the same address (``&_=1``), so no answer is one that
was kept; but as it comes, answers are put together of what was written of each post before.
Requests a second are the median of the rounds; p50 and p99 are of all of them together, in milliseconds. Queries are
counted in one process. Load is made on the same cores, so ratios count, not figures; that of the servers' processor
time depends least on what else the machine does. ``--directus`` has Directus beside it, too, without its cache and
with it (then the same addresses again and again), ``--payload`` Payload, which has no cache of its own.
"""

import argparse
import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.directus import Directus
from benchmarks.node import NodePeer
from benchmarks.payload import Payload
from benchmarks.serving import PROCESSES, get, processor_seconds, serve, wait_for

FOLDER = Path(__file__).resolve().parents[1]
CLIENTS, FIRST_PORT = 4, 8900
LIST = "/api/v2/pages/?type={type}&fields=*&limit=20"

# What runs inside of each system: its ids of posts, and how many queries a URL takes.
INSIDE = """
import json, sys, time, django
django.setup()
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client, counts = Client(headers={"host": "localhost"}), {}
model = apps.get_model(sys.argv[1])
ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
for name, url in json.loads(sys.argv[2]).items():
    url = url.format(pk=ids[0])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{url}{'&' if '?' in url else '?'}_={time.time_ns()}")
    assert response.status_code == 200, response.content
    counts[name] = [len(captured), len(response.content)]
print(json.dumps({"ids": ids, "counts": counts}))
"""

# Darkroom's posts, as stock Wagtail can hold them.
POSTS = """
import json, sys, django
django.setup()
from blog.models import PostPage
from media_library.models import CustomImage
images = {one.pk: {"id": one.pk, "title": one.title, "width": one.width, "height": one.height}
          for one in CustomImage.objects.all()}
posts = []
for post in PostPage.objects.select_related("author", "category").prefetch_related("tags").order_by("pk"):
    body = list(post.body.raw_data)
    for block in body:
        if block["type"] == "image":
            block["value"]["image"] = images[block["value"]["image"]]
    posts.append({
        "title": post.title, "slug": post.slug, "search_description": post.search_description,
        "summary": post.summary, "date": post.date.isoformat(), "featured_image": images[post.featured_image_id],
        "author": {"name": post.author.name, "role": post.author.role, "bio": post.author.bio},
        "category": {"name": post.category.name, "slug": post.category.slug, "description": ""},
        "tags": [tag.name for tag in post.tags.all()], "body": body,
    })
json.dump(posts, open(sys.argv[1], "w"))
"""


class System:
    """One of those that are compared, with a folder and a database of its own."""

    is_stamped = True
    page = "offset={offset}"

    def __init__(self, name: str, settings: str, wsgi: str, model: str, folder: Path, **environment: str):
        self.name, self.wsgi, self.model = name, wsgi, model
        self.folder = folder / name.split()[0].lower().rstrip(",")
        self.folder.mkdir(exist_ok=True)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings,
            "DATA_DIR": str(self.folder),
            "PYTHONPATH": f"{FOLDER}:{self.folder}",
            "LOG_LEVEL": "WARNING",
            # One address asks for all of it.
            "API_ANONYMOUS_REQUESTS_PER_MINUTE": "0",
            **environment,
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=FOLDER, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def look(self) -> None:
        """Learn the ids of posts, and the queries and bytes of what is measured."""
        found = json.loads(self.run("-c", INSIDE, self.model, json.dumps(self.urls)).splitlines()[-1])
        self.ids, self.counts = found["ids"], found["counts"]

    @property
    def urls(self) -> dict[str, str]:
        """What is measured, with the id of a post to be filled in."""
        listing = LIST.format(type=self.model)
        post = "/api/v2/pages/{pk}/"
        return {"list": listing, "lists in turn": f"{listing}&offset=20", "post": post, "posts in turn": post}

    @contextlib.contextmanager
    def serving(self, port: int) -> Iterator[psutil.Process]:
        command = [sys.executable, "-m", "gunicorn", self.wsgi, "--bind", f"127.0.0.1:{port}"]
        command += ["--workers", str(PROCESSES), "--log-level", "error", "--no-control-socket"]
        with serve(command, self.folder, self.environment) as server:
            wait_for(port, "/api/v2/pages/?limit=1")
            yield server


def paths(system: "System | NodePeer", what: str) -> Iterator[str]:
    """Endlessly, what clients ask for."""
    # None that an earlier run has asked for: that may still be kept.
    numbers = itertools.count(time.time_ns())
    for path in _paths(system, what):
        yield f"{path}{'&' if '?' in path else '?'}_={next(numbers)}" if system.is_stamped else path


def _paths(system: "System | NodePeer", what: str) -> Iterator[str]:
    url = system.urls[what]
    if what == "posts in turn":
        return itertools.cycle(url.format(pk=pk) for pk in system.ids)
    if what == "lists in turn":
        listing, pages = system.urls["list"], range(len(system.ids) // 20)
        return itertools.cycle(f"{listing}&{system.page.format(offset=20 * one, number=one + 1)}" for one in pages)
    return itertools.repeat(url.format(pk=system.ids[0]))


def load(port: int, paths: Iterator[str], seconds: float) -> list[float]:
    """Ask for so many seconds, with four clients; how long each request took, in milliseconds."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    lock = threading.Lock()

    def ask() -> None:
        while (start := time.perf_counter()) < end:
            with lock:
                path = next(paths)
            get(port, path)
            took.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


@dataclass
class Measured:
    """Of one system and what it was asked for, over the rounds."""

    speeds: list[float] = field(default_factory=list)
    """Requests a second, by round."""
    took: list[float] = field(default_factory=list)
    """Milliseconds, of each request."""
    spent: list[float] = field(default_factory=list)
    """Milliseconds of the server's processors for a request, by round: whatever else the machine does."""


def compare(systems: Sequence["System | NodePeer"], seconds: float, rounds: int, told: Callable[[str], None]) -> None:
    found: dict[tuple[str, str], Measured] = defaultdict(Measured)
    for _round, (number, system) in itertools.product(range(rounds), enumerate(systems)):
        port = FIRST_PORT + number
        with system.serving(port) as server:
            for what in system.urls:
                load(port, paths(system, what), 2)
                before = processor_seconds(server)
                took = load(port, paths(system, what), seconds)
                of = found[what, system.name]
                of.spent.append((processor_seconds(server) - before) / len(took) * 1000)
                of.speeds.append(len(took) / seconds)
                of.took += took
    told("| | | requests/s | p50 ms | p99 ms | processor ms | queries | kB | against stock | by processor |")
    told("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    median = statistics.median
    for what in systems[0].urls:
        stock = found[what, systems[0].name]
        for system in systems:
            mine = found[what, system.name]
            every = sorted(mine.took)
            queries, size = system.counts[what]
            cells = [
                f"{median(mine.speeds):.0f}",
                f"{every[len(every) // 2]:.0f}",
                f"{every[len(every) * 99 // 100]:.0f}",
                f"{median(mine.spent):.1f}",
                f"{queries}",
                f"{size // 1000}",
                # Of each round by itself: what else the machine does is much the same for both.
                f"{median(one / other for one, other in zip(mine.speeds, stock.speeds, strict=True)):.1f}",
                f"{median(other / one for one, other in zip(mine.spent, stock.spent, strict=True)):.1f}",
            ]
            told(f"| {what} | {system.name} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where both stand, to be used again; made up by default")
    parser.add_argument("--directus", action="store_true", help="measure Directus, too, which is installed from npm")
    parser.add_argument("--payload", action="store_true", help="measure Payload, too, which is installed from npm")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stock = System("Stock Wagtail", "benchmarks.stock.settings", "benchmarks.stock.wsgi", "stock.PostPage", folder)
        ours = ("cms.settings.dev", "cms.wsgi", "blog.PostPage", folder)
        darkroom = System("Darkroom, nothing kept", *ours, RESPONSE_CACHE="false")
        after_edits = System("Darkroom, no answer kept", *ours, RESPONSE_CACHE="true")
        if not (stock.folder / "stock.sqlite3").exists():
            if not (darkroom.folder / "darkroom.sqlite3").exists():
                darkroom.run("manage.py", "migrate", "-v0")
                darkroom.run("-m", "benchmarks.newsroom", str(asked.posts))
            darkroom.run("-c", POSTS, str(folder / "posts.json"))
            (stock.folder / "stock_migrations").mkdir()
            (stock.folder / "stock_migrations" / "__init__.py").touch()
            stock.run("-m", "django", "makemigrations", "-v0", "stock")
            stock.run("-m", "django", "migrate", "-v0")
            stock.run("-m", "benchmarks.stock.fill", str(folder / "posts.json"))
        for system in (stock, darkroom, after_edits):
            system.look()
        print(f"load {os.getloadavg()[0]:.1f}\n", flush=True)
        systems: list[System | NodePeer] = [stock, darkroom, after_edits]
        others: list[NodePeer] = []
        if asked.directus:
            others += [Directus("Nothing kept", folder), Directus("Answers kept", folder, CACHE_ENABLED="true")]
        if asked.payload:
            others.append(Payload(folder))
        for other in others:
            other.set_up(json.loads((folder / "posts.json").read_text()), FIRST_PORT)
            other.look(FIRST_PORT)
        systems += others
        compare(systems, asked.seconds, asked.rounds, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
