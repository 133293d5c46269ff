"""The response cache in a real Redis: kept for all processes, and forgiving when Redis hangs, dies and returns."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from django.core.cache import cache
from django.test import Client
from redis.backoff import NoBackoff
from redis.retry import Retry

from cms.caches import ForgivingRedisCache, Outage
from cms.delivery import versions
from tests.processes import free_port
from tests.services import ServiceError, find_redis

POSTS = "/api/v2/pages/"


class RealRedis:
    """A Redis that may be stopped, killed, and started again from the snapshot that it has saved."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)

    def start(self) -> None:
        command = [
            find_redis(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
            "--save",
            "",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        while psutil.Process(self.process.pid).status() != psutil.STATUS_STOPPED:
            time.sleep(0.01)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def patience() -> float:
    """Seconds for which an answer of Redis is waited for: it does answer, however busy this machine is."""
    return 60


hasty = pytest.mark.parametrize("patience", [0.1])


@pytest.fixture
def server(tmp_path: Path, settings, patience: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealRedis]:
    """What the caches of this test are kept in, with the settings of a server."""
    try:
        find_redis()
    except ServiceError as error:
        pytest.skip(str(error))
    monkeypatch.setattr(Outage, "pause_seconds", 0.0)
    monkeypatch.setattr(ForgivingRedisCache, "outage", Outage())
    server = RealRedis(tmp_path)
    server.start()
    options = {"serializer": "cms.caches.ReadableSerializer", "socket_timeout": patience}
    options["socket_connect_timeout"] = patience
    common = {"LOCATION": server.url, "OPTIONS": {**options, "retry": Retry(NoBackoff(), 1)}}
    settings.CACHES = {
        "default": {"BACKEND": "cms.caches.ForgivingRedisCache", **common},
        "delivery": {"BACKEND": "cms.caches.RedisCache", **common},
    }
    yield server
    server.go_on()
    server.kill()


def test_it_is_kept_for_all_processes_until_a_tag_is_bumped(
    server: RealRedis, api, reader: Client, other: Client
) -> None:
    assert [client.get(POSTS)["X-Cache"] for client in (reader, other, reader)] == ["MISS", "HIT", "HIT"]
    versions.bump(["page-7"])
    assert [client.get(POSTS)["X-Cache"] for client in (reader, other, reader)] == ["MISS", "HIT", "HIT"]


@hasty
@pytest.mark.parametrize("fault", [RealRedis.kill, RealRedis.hang])
def test_answers_are_made_without_it(
    fault: Callable[[RealRedis], None],
    patience: float,
    server: RealRedis,
    api,
    reader: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader.get(POSTS)
    fault(server)
    waits, read = [], redis.Connection.read_response

    def counted(*args: Any, **options: Any) -> Any:
        waits.append(patience)
        return read(*args, **options)

    monkeypatch.setattr(redis.Connection, "read_response", counted)
    response = reader.get(POSTS)
    assert (response.status_code, response["X-Cache"]) == (200, "PASS")
    assert sum(waits) < 2
    # And all else that asks a cache goes on.
    assert cache.get("anything", "nothing") == "nothing"


@hasty
def test_what_changed_while_it_hung_is_seen_when_it_goes_on(server: RealRedis, api, reader: Client) -> None:
    reader.get(POSTS)
    server.hang()
    with pytest.raises(redis.RedisError):
        versions.bump(["page-7"])
    api.body = {"title": "new"}
    assert reader.get(POSTS).json() == api.body
    server.go_on()
    assert reader.get(POSTS).json() == api.body


def test_snapshot_that_it_returns_with_is_not_believed(server: RealRedis, api, reader: Client, other: Client) -> None:
    other.get(POSTS)
    server.client.save()
    versions.bump(["page-7"])
    api.body = {"title": "new"}
    server.kill()
    reader.get(POSTS)
    server.start()
    assert reader.get(POSTS).json() == api.body
    assert other.get(POSTS).json() == api.body


def test_what_another_program_wrote_is_no_answer(server: RealRedis, api, reader: Client, other: Client) -> None:
    reader.get(POSTS)
    for key in server.client.scan_iter("*"):
        server.client.set(key, b"<html>")
    assert (other.get(POSTS)["X-Cache"], other.get(POSTS)["X-Cache"]) == ("MISS", "HIT")
