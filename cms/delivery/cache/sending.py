"""An entry as an answer to one request: in the coding it takes, or as 304."""

import time
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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


def send(entry: Entry, request: HttpRequest, outcome: Outcome, made: HttpResponse | None = None) -> HttpResponse:
    """The entry as an answer; as the one that was ``made`` for this request, if it was."""
    meta = request.META
    coding, body = entry.body(choose(meta.get("HTTP_ACCEPT_ENCODING", "")))
    etag = entry.etag(coding)
    response = HttpResponse() if made is None else made
    if entry.status == 200 and "HTTP_IF_NONE_MATCH" in meta and _matches(meta["HTTP_IF_NONE_MATCH"], etag):
        response.status_code = 304
        response.content = b""
        left_out = {"content-type", "content-length"}
    else:
        response.status_code = entry.status
        response.content = body
        left_out = set()
    headers = response.headers
    for name, value in entry.headers.items():
        headers[name] = value
    headers["ETag"] = etag
    headers["Age"] = str(max(0, int(time.time() - entry.made_at)))
    headers["Content-Length"] = str(len(body))
    if coding:
        headers["Content-Encoding"] = coding
    for name in left_out:
        headers.pop(name, None)
    response_delivered.send(sender=None, request=request, entry=entry)
    return tell(response, outcome)


def tell(response: Answer, outcome: Outcome) -> Answer:
    """Say what happened to the client, and to whoever counts."""
    response.headers["X-Cache"] = outcome.value
    response_answered.send(sender=None, outcome=outcome.value.lower())
    return response


def _matches(if_none_match: str, etag: str) -> bool:
    """By weak comparison (RFC 9110, section 13.1.2): proxies that compress make a strong one weak."""
    given = parse_etags(if_none_match)
    return "*" in given or any(one.removeprefix("W/") == etag for one in given)
