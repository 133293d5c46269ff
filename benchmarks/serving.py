"""A server of its own processes for what is compared, and how it is asked."""

import contextlib
import http.client
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

PROCESSES = 2


@contextlib.contextmanager
def serve(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[psutil.Process]:
    """The server, while the block lasts."""
    with subprocess.Popen(command, cwd=folder, env=environment) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_for(port: int, path: str) -> None:
    """Until this path is answered. Raises ``SystemExit`` after two minutes."""
    for _ in range(240):
        with contextlib.suppress(OSError):
            get(port, path)
            return
        time.sleep(0.5)
    raise SystemExit(f"nobody answers on port {port}")


def get(port: int, path: str) -> int:
    """Bytes of the answer. Raises ``SystemExit`` for any status but 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        response = connection.getresponse()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status} {response.read(500)!r}")
        return len(response.read())
    finally:
        connection.close()


def processor_seconds(server: psutil.Process) -> float:
    """Of a server and all its processes, since they began."""
    times = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in times)
