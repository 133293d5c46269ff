"""What the processes of the Procfile write and count, and how web ends (workers: tests/proof/test_shutdown.py)."""

import http.client
import json
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.media import photo_bytes
from tests.stack import Stack

TOKEN = {"Authorization": "Bearer of the watch"}
MAKE_TOKEN = """
from cms.models import User
from wagtail.models import APIToken
user = User.objects.create_superuser("watch", "watch@example.org", "a long password")
print(APIToken.create_token(user=user, name="watch")[1])
"""
WHILE_SECONDS = 120
SOON = 40
"""Seconds: gunicorn and Celery take some for themselves, and an event stream lasts for sixty."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    env = {"LOG_FORMAT": "json", "MONITORING_TOKEN": "of the watch", "WEB_WORKERS": "1"}
    with Stack(tmp_path_factory.mktemp("stack") / "data", env, names=["web", "worker_images"]) as running:
        yield running


@pytest.fixture(scope="module")
def api(stack) -> requests.Session:
    session = requests.Session()
    token = stack.manage("shell", "--verbosity", "0", "--command", MAKE_TOKEN).strip().splitlines()[-1]
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def _upload(stack: Stack, api: requests.Session, name: str, body: bytes, **headers: str) -> int:
    answer = api.post(f"{stack.url}/api/media/", files={"file": (name, body)}, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _lines(stack: Stack, name: str) -> list[dict]:
    return [json.loads(line) for line in stack.log(name).splitlines() if line.startswith("{")]


def _until(find: Callable[[], object]) -> object:
    deadline = time.monotonic() + WHILE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)
    return found


def _of(stack: Stack, worker: str, asset_id: int, said: str) -> dict | None:
    lines = (line for line in _lines(stack, worker) if line.get("asset_id") == asset_id and said in line["message"])
    return next(lines, None)


def test_id_of_a_request_is_in_its_line_and_in_those_of_the_worker(stack, api):
    asset_id = _upload(stack, api, "a.jpg", photo_bytes(90, 60), **{"X-Request-ID": "an-upload-by-a-program"})

    done = _until(lambda: _of(stack, "worker_images", asset_id, " in "))
    assert done["request_id"] == "an-upload-by-a-program"
    assert done["task"] == "media_library.tasks.run_image_job_task"
    assert done["job_id"]
    line = next(one for one in _lines(stack, "web") if one.get("request_id") == "an-upload-by-a-program")
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/media/", 201)
    assert line["user_id"]


def test_metrics_add_up_what_web_processes_and_workers_count(stack, api):
    asset_id = _upload(stack, api, "b.jpg", photo_bytes(60, 90))
    _until(lambda: _of(stack, "worker_images", asset_id, " in "))

    text = requests.get(f"{stack.url}/metrics", headers=TOKEN, timeout=60).text

    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["darkroom_requests_total", "api/media", "POST", "201"] >= 1
    assert samples["darkroom_job_seconds_count", "develop_image", "done"] >= 1
    assert samples["darkroom_jobs", "develop_image", "done"] >= 1
    assert samples["darkroom_database_up",] == 1


def test_every_part_of_a_real_stack_is_well(stack):
    def states() -> dict[str, str]:
        told = requests.get(f"{stack.url}/readyz", headers=TOKEN, timeout=60).json()
        return {name: part["state"] for name, part in told["parts"].items()}

    # On a busy machine one may take too long to answer in time, once.
    _until(lambda: set(states().values()) == {"ok"})
    assert set(states()) == {"database", "cache", "broker", "storage", "queue", "disk"}


def test_web_answers_what_is_on_its_way_and_ends_streams_of_events_before_it_ends(stack, api):
    stack.kill("worker_images")
    asset_id = _upload(stack, api, "c.jpg", photo_bytes(70, 50))
    body = json.dumps({"events": [{"id": 1, "type": "view"}]}).encode()
    slow = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    slow.putrequest("POST", "/api/media/beacon/")
    slow.putheader("Content-Length", str(len(body)))
    slow.endheaders(body[:5])
    with api.get(f"{stack.url}/api/media/{asset_id}/events/", stream=True, timeout=60) as answer:
        said = answer.iter_lines()
        assert next(said)

        [web] = stack._terminate("web")
        time.sleep(1)
        slow.send(body[5:])

        assert slow.getresponse().status == 204
        # To its proper end: a cut connection would raise.
        assert list(said)
    slow.close()
    web.wait(timeout=SOON)
    # The shell around it may take a moment more.
    stack.kill("web")
    stack.start("web")
    stack.start("worker_images")
