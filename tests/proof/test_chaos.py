"""Two hundred uploads while workers, Redis and the S3 server are killed and started again for three minutes.

The S3 server is s3rver, which keeps objects on disk across a SIGKILL; install it with ``npm install --global s3rver``,
or name it in ``S3RVER``. ``CHAOS_SECONDS`` makes it shorter or longer. Run it under ``python -m tests.services`` for
PostgreSQL; Redis is the test's own, since it is killed.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from tests.media import film_bytes, other_photo_bytes, sound_bytes
from tests.processes import free_port
from tests.services import find_redis
from tests.stack import Stack

SECONDS = float(os.environ.get("CHAOS_SECONDS", "180"))
PATIENCE = 20 * 60
S3RVER = os.environ.get("S3RVER") or shutil.which("s3rver")
KEY = "S3RVER"
VICTIMS = ["worker_images", "worker_video", "worker_sending", "redis", "s3"]

pytestmark = pytest.mark.skipif(not S3RVER, reason="needs s3rver, an S3 server that keeps its files")

PREPARE = """
from wagtail.models import APIToken
from cms.delivery.models import Webhook
from cms.models import User
user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
Webhook.objects.create(name="Chaos", url={receiver!r}, events=["asset.ready"])
print(APIToken.create_token(user=user, name="Chaos")[1])
"""

COUNT = """
import json
from collections import Counter
from cms.delivery.models import Change, WebhookDelivery
from media_library.models import Asset, FileRemoval, ProcessingJob
print(json.dumps({
    "status": Counter(Asset.objects.values_list("status", flat=True)),
    "reasons": sorted(set(Asset.objects.exclude(status_reason="").values_list("status_reason", flat=True))),
    "jobs": Counter(ProcessingJob.objects.values_list("state", flat=True)),
    "attempts": max([0, *ProcessingJob.objects.values_list("attempts", flat=True)]),
    "removals": FileRemoval.objects.count(),
    "changes": Change.objects.count(),
    "unsent": WebhookDelivery.objects.exclude(state="done").count(),
}))
"""

REPORT = """
import json
from media_library.housekeeping.names import columns
from media_library.models import Asset, SupersededFile
named = set(SupersededFile.objects.values_list("name", flat=True))
for column in columns():
    named |= set(column.model._base_manager.exclude(**{column.field: ""}).values_list(column.field, flat=True))
print(json.dumps({
    "ids": list(Asset.objects.values_list("pk", flat=True)),
    "hashes": list(Asset.objects.values_list("file_hash", flat=True)),
    "named": sorted(named),
}))
"""


class Server:
    """A process that may be killed, and comes back at the same port with what it has on disk."""

    def __init__(self, command: list[str], log: Path, is_up: Callable[[], object]):
        self.command, self.log, self.is_up = command, log, is_up
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.is_up()
                return
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Server]:
    import redis

    port = free_port()
    memory = ["--save", "", "--appendonly", "no"]
    command = [str(find_redis()), "--port", str(port), "--bind", "127.0.0.1", *memory]
    server = Server(command, tmp_path / "redis.log", redis.Redis(port=port).ping)
    server.url = f"redis://127.0.0.1:{port}/0"  # type: ignore[attr-defined]
    yield server
    server.kill()


@pytest.fixture
def s3_server(tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(S3RVER), "-d", str(tmp_path / "s3"), "-a", "127.0.0.1", "-p", str(port), "--no-vhost-buckets"]
    server = Server(command, tmp_path / "s3.log", lambda: requests.get(url, timeout=5))
    server.url = url  # type: ignore[attr-defined]
    server.client = boto3.client(  # type: ignore[attr-defined]
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=KEY
    )
    server.client.create_bucket(Bucket="library")  # type: ignore[attr-defined]
    yield server
    server.kill()


@pytest.fixture
def receiver() -> Iterator[Any]:
    """Somebody's server that is told when media are ready."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing to be said."""

    told: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.told = told  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def stack(tmp_path: Path, redis_server: Any, s3_server: Any) -> Iterator[Stack]:
    env = {
        "REDIS_URL": redis_server.url,
        "S3_BUCKET": "library",
        "S3_REGION": "us-east-1",
        "S3_ENDPOINT_URL": s3_server.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "MEDIA_JOB_LEASE_SECONDS": "5",
        "MEDIA_JOB_REAP_SECONDS": "2",
        "API_REQUESTS_PER_MINUTE": "0",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "WEBHOOK_TEND_SECONDS": "2",
    }
    names = ["web", "worker_images", "worker_video", "worker_sending", "beat"]
    with Stack(tmp_path / "data", env, names=names) as stack:
        yield stack


