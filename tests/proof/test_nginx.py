"""deploy/nginx.conf in front of gunicorn, as it is but for ports, paths and the name of web. Needs nginx on PATH."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests

from tests.media import photo_bytes
from tests.processes import ROOT, free_port
from tests.stack import Stack

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")

UPLOAD = """
from django.core.files import File
from media_library.models import CustomImage
from media_library import jobs
with open({path!r}, "rb") as file:
    image = CustomImage(title="Harbour", file=File(file, name="harbour.jpg"))
    image.save()
jobs.run(image.jobs.get().pk)
print(image.renditions.first().file.name, image.file.name)
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    env = {"LOG_FORMAT": "json", "TRUSTED_PROXIES": "1", "WEB_WORKERS": "1"}
    with Stack(tmp_path_factory.mktemp("nginx") / "data", env, names=["web"]) as running:
        yield running


@pytest.fixture(scope="module")
def address(stack: Stack, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("conf")
    port, static = free_port(), folder / "static"
    static.mkdir()
    (static / "a.css").write_text("a {}")
    changes = {
        "server web:8000;": f"server 127.0.0.1:{stack.port};",
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "pid /var/run/nginx.pid;": f"pid {folder}/nginx.pid; user root;",
        "root /data;": f"root {stack.data_dir};",
        "alias /srv/static/;": f"alias {static}/;",
        "/dev/stdout": f"{folder}/access.log",
    }
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    conf = folder / "nginx.conf"
    conf.write_text(text)
    subprocess.run(["nginx", "-t", "-c", conf], check=True, capture_output=True)
    nginx = subprocess.Popen(["nginx", "-c", conf, "-g", "daemon off;"])
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        nginx.wait(timeout=10)


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            requests.get(url, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("nginx does not answer")


@pytest.fixture(scope="module")
def files(stack: Stack, tmp_path_factory) -> list[str]:
    """Name of a rendition, and of an original."""
    path = tmp_path_factory.mktemp("photo") / "harbour.jpg"
    path.write_bytes(photo_bytes(400, 300))
    code = UPLOAD.format(path=str(path))
    return stack.manage("shell", "--verbosity", "0", "--command", code).strip().splitlines()[-1].split()


def test_pages_and_api_come_through_with_the_id_of_the_request(address, stack):
    answer = requests.get(f"{address}/api/v2/pages/", headers={"X-Request-ID": "through-nginx"}, timeout=20)

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (200, "through-nginx")
    made = requests.get(f"{address}/api/v2/pages/", timeout=20).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert made in stack.log("web")


def test_renditions_are_served_by_nginx_for_ever_with_ranges_and_uncompressed(address, files):
    answer = requests.get(f"{address}/media/{files[0]}", headers={"Range": "bytes=0-9"}, timeout=20)

    assert (answer.status_code, len(answer.content)) == (206, 10)
    assert answer.headers["Server"] == "nginx"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in answer.headers
    assert "X-Request-ID" not in answer.headers  # Darkroom was not asked


@pytest.mark.parametrize(
    "path", ["/originals/{original}", "/media/../originals/{original}", "/media/%2e%2e/secret_key"]
)
def test_what_is_private_is_not_served(address, files, path):
    session = requests.Session()
    request = requests.Request("GET", address).prepare()
    request.url = address + path.format(files[1])

    assert session.send(request, timeout=20).status_code in (400, 403, 404)


def test_metrics_and_readiness_are_not_for_the_outside(address):
    assert requests.get(f"{address}/metrics", timeout=20).status_code == 404
    assert requests.get(f"{address}/readyz", timeout=20).status_code == 404
    assert requests.get(f"{address}/healthz", timeout=20).status_code == 200


def test_static_files_are_served_by_nginx(address):
    answer = requests.get(f"{address}/static/a.css", timeout=20)

    assert (answer.status_code, answer.headers["Server"]) == (200, "nginx")
    assert "immutable" in answer.headers["Cache-Control"]


def test_bodies_have_limits_by_address(address):
    part = b"x" * (65 * 1024**2)

    assert requests.post(f"{address}/api/v2/forms/1/", data=part, timeout=60).status_code == 413
    # Nobody may upload without a token, but its size is none of nginx's business there.
    assert requests.post(f"{address}/api/media/", data=part, timeout=60).status_code in (401, 403, 415)
