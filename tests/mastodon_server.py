"""A Mastodon of its own, as far as posting goes, built from its public API documentation.

https://docs.joinmastodon.org/methods/statuses/#create, …/methods/media/#v2, …/api/rate-limits/,
…/methods/accounts/#verify_credentials, …/methods/apps/#verify_credentials, …/api/oauth-scopes/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.cms.delivery.servers import Asked, Receiver, Told, receiving

TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"
LIMIT = 500


@dataclass
class Mastodon:
    """``statuses`` and ``media`` are what was taken. ``next`` are answers that are given once each, before its own;
    ``loses`` is how many statuses are taken without an answer; ``scopes`` are those of the application."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    next: list[Told] = field(default_factory=list)
    loses: int = 0
    processing: int = 0
    scopes: list[str] = field(default_factory=lambda: ["profile", "write:statuses", "write:media"])
    name: str = "darkroom"
    _keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    receiver: Receiver = field(init=False)

    @property
    def url(self) -> str:
        return self.receiver.url

    def __call__(self, asked: Asked) -> Told:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _told(401, {"error": "The access token is invalid"})
        if self.next:
            return self.next.pop(0)
        match asked.method, asked.path.rsplit("/", 1)[0], asked.path:
            case "POST", _, "/api/v2/media":
                return self._take_media(asked)
            case "GET", "/api/v1/media", _:
                self.processing -= 1
                return _told(206 if self.processing > 0 else 200, {"id": asked.path.rsplit("/", 1)[1]})
            case "GET", _, "/api/v1/accounts/verify_credentials":
                if not {"read", "read:accounts", "profile"} & set(self.scopes):
                    return _told(403, {"error": "This action is outside the authorized scopes"})
                return _told(200, {"id": "14715", "username": self.name, "acct": self.name, "source": {"note": ""}})
            case "GET", _, "/api/v1/apps/verify_credentials":
                return _told(200, {"id": "3", "name": "Darkroom", "website": None, "scopes": self.scopes})
            case "POST", _, "/api/v1/statuses":
                return self._take_status(asked)
        return _told(404, {"error": "Record not found"})

    def _take_media(self, asked: Asked) -> Told:
        head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in BytesParser(policy=HTTP).parsebytes(head + asked.body).iter_parts()
        }
        media = {"id": str(100 + len(self.media)), "description": parts["description"].get_content().strip()}
        media["content"] = parts["file"].get_payload(decode=True)
        self.media.append(media)
        return _told(202 if self.processing else 200, {"id": media["id"], "description": media["description"]})

    def _take_status(self, asked: Asked) -> Told:
        known = self._keys.get(asked.headers.get("idempotency-key", ""))
        if known is None:
            text = asked.json.get("status", "")
            if not text.strip():
                return _told(422, {"error": "Validation failed: Text can't be blank"})
            if len(text) > 2 * LIMIT:
                return _told(422, {"error": "Validation failed: Text character limit of 500 exceeded"})
            number = str(109_000 + len(self.statuses))
            known = asked.json | {"id": number, "url": f"https://example.social/@darkroom/{number}"}
            self.statuses.append(known)
            self._keys[asked.headers.get("idempotency-key", number)] = known
        if self.loses:
            self.loses -= 1
            return Told(raw=b"")
        return _told(200, {"id": known["id"], "url": known["url"], "content": f"<p>{known['status']}</p>"})


@contextmanager
def mastodon() -> Iterator[Mastodon]:
    server = Mastodon()
    with receiving() as server.receiver:
        server.receiver.answers = [server]
        yield server


def _told(status: int, body: dict[str, Any]) -> Told:
    return Told(status, json.dumps(body).encode(), {"Content-Type": "application/json; charset=utf-8"})
