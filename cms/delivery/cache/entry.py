"""An answer as it is kept: its bytes in the codings that were asked for, its headers, and what it was made of."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import cc_delim_re

from cms.delivery.cache import encoding
from cms.delivery.cache.asking import VARIES_BY, is_detail
from cms.delivery.tags import ALL, header_tags
from media_library.cache_tags import Collected

KEPT_STATUS = (200, 301, 302)
"""What is missing is asked for again each time: nothing that a 404 was made of says when it comes."""

_OWN = {"age", "content-length", "date", "etag", "vary"}
"""Headers that are made for each answer."""


@dataclass(slots=True)
class Entry:
    status: int
    headers: dict[str, str]
    bodies: dict[str, bytes]
    """By coding, as far as they were asked for; as it is under the empty one."""
    digest: str
    """Of the body as it is."""
    made_at: float
    """Seconds since 1970, as all moments here."""
    fresh_until: float
    true_until: float
    """From this moment it is wrong by itself, as when a right ends, and never served any more; else infinite."""
    tags: frozenset[str]
    versions: dict[str, str] = field(default_factory=dict)
    """Of the tags, when it was made."""
    generation: str = ""
    """At which the versions were last seen to be these."""
    prepared: dict[str, Any] = field(default_factory=dict)
    """What ``sending`` has got ready of it in this process, by coding."""

    @classmethod
    def of(cls, response: HttpResponseBase, request: HttpRequest, made_of: Collected) -> Self | None:
        """The answer that a view gave, or None if it may not be kept.

        So it is with whatever is said to be private, sets cookies, streams, or varies by what is no part of the key;
        and with what recorded no tags, since nobody would know when it is stale.
        """
        if not (_may_be_kept(response) and made_of.names):
            return None
        assert isinstance(response, HttpResponse)  # noqa: S101 - what doesn't stream
        body = response.content
        now = time.time()
        began = made_of.since.timestamp() if made_of.since else now
        seconds = (
            settings.RESPONSE_CACHE_DETAIL_SECONDS if is_detail(request) else settings.RESPONSE_CACHE_LIST_SECONDS
        )
        true_until = made_of.until.timestamp() if made_of.until else float("inf")
        headers = {name: value for name, value in response.items() if name.lower() not in _OWN}
        tags = frozenset({*made_of.names, ALL})
        names = header_tags(tags)
        headers["Cache-Tag"], headers["Surrogate-Key"] = ",".join(names), " ".join(names)
        headers["Vary"] = ", ".join(["Accept", "Accept-Encoding"])
        headers.setdefault("Cache-Control", _cache_control(true_until - now))
        return cls(
            status=response.status_code,
            headers=headers,
            bodies={encoding.IDENTITY: body},
            # Most processors have instructions for SHA-256: with them, it takes half as long as BLAKE2.
            digest=hashlib.sha256(body).hexdigest()[:24],
            made_at=now,
            # What is put together of what was kept is no younger than the oldest of it.
            fresh_until=min(began + seconds, true_until),
            true_until=true_until,
            tags=tags,
        )

    def is_in_time(self, now: float) -> bool:
        """Whether it may be served, as far as time goes. A clock that was set back makes nothing younger."""
        return self.made_at <= now + 1 and now < self.fresh_until

    def may_stand_in(self, now: float) -> bool:
        """Whether it may be served although it is stale: while it is rebuilt, or because it can't be."""
        return now < min(self.true_until, self.fresh_until + settings.RESPONSE_CACHE_STALE_SECONDS)

    def compress(self, coding: str) -> None:
        """Make the body in a coding, if it is worth it, to be kept with the entry."""
        self.body(coding)

    def body(self, coding: str) -> tuple[str, bytes]:
        """The coding that is worth it, and the body in it, which is made at the first question and kept."""
        if coding not in self.bodies:
            whole = self.bodies[encoding.IDENTITY]
            if len(whole) < encoding.SMALLEST:
                return encoding.IDENTITY, whole
            self.bodies[coding] = encoding.encode(whole, coding)
        return coding, self.bodies[coding]

    def etag(self, coding: str) -> str:
        """Strong, so each coding has its own."""
        return f'"{self.digest}-{coding}"' if coding else f'"{self.digest}"'

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, nearly, with the body in the two other codings, should they be asked for."""
        return 2_000 + len(self.bodies[encoding.IDENTITY]) * 5 // 4 + 150 * len(self.tags)


def _may_be_kept(response: HttpResponseBase) -> bool:
    if response.streaming or response.status_code not in KEPT_STATUS or response.cookies:
        return False
    said = {part.partition("=")[0].lower() for part in _listed(response.get("Cache-Control", ""))}
    varies = {part.lower() for part in _listed(response.get("Vary", ""))}
    return said.isdisjoint({"private", "no-store"}) and varies <= VARIES_BY


def _listed(header: str) -> list[str]:
    return [part for part in cc_delim_re.split(header.strip()) if part]


def _cache_control(seconds_left: float) -> str:
    """Browsers ask each time, which costs a 304; a CDN that is told of changes keeps it as long as it is told to."""
    shared = int(max(0, min(settings.RESPONSE_CACHE_CDN_SECONDS, seconds_left)))
    return f"public, max-age=0, s-maxage={shared}" if shared else "public, max-age=0, must-revalidate"
