"""The way of a request through the response cache."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from cms.delivery.cache.asking import by_name, is_meant, key_of
from cms.delivery.cache.encoding import choose
from cms.delivery.cache.entry import Entry
from cms.delivery.cache.parts import Parts
from cms.delivery.cache.sending import Outcome, send, tell
from cms.delivery.cache.store import Found, Store
from media_library.cache_tags import collect

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.1
"""Seconds between two looks for what somebody else is making."""


class ResponseCacheMiddleware:
    """Answer from the cache what anybody may read; keep what is made, with the tags of what it was made of.

    A place behind what adds headers for each request (CORS, security), and before everything that costs something.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.store = Store()
        self.parts = Parts(self.store)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_meant(request):
            return self.get_response(request)
        if by_name(request):
            return self._make_for_one(request)
        try:
            key = key_of(request)
        except DisallowedHost:
            # Django says so.
            return self.get_response(request)
        if not settings.RESPONSE_CACHE:
            return self._make(request, key, Found())
        found = self.store.find(key)
        if found.entry and found.is_fresh:
            return send(found.entry, request, Outcome.HIT)
        return self._make_once(request, key, found)

    def _make_once(self, request: HttpRequest, key: str, found: Found) -> HttpResponseBase:
        """Make the answer, if nobody else does; else give the stale one, or what the other has made."""
        deadline, pause = time.monotonic() + settings.RESPONSE_CACHE_WAIT_SECONDS, FIRST_PAUSE
        while found.generation:
            if token := self.store.begin(key):
                if pause > FIRST_PAUSE:
                    # What the other one has made was not kept, as a 404: nobody need wait for the next of its kind.
                    self.store.end(key, token)
                    break
                try:
                    return self._make(request, key, found)
                finally:
                    self.store.end(key, token)
            if found.entry and found.entry.may_stand_in(time.time()):
                return _for_readers_only(send(found.entry, request, Outcome.STALE))
            if time.monotonic() >= deadline:
                # The other one is slow, or dead.
                break
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            found = self.store.find(key)
            if found.entry and found.is_fresh:
                return send(found.entry, request, Outcome.HIT)
        return self._make(request, key, found)

    def _make(self, request: HttpRequest, key: str, found: Found) -> HttpResponseBase:
        method, request.method = request.method, "GET"
        request.kept_parts = self.parts.seen_by(found.generation)  # type: ignore[attr-defined]
        try:
            with collect() as made_of:
                response = self.get_response(request)
        finally:
            request.method = method
        if response.status_code >= 500 and found.entry and found.entry.may_stand_in(time.time()):
            logger.warning("%s answered %s; readers get the former answer.", request.path, response.status_code)
            self.store.rest(key)
            return _for_readers_only(send(found.entry, request, Outcome.STALE))
        entry = Entry.of(response, request, made_of)
        if entry is None:
            if found.entry:
                self.store.forget(key)
            return tell(response, request, Outcome.PASS)
        # In the coding that is asked for; others are made when somebody asks for them.
        entry.compress(choose(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        is_sound = not settings.RESPONSE_CACHE or self.store.keep(key, entry, found)
        assert isinstance(response, HttpResponse)  # noqa: S101 - as every entry
        sent = send(entry, request, Outcome.MISS if found.generation else Outcome.PASS, response)
        return sent if is_sound else _for_readers_only(sent)

    def _make_for_one(self, request: HttpRequest) -> HttpResponseBase:
        """What is made for somebody is nobody else's, whoever stands between."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return tell(response, request, Outcome.PASS)


def _for_readers_only(response: HttpResponse) -> HttpResponse:
    """A CDN that was told of the change already would keep this one until it expires."""
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response
