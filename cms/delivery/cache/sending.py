"""An entry as an answer to one request: in the coding it takes, or as 304."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, ResponseHeaders
from django.utils.http import parse_etags

from cms.delivery.cache.encoding import choose
from cms.delivery.cache.entry import Entry
from cms.delivery.signals import response_answered, response_delivered

Answer = TypeVar("Answer", bound=HttpResponseBase)


class Outcome(StrEnum):
    """What ``X-Cache`` says."""

    HIT = "HIT"
    MISS = "MISS"
    STALE = "STALE"
    PASS = "PASS"  # noqa: S105


class KeptHeaders(ResponseHeaders):
    """Headers that were looked at once, and are copied as they are for each answer."""

    def copied(self) -> "KeptHeaders":
        mine = KeptHeaders({})
        mine._store = self._store.copy()
        return mine


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry in one coding, but for what differs from one answer to the next."""

    body: bytes
    etag: str
    headers: KeptHeaders


def send(entry: Entry, request: HttpRequest, outcome: Outcome, made: HttpResponse | None = None) -> HttpResponse:
    """The entry as an answer; as the one that was ``made`` for this request, if it was."""
    meta = request.META
    coding = choose(meta.get("HTTP_ACCEPT_ENCODING", ""))
    ready = entry.prepared.get(coding) or _prepare(entry, coding)
    response = HttpResponse() if made is None else made
    response.headers = headers = ready.headers.copied()
    headers["Age"] = str(max(0, int(time.time() - entry.made_at)))
    if entry.status == 200 and "HTTP_IF_NONE_MATCH" in meta and _matches(meta["HTTP_IF_NONE_MATCH"], ready.etag):
        response.status_code, response.content = 304, b""
        for name in ("Content-Type", "Content-Length"):
            headers.pop(name)
    else:
        response.status_code, response.content = entry.status, ready.body
    response_delivered.send(sender=None, request=request, entry=entry)
    return tell(response, request, outcome)


def _prepare(entry: Entry, wanted: str) -> Prepared:
    coding, body = entry.body(wanted)
    etag = entry.etag(coding)
    headers = entry.headers | {"ETag": etag, "Content-Length": str(len(body))}
    if coding:
        headers["Content-Encoding"] = coding
    entry.prepared[wanted] = Prepared(body, etag, KeptHeaders(headers))
    return entry.prepared[wanted]


def tell(response: Answer, request: HttpRequest, outcome: Outcome) -> Answer:
    """Say what happened to the client, and to whoever counts. To HEAD, all is said but the body itself."""
    response.headers["X-Cache"] = outcome.value
    if request.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
        # A server drops the body, and gunicorn warns that there was one.
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    response_answered.send(sender=None, outcome=outcome.value.lower())
    return response


def _matches(if_none_match: str, etag: str) -> bool:
    """By weak comparison (RFC 9110, section 13.1.2): proxies that compress make a strong one weak."""
    given = parse_etags(if_none_match)
    return "*" in given or any(one.removeprefix("W/") == etag for one in given)
