"""deploy/nginx.conf in front of gunicorn, as it is but for ports, paths and the name of web. Needs nginx on PATH."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import requests

from cms.media_files import PUBLIC_SECONDS
from tests.media import photo_bytes
from tests.processes import ROOT, free_port
from tests.stack import Stack

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")

UPLOAD = """
from django.core.files import File
from wagtail.models import Collection, CollectionViewRestriction
from media_library.models import CustomImage
from media_library import jobs
from media_library.serving import private_address
board = Collection.get_first_root_node().add_child(name="Board")
CollectionViewRestriction.objects.create(collection=board, restriction_type="login")
for title, collection in (("Harbour", board.get_parent()), ("Board", board), ("Quay", board.get_parent())):
    with open({path!r}, "rb") as file:
        image = CustomImage(title=title, collection=collection, file=File(file, name="harbour.jpg"))
        image.save()
    jobs.run(image.jobs.get().pk)
    name = image.renditions.first().file.name
    print(title, name, image.file.name, private_address(image.pk) + name)
"""

CLOSE = """
from wagtail.models import Collection
from media_library.models import CustomImage
image = CustomImage.objects.get(title="Quay")
image.collection = Collection.objects.get(name="Board")
image.save()
"""


class Files(NamedTuple):
    """The name of a rendition and of its original, and the path of a signed address of the rendition."""

    rendition: str
    original: str
    signed: str


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    env = {"LOG_FORMAT": "json", "TRUSTED_PROXIES": "1", "WEB_WORKERS": "1", "SENDFILE_BACKEND": "nginx"}
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
        "alias /data/;": f"alias {stack.data_dir}/;",
        "/var/cache/nginx/privacy": f"{folder}/privacy",
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
def photos(stack: Stack, tmp_path_factory) -> dict[str, Files]:
    """By title. That of the board is in a private collection."""
    path = tmp_path_factory.mktemp("photo") / "harbour.jpg"
    path.write_bytes(photo_bytes(400, 300))
    printed = stack.manage("shell", "--verbosity", "0", "--command", UPLOAD.format(path=str(path)))
    lines = [line.split() for line in printed.splitlines() if "/" in line]
    return {title: Files(*rest) for title, *rest in lines}


@pytest.fixture(scope="module")
def files(photos: dict[str, Files]) -> Files:
    return photos["Harbour"]


@pytest.fixture(scope="module")
def private(photos: dict[str, Files]) -> Files:
    return photos["Board"]


def test_pages_and_api_come_through_with_the_id_of_the_request(address, stack):
    answer = requests.get(f"{address}/api/v2/pages/", headers={"X-Request-ID": "through-nginx"}, timeout=20)

    assert (answer.status_code, answer.headers["X-Request-ID"]) == (200, "through-nginx")
    made = requests.get(f"{address}/api/v2/pages/", timeout=20).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert made in stack.log("web")


def test_renditions_are_served_by_nginx_for_ever_with_ranges_and_uncompressed(address, files):
    answer = requests.get(f"{address}/media/{files.rendition}", headers={"Range": "bytes=0-9"}, timeout=20)

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
    request.url = address + path.format(original=files.original)

    assert session.send(request, timeout=20).status_code in (400, 403, 404)


def test_rendition_of_a_private_collection_is_not_public(address, private):
    assert requests.get(f"{address}/media/{private.rendition}", timeout=20).status_code == 404


def test_rendition_of_a_private_collection_is_sent_by_nginx_at_its_signed_address(address, private):
    answer = requests.get(f"{address}{private.signed}", headers={"Range": "bytes=0-9"}, timeout=20)

    assert (answer.status_code, len(answer.content)) == (206, 10)
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert requests.get(f"{address}/protected/media/{private.rendition}", timeout=20).status_code == 404


def test_darkroom_is_asked_of_an_asset_once(address, files, stack):
    asset = files.rendition.partition("/")[0]
    until = time.monotonic() + 2 * PUBLIC_SECONDS
    before = stack.log("web").count(f"/internal/media/{asset}/")

    for number in range(200):
        query = {"n": str(number)}
        assert requests.get(f"{address}/media/{files.rendition}", params=query, timeout=20).status_code == 200

    assert time.monotonic() < until
    assert stack.log("web").count(f"/internal/media/{asset}/") - before <= 2


def test_what_is_asked_of_darkroom_is_not_for_the_outside(address, private):
    asset = private.rendition.partition("/")[0]

    assert requests.get(f"{address}/internal/media/", timeout=20).status_code == 404
    assert requests.get(f"{address}/internal/media/{asset}/", timeout=20).status_code == 404


def test_body_of_a_request_for_a_picture_disturbs_nobody(address, photos):
    body = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    for photo in photos.values():
        requests.get(f"{address}/media/{photo.rendition}", data=body, timeout=20)

    assert [requests.get(f"{address}/api/v2/pages/", timeout=20).status_code for _ in range(20)] == [200] * 20


def test_picture_that_moves_into_a_private_collection_is_closed_within_seconds(address, photos, stack):
    url = f"{address}/media/{photos['Quay'].rendition}"
    assert requests.get(url, timeout=20).status_code == 200

    stack.manage("shell", "--verbosity", "0", "--command", CLOSE)
    time.sleep(PUBLIC_SECONDS + 1)

    assert requests.get(url, timeout=20).status_code == 404


def test_public_pictures_are_shown_and_private_ones_not_while_darkroom_is_away(address, files, private, stack):
    assert requests.get(f"{address}/media/{files.rendition}", timeout=20).status_code == 200
    stack.stop("web")
    try:
        time.sleep(PUBLIC_SECONDS + 1)
        assert requests.get(f"{address}/media/{files.rendition}", timeout=20).status_code == 200
        assert requests.get(f"{address}/media/{private.rendition}", timeout=20).status_code == 502
    finally:
        stack.start("web")


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
