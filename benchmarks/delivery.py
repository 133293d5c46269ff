"""How fast answers leave the response cache, beside a bare Django view that returns the same bytes.

    python -m benchmarks.delivery [--posts 500] [--seconds 8] [--rounds 5]

Starts the web processes of the Procfile (gunicorn, two processes) over a newsroom of so many posts with three pictures
each, and beside them the same gunicorn with ``benchmarks.bare``. Both are asked in turns, the other one waits; a
figure is the median of the rounds, p50 and p99 are those of the median round. Processor time is that of the server
alone. Needs ``wrk`` (Debian: ``apt-get install wrk``), which makes its load on the same cores: read the ratios. With
DATABASE_URL and REDIS_URL of ``python -m tests.services --`` it measures with PostgreSQL and Redis. Prints a table in
Markdown.
"""

import argparse
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import django
import psutil

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()

from benchmarks.serving import processor_seconds
from tests.processes import free_port
from tests.stack import ROOT, Stack

LIST = "/api/v2/pages/?type=blog.PostPage&fields=*&limit=20"
CONNECTIONS = 8
FIGURE = re.compile(
    r"Requests/sec:\s+([\d.]+)|^\s+(50|99)%\s+([\d.]+)(us|ms|s)$|Non-2xx[^:]*: (\d+)|(\d+) requests in", re.MULTILINE
)
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Load:
    per_second: float
    p50: float
    p99: float
    """Milliseconds."""
    processor: float
    """Microseconds that the server's processes took for a request, whatever else the machine did."""
    requests: int
    """How many were answered."""


def load(server: psutil.Process, url: str, seconds: int, *headers: str, script: Path | None = None) -> Load:
    """What ``wrk`` measures, with a script in Lua. Raises SystemExit if not all is well with the answers."""
    sent = [part for header in headers for part in ("-H", header)]
    sent += ["-s", str(script)] if script else []
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *sent, url]
    before = processor_seconds(server)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    took = processor_seconds(server) - before
    found: dict[str, float] = {}
    for rate, percentile, number, unit, refused, requests in FIGURE.findall(said):
        if refused:
            raise SystemExit(f"{url} refuses:\n{said}")
        if requests:
            found["processor"] = took / int(requests) * 1e6
            found["requests"] = int(requests)
        else:
            found[percentile or "rate"] = float(number) * MILLISECONDS[unit] if percentile else float(rate)
    return Load(found["rate"], found["50"], found["99"], found["processor"], int(found["requests"]))


def median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda one: one.per_second)[len(loads) // 2]


def fetch(url: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


@contextmanager
def bare_view(body: Path, stack: Stack) -> Iterator[tuple[psutil.Process, str]]:
    """The same gunicorn as in the Procfile, with nothing behind it."""
    port = free_port()
    command = stack.commands["web"].replace("cms.wsgi", "benchmarks.bare:application")
    server = subprocess.Popen(
        ["/bin/sh", "-c", f"exec {command}"],
        # Away from gunicorn.conf.py, which brings Darkroom's settings.
        cwd=body.parent,
        env={**stack.env, "PYTHONPATH": str(ROOT), "PORT": str(port), "BARE_BODY": str(body)},
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        for _again in range(100):
            try:
                fetch(url)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("The bare view did not start.")
        yield psutil.Process(server.pid), url
    finally:
        server.terminate()
        server.wait()


def measure(posts: int, seconds: int, rounds: int, folder: Path) -> None:
    with Stack(folder / "data", names=["web"]) as stack:
        filler = [sys.executable, "-m", "benchmarks.newsroom", str(posts)]
        subprocess.run(filler, cwd=ROOT, env=stack.env, check=True, stdout=subprocess.DEVNULL)
        url = f"{stack.url}{LIST}"
        began = time.monotonic()
        _answer, body = fetch(url)
        first = time.monotonic() - began
        answer, kept = fetch(url)
        if answer.headers["X-Cache"] != "HIT" or kept != body:
            raise SystemExit(f"The list was not kept: {answer.headers.items()}")
        (folder / "body.json").write_bytes(body)
        with bare_view(folder / "body.json", stack) as (bare, bare_url):
            web = min(stack.family("web"), key=lambda one: one.pid)
            asked: dict[str, tuple[psutil.Process, str, list[str]]] = {
                "bare view": (bare, bare_url, []),
                "kept list": (web, url, []),
                "kept list, in Brotli": (web, url, ["Accept-Encoding: br"]),
                "kept list, known to the client (304)": (web, url, [f"If-None-Match: {answer.headers['ETag']}"]),
            }
            # All threads have met the list, and all pools are filled.
            for server, where, headers in asked.values():
                load(server, where, 1, *headers)
            loads: dict[str, list[Load]] = {name: [] for name in asked}
            for _round in range(rounds):
                for name, (server, where, headers) in asked.items():
                    loads[name].append(load(server, where, seconds, *headers))
        tell(loads, len(body), first)


def tell(loads: dict[str, list[Load]], size: int, first: float) -> None:
    print(f"{size:,} bytes, made in {first:.2f} s; load at the end: {os.getloadavg()[0]:.1f}\n")
    print("| | requests/s | against the bare view | p50 ms | p99 ms | processor µs | against the bare view |")
    print("|---|---|---|---|---|---|---|")
    bare = loads["bare view"]
    for name, rounds in loads.items():
        middle = median(rounds)
        # Of each round by itself: what else the machine does is the same for both.
        pairs = list(zip(rounds, bare, strict=True))
        rate = statistics.median(mine.per_second / its.per_second for mine, its in pairs)
        spent = statistics.median(its.processor / mine.processor for mine, its in pairs)
        print(
            f"| {name} | {middle.per_second:,.0f} | {rate:.0%} | {middle.p50:.2f} | {middle.p99:.2f} "
            f"| {statistics.median(one.processor for one in rounds):.0f} | {spent:.0%} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="darkroom-delivery-") as folder:
        measure(asked.posts, asked.seconds, asked.rounds, Path(folder))


if __name__ == "__main__":
    main()
