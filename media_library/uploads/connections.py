"""Connections to servers of strangers: to the address that was checked, by no proxy, and for so long and no longer."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from media_library.uploads.addresses import Target

USER_AGENT = "Darkroom"

PROBLEMS = (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError)
"""What connections raise: of urllib3, of http.client where an answer is no HTTP, and of sockets."""


@contextmanager
def connection_to(target: Target, deadline: float, connect_seconds: float) -> Iterator[HTTPConnection]:
    """Yield a connection that ``ask`` makes, and that breaks off at ``deadline``, a moment of ``time.monotonic``.

    A server that sends its headers byte by byte never runs into a limit for single reads, so the clock closes the
    connection under whoever reads from it.
    """
    connection: HTTPConnection
    if target.scheme == "https":
        connection = HTTPSConnection(
            target.address,
            target.port,
            timeout=connect_seconds,
            server_hostname=target.host,
            assert_hostname=target.host,
            cert_reqs="CERT_REQUIRED",
        )
    else:
        connection = HTTPConnection(target.address, target.port, timeout=connect_seconds)
    clock = threading.Timer(max(0, deadline - time.monotonic()), _cut, [connection])
    clock.daemon = True
    clock.start()
    try:
        yield connection
    finally:
        clock.cancel()
        connection.close()


def ask(
    connection: HTTPConnection,
    target: Target,
    read_seconds: float,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> urllib3.BaseHTTPResponse:
    """Send a request, and return the answer once its headers are there. Raises one of ``PROBLEMS``."""
    connection.connect()
    connection.sock.settimeout(read_seconds)
    connection.timeout = read_seconds
    ours = {"Host": target.host_header, "User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    connection.request(method, target.path, body=body, headers=ours | dict(headers or {}), preload_content=False)
    return connection.getresponse()


def _cut(connection: Any) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
