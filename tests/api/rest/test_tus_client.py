"""A real tus client, over connections that are cut under it."""

import hashlib
import json
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.media import film_bytes
from tests.processes import ROOT
from tests.stack import Stack

CLIENT = """
const tus = require(process.argv[1] + '/node_modules/tus-js-client');
const fs = require('fs');
const [endpoint, path, token] = process.argv.slice(2);
const told = { retries: 0, locations: [] };
const upload = new tus.Upload(fs.createReadStream(path), {
  endpoint,
  uploadSize: fs.statSync(path).size,
  chunkSize: 256 * 1024,
  retryDelays: [0, 100, 200, 400, 800, 1600],
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: 'tide.mp4', title: 'Tide', tags: 'sea, low tide' },
  onShouldRetry: () => { told.retries += 1; return true; },
  onAfterResponse: (request, response) => {
    const asset = response.getHeader('Content-Location');
    if (asset) told.locations.push(asset);
  },
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => { console.log(JSON.stringify({ ...told, url: upload.url })); },
});
upload.start();
"""

CUTS = (300_000, 900_000, 1_500_000)
"""After so many bytes in all, the connection that carries them is broken."""


class CuttingProxy:
    """Passes bytes on to a port, and breaks the connection in the middle of a part, once at each of ``CUTS``."""

    def __init__(self, port: int):
        self.target = port
        self.carried, self.cuts = 0, list(CUTS)
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                for source, sink, counted in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=(source, sink, counted), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(16 * 1024):
                if counted and self._is_cut(len(data)):
                    for one in (source, sink):
                        # Whoever waits for a byte in the other thread wakes up, and the socket is really closed.
                        one.shutdown(socket.SHUT_RDWR)
                        one.close()
                    return
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _is_cut(self, length: int) -> bool:
        with self.lock:
            self.carried += length
            if self.cuts and self.carried >= self.cuts[0]:
                self.cuts.pop(0)
                return True
        return False

    def close(self) -> None:
        self.listener.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "tide.mp4"
    path.write_bytes(film_bytes(tmp_path, seconds=24, width=640, height=360, fps=24))
    # Films may end with anything: enough bytes for three cuts.
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", 2_000_008, b"free") + bytes(range(250)) * 8_000)
    return path


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path / "data", names=["web"]) as stack:
        yield stack


def test_a_film_arrives_whole_though_its_connection_is_cut_three_times(web: Stack, film: Path) -> None:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    token = web.manage("shell", "--verbosity", "0", "--command", MAKE_TOKEN).strip().splitlines()[-1]
    proxy = CuttingProxy(web.port)
    try:
        done = subprocess.run(
            [node, "-e", CLIENT, str(ROOT), f"http://127.0.0.1:{proxy.port}/api/media/uploads/", str(film), token],
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        proxy.close()
    assert done.returncode == 0, done.stderr + web.log("web")
    told = json.loads(done.stdout)
    assert proxy.cuts == []
    assert told["retries"] >= 3

    headers = {"Authorization": f"Bearer {token}"}
    [location] = told["locations"]
    asset = requests.get(web.url + location, headers=headers, timeout=60).json()
    assert asset["details"]["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()
    assert (asset["kind"], asset["title"], asset["meta"]["tags"]) == ("video", "Tide", ["low tide", "sea"])
    [stored] = (web.data_dir / "originals").rglob("*.mp4")
    assert stored.read_bytes() == film.read_bytes()


MAKE_TOKEN = """
from cms.models import User
from wagtail.models import APIToken
user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
print(APIToken.create_token(user=user, name="tus")[1])
"""
