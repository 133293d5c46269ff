"""Small real servers that note what they are asked, and answer as they are told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Told:
    """What is answered; ``raw`` is sent as it is, whether or not it is HTTP."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait: threading.Event | None = None


Answer = Callable[[Asked], Told]


class Receiver:
    """``asked`` is what came so far; ``answers`` are given in turn, the last one for ever."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Told | Answer] = [Told()]
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, asked: Asked) -> Told:
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Told) else answer(asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                told = receiver._next(Asked(self.command, self.path, headers, body))
                if told.wait is not None:
                    told.wait.wait(60)
                with suppress(OSError):
                    if told.raw is not None:
                        self.wfile.write(told.raw)
                        self.close_connection = True
                        return
                    self.send_response(told.status)
                    for name, value in told.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(told.body)))
                    self.end_headers()
                    self.wfile.write(told.body)

            do_GET = do_HEAD = do_POST = do_PURGE = answer

            def log_message(self, *args: object) -> None:
                pass

        return Handler


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    receiver = Receiver(port)
    try:
        yield receiver
    finally:
        receiver.stop()
