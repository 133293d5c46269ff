"""A real S3 server process for tests: moto's, which keeps everything in memory and logs each request.

@pytest.fixture
def s3(s3_server): ...  # see tests/media_library/storage/conftest.py
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import requests

from tests.processes import free_port

REQUEST = re.compile(r'"(GET|HEAD|PUT|POST|DELETE) (\S+) HTTP')
START_SECONDS = 60
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass
class S3Server:
    """Where it listens, and what it was asked so far."""

    url: str
    log: Path

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    def requests(self) -> list[tuple[str, str]]:
        """Method and path of each request, in order."""
        return REQUEST.findall(self.log.read_text(errors="replace"))


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """Run it on a free port, with its log in ``folder``."""
    port, log = free_port(), folder / "s3.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    server = S3Server(f"http://127.0.0.1:{port}", log)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.kill()
        process.wait()


def _wait_for(server: S3Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            requests.get(server.url, timeout=START_SECONDS)
            return
        except requests.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"moto's server did not start:\n{server.log.read_text()[-4000:]}") from None
        time.sleep(0.05)
