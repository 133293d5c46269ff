"""A server that speaks as chat completions do, and says what a test wants; it keeps what it was asked."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {
    "en": {"alt_text": "A lighthouse on a rock", "caption": "The lighthouse.", "tags": ["lighthouse", "sea"]},
    "de": {"alt_text": "Ein Leuchtturm auf einem Felsen", "caption": "Der Leuchtturm.", "tags": ["Leuchtturm"]},
}


@dataclass
class DescribingServer:
    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pause: float = 0.0
    """Seconds after each byte of an answer."""
    unsaid: bytes = b""
    """What is still to come of the answer that is given."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def says(self, described: object, **more: Any) -> None:
        """Answer with this as the text of the model."""
        content = described if isinstance(described, str) else json.dumps(described)
        self.answers(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}), **more)

    def answers(self, body: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer with just these bytes."""
        self.body = body.encode() if isinstance(body, str) else body
        self.status, self.headers = status, dict(headers or {})


@contextmanager
def describing() -> Iterator[DescribingServer]:
    model = DescribingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            model.authorizations.append(self.headers.get("Authorization"))
            model.paths.append(self.path)
            self.send_response(model.status)
            for name, value in model.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(model.body)))
            self.end_headers()
            model.unsaid = model.body
            try:
                while model.pause and model.unsaid:
                    self.wfile.write(model.unsaid[:1])
                    self.wfile.flush()
                    model.unsaid = model.unsaid[1:]
                    time.sleep(model.pause)
                self.wfile.write(model.unsaid)
            except OSError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
