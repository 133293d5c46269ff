"""However many ask for it, one makes an answer; the others get the former one, or wait for the new one."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.http import HttpResponse, JsonResponse
from django.test import Client

from cms.delivery import versions
from cms.delivery.cache import store
from tests.clock import Clock

POSTS = "/api/v2/pages/"


class Slow:
    """A view that waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.status = 200

    def __call__(self, request) -> HttpResponse:
        self.begun.set()
        assert self.go_on.wait(60)
        return JsonResponse({"title": "new"}, status=self.status)


@pytest.fixture
def slow(api) -> Slow:
    return Slow()


class Waiting:
    """Who has paused at least once, since somebody else is making what is asked for."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep, self._threads, self._more = sleep, set[int](), threading.Condition()

    def pause(self, seconds: float) -> None:
        with self._more:
            self._threads.add(threading.get_ident())
            self._more.notify_all()
        self._sleep(seconds)

    def until(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self._threads) == count, 60)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, settings) -> Waiting:
    settings.RESPONSE_CACHE_WAIT_SECONDS = 60
    waiting = Waiting(time.sleep)
    monkeypatch.setattr(time, "sleep", waiting.pause)
    return waiting


@pytest.fixture
def in_background():
    """Let a client ask while the test goes on."""
    with ThreadPoolExecutor(8) as pool:

        def ask(client: Client, **headers: str) -> Future:
            return pool.submit(client.get, POSTS, **headers)

        yield ask


def test_others_get_the_former_answer_while_one_makes_the_new_one(
    api, reader: Client, other: Client, slow: Slow, in_background: Callable[..., Future]
) -> None:
    reader.get(POSTS)
    versions.bump(["page-7"])
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    stale = other.get(POSTS)
    slow.go_on.set()
    assert (stale["X-Cache"], stale.json()) == ("STALE", api.body)
    assert (first.result()["X-Cache"], first.result().json()) == ("MISS", {"title": "new"})
    assert other.get(POSTS).json() == {"title": "new"}
    assert len(api.asked) == 2


def test_page_that_is_gone_is_not_shown_while_somebody_asks_for_it_again(
    settings, api, reader: Client, other: Client, slow: Slow, in_background: Callable[..., Future]
) -> None:
    settings.RESPONSE_CACHE_WAIT_SECONDS = 0.05
    for client in (reader, other):
        client.get(POSTS)
    versions.bump(["page-7"])
    api.view = lambda request: JsonResponse({}, status=404)
    reader.get(POSTS)
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    api.view = lambda request: JsonResponse({}, status=404)
    assert other.get(POSTS).status_code == 404
    slow.go_on.set()
    first.result()


def test_first_answer_is_made_once_and_waited_for(
    api, reader: Client, other: Client, slow: Slow, in_background: Callable[..., Future], waiting: Waiting
) -> None:
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    second = in_background(other)
    waiting.until(1)
    slow.go_on.set()
    assert (first.result()["X-Cache"], second.result()["X-Cache"]) == ("MISS", "HIT")
    assert len(api.asked) == 1


def test_who_waited_for_what_is_not_kept_waits_for_nobody_else(
    api, reader: Client, other: Client, slow: Slow, in_background: Callable[..., Future], waiting: Waiting
) -> None:
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    together = threading.Barrier(2, timeout=60)

    def missing(request):
        together.wait()
        return JsonResponse({}, status=404)

    api.view = missing
    others = [in_background(other), in_background(Client())]
    waiting.until(2)
    slow.status = 404
    slow.go_on.set()
    assert first.result()["X-Cache"] == "PASS"
    assert [response.result().status_code for response in others] == [404, 404]


def test_who_waits_too_long_makes_the_answer(
    settings, api, reader: Client, other: Client, slow: Slow, in_background: Callable[..., Future]
) -> None:
    settings.RESPONSE_CACHE_WAIT_SECONDS = 0.05
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    api.view = lambda request: JsonResponse({"title": "made by another"})
    assert other.get(POSTS).json() == {"title": "made by another"}
    slow.go_on.set()
    assert first.result().status_code == 200


def test_dead_maker_keeps_nobody_waiting(
    settings, api, reader: Client, other: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RESPONSE_CACHE_WAIT_SECONDS = 5
    with monkeypatch.context() as dying:
        dying.setattr(store.Store, "end", lambda *args: None)
        reader.get(POSTS)
    versions.bump(["page-7"])
    assert other.get(POSTS)["X-Cache"] == "STALE"
    clock.goes_on(store.REBUILD_SECONDS + 1)
    assert other.get(POSTS)["X-Cache"] == "MISS"


@pytest.mark.parametrize("fault", ["status", "exception"])
def test_answer_that_cannot_be_made_is_the_former_one(
    fault: str, api, reader: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FAILED_SECONDS", 60)

    def view(request):
        if fault == "exception":
            raise ConnectionError("the database is down")
        return JsonResponse({}, status=503)

    reader.get(POSTS)
    versions.bump(["page-7"])
    api.view = view
    for _again in range(3):
        response = reader.get(POSTS)
        assert (response.status_code, response["X-Cache"], response.json()) == (200, "STALE", api.body)
    # It is tried again after a while, not by each reader.
    assert len(api.asked) == 2
    assert [record for record in caplog.records if record.name.startswith("cms.delivery")]


def test_it_is_tried_again_and_then_new(api, reader: Client, clock: Clock) -> None:
    reader.get(POSTS)
    versions.bump(["page-7"])
    api.view = lambda request: JsonResponse({}, status=503)
    reader.get(POSTS)
    api.view = lambda request: JsonResponse({"title": "new"})
    clock.goes_on(store.FAILED_SECONDS + 1)
    assert reader.get(POSTS).json() == {"title": "new"}


def test_without_a_former_answer_the_failure_is_told(api, reader: Client) -> None:
    api.view = lambda request: JsonResponse({}, status=503)
    assert reader.get(POSTS).status_code == 503


def test_former_answer_stands_in_for_so_long_only(settings, api, reader: Client) -> None:
    settings.RESPONSE_CACHE_STALE_SECONDS = settings.RESPONSE_CACHE_LIST_SECONDS = 0
    reader.get(POSTS)
    api.view = lambda request: JsonResponse({}, status=503)
    assert reader.get(POSTS).status_code == 503


def test_answer_of_the_former_state_that_is_done_in_the_midst_of_a_bump_is_not_kept(
    api, reader: Client, slow: Slow, in_background: Callable[..., Future], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.view = slow
    first = in_background(reader)
    assert slow.begun.wait(60)
    set_many = caches["delivery"].set_many

    def then_the_answer_is_done(*args, **kwargs):
        failed = set_many(*args, **kwargs)
        slow.go_on.set()
        assert first.result().json() == {"title": "new"}
        return failed

    monkeypatch.setattr(caches["delivery"], "set_many", then_the_answer_is_done)
    versions.bump(["page-7"])
    api.view = lambda request: JsonResponse({"title": "newer"})
    assert reader.get(POSTS).json() == {"title": "newer"}


def test_answer_that_was_looked_at_in_the_midst_of_a_bump_is_looked_at_again(
    api, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get(POSTS)
    set_many = caches["delivery"].set_many

    def before_that_somebody_asks(*args, **kwargs):
        assert reader.get(POSTS)["X-Cache"] == "HIT"
        return set_many(*args, **kwargs)

    monkeypatch.setattr(caches["delivery"], "set_many", before_that_somebody_asks)
    versions.bump(["page-7"])
    api.body = {"title": "new"}
    assert reader.get(POSTS).json() == api.body