def uploads(folder: Path) -> list[tuple[str, bytes]]:
    """Two hundred files, no two of which have the same bytes."""
    film, sound = film_bytes(folder), sound_bytes("mp3")
    return [
        *((f"photo {number}.jpg", other_photo_bytes(number, 640, 480)) for number in range(150)),
        # What comes after the end of both formats is left alone by who reads them.
        *((f"film {number}.mp4", film + b"\0\0\0\x10free%08d" % number) for number in range(8)),
        *((f"sound {number}.mp3", sound + b"%08d" % number) for number in range(12)),
        *((f"menu {number}.txt", b"Menu of day %d\n" % number) for number in range(30)),
    ]


def upload(url: str, token: str, name: str, data: bytes) -> int:
    """As a program does: again with the same key until it is told that the file is there. Returns the asset's id."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": name}
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = requests.post(
                f"{url}/api/media/", headers=headers, files={"file": (name, data)}, data={"title": name}, timeout=120
            )
            if answer.status_code == 201:
                return int(answer.json()["id"])
            failure = f"{answer.status_code}: {answer.text[:500]}"
        except requests.RequestException as error:
            failure = repr(error)
        if time.monotonic() > deadline:
            raise AssertionError(f"{name}: {failure}")
        time.sleep(random.uniform(0.5, 2))


def wreak_havoc(stack: Stack, servers: dict[str, Server], log: list[str]) -> None:
    """Kill one after the other at random, and start it again some seconds later."""
    chance, end = random.SystemRandom(), time.monotonic() + SECONDS
    while time.monotonic() < end:
        victim = chance.choice(VICTIMS)
        server = servers.get(victim)
        server.kill() if server else stack.kill(victim)
        rest = chance.uniform(0.2, 4)
        log.append(f"{time.strftime('%H:%M:%S')} {victim} for {rest:.1f} s")
        time.sleep(rest)
        server.start() if server else stack.start(victim)
        time.sleep(chance.uniform(1, 6))


def names_in_bucket(s3_server: Any) -> list[str]:
    """As the bucket itself tells: originals and renditions, without the folder of their storage."""
    # Of the second version of this call, s3rver has tokens that the OpenSSL of today refuses.
    pages = s3_server.client.get_paginator("list_objects").paginate(Bucket="library")
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    assert {key.partition("/")[0] for key in keys} == {"originals", "media"}
    return sorted(key.partition("/")[2] for key in keys)


def files_on_disk(stack: Stack) -> list[str]:
    """What lies about: with a bucket, nothing but what is under way is on the disk of the machine."""
    folders = [Path(stack.env["DATA_DIR"]) / name for name in ("media", "originals", "tmp", "uploads")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if path.suffix != ".lock"]


def say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


def ask(stack: Stack, code: str, **values: Any) -> str:
    return stack.manage("shell", "-v", "0", "-c", code.format(**values) if values else code).splitlines()[-1]


def test_everything_is_there_once_after_three_minutes_of_chaos(
    stack: Stack, redis_server: Server, s3_server: Server, receiver: Any, tmp_path: Path
):
    hook = f"http://127.0.0.1:{receiver.server_port}/"
    token = ask(stack, PREPARE, receiver=hook)
    files, killed = uploads(tmp_path), []
    random.shuffle(files)
    havoc = threading.Thread(
        target=wreak_havoc, args=(stack, {"redis": redis_server, "s3": s3_server}, killed), daemon=True
    )
    havoc.start()
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda one: upload(stack.url, token, *one), files))
    say(f"{len(ids)} uploads took {time.monotonic() - began:.0f} s")
    havoc.join()
    say(f"{len(killed)} kills: " + ", ".join(killed))

    began = time.monotonic()
    while True:
        state = json.loads(ask(stack, COUNT))
        say(str(state))
        still = state["removals"] or state["changes"] or state["unsent"]
        if not still and set(state["status"]) == {"ready"} and set(state["jobs"]) == {"done"}:
            break
        assert time.monotonic() < began + PATIENCE, (state, killed)
        time.sleep(5)
    say(f"at rest {time.monotonic() - began:.0f} s after the last kill; {len(receiver.told)} messages")

    report = json.loads(ask(stack, REPORT))
    assert sorted(ids) == sorted(report["ids"])
    assert len(set(ids)) == len(files)
    assert len(set(report["hashes"])) == len(files)
    assert names_in_bucket(s3_server) == report["named"]
    assert files_on_disk(stack) == []
    assert {one["subject"]["id"] for one in receiver.told if one["event"] == "asset.ready"} == set(ids)
