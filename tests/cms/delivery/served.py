"""The real response cache on the way of small_site.py: what it serves after a change, against answers made anew."""

import itertools
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings

from cms.delivery.cache.store import Store
from tests.cms.delivery.small_site import Ledger, SmallSite, told_by

Operation = Callable[[SmallSite, int, int], None]

PAGES, FIND = "/api/v2/pages/", "/api/v2/pages/find/"


class Readers:
    """Those of two web processes, which share nothing but Django's cache."""

    def __init__(self) -> None:
        self.clients = [Client(), Client()]

    def ask(self, url: str, *, process: int = 0, is_kept: bool = True) -> HttpResponse:
        """The answer from the cache, if it has one; or else, with ``is_kept=False``, one that is made anew."""
        with override_settings(RESPONSE_CACHE=is_kept, API_ANONYMOUS_REQUESTS_PER_MINUTE=0):
            response = self.clients[process].get(url)
        assert response.status_code < 500, url
        return response

    def serve(self, urls: list[str]) -> dict[str, Any]:
        """Have all of these in the cache, and return those that it keeps."""
        for url in urls:
            self.ask(url)
        return {url: said(first) for url in urls if (first := self.ask(url, process=1))["X-Cache"] == "HIT"}


def said(response: HttpResponse) -> tuple[int, str | None, bytes]:
    return response.status_code, response.headers.get("Location"), response.content


def watch_served(site: SmallSite, done: list[tuple[Operation, int, int]], ledger: Ledger) -> None:
    """Do one operation after the other, and compare what two processes serve after each with what is true then."""
    readers, urls, numbers = Readers(), site.urls(), itertools.count()
    for operation, which, how in done:
        kept = readers.serve(urls)
        told = told_by(lambda: operation(site, which, how))  # noqa: B023
        for url in urls:
            served = [readers.ask(url, process=process) for process in (0, 1)]
            if url.startswith(PAGES) and not url.startswith(FIND):
                # Under an address that nobody has asked for it is put together of parts.
                served.append(readers.ask(f"{url}{'&' if '?' in url else '?'}_={next(numbers)}"))
            fresh = said(readers.ask(url, is_kept=False))
            if any(said(one) != fresh for one in served):
                ledger.missed.append(f"{operation.__name__} {which} {how}: {url} ({sorted(told)})")
            elif url in kept and kept[url] == fresh:
                ledger.unrelated += 1
                ledger.kept += served[0]["X-Cache"] == "HIT"
            else:
                ledger.changed += url in kept


def keep_too_late(site: SmallSite, operation: Operation, which: int, how: int) -> list[str]:
    """Begin all answers before an operation, and keep them after it; returns what is served wrongly then."""
    readers, urls = Readers(), site.urls()
    begun: list[tuple[Store, tuple]] = []
    keep = Store.keep
    with patch.object(Store, "keep", lambda store, *found: begun.append((store, found)) or True):
        for url in urls:
            readers.ask(url)
    told_by(lambda: operation(site, which, how))
    for store, found in begun:
        keep(store, *found)
    return [
        f"{operation.__name__}: {url}"
        for url in urls
        if said(readers.ask(url, process=1)) != said(readers.ask(url, is_kept=False))
    ]


def rolled_back(act: Callable[[], Any]) -> Any:
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found
