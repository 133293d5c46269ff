"""A cache that is down, slow, full, or holds nonsense costs an answer its speed, and nothing else."""

import pytest
from django.core.cache import caches
from django.http import JsonResponse
from django.test import Client, RequestFactory

from cms.caches import Outage
from cms.delivery import versions
from cms.delivery.cache import store
from cms.delivery.cache.asking import key_of

POSTS = "/api/v2/pages/"
OPERATIONS = ("get", "get_many", "set", "set_many", "add", "delete", "delete_many")


class Switch:
    """Lets the cache fail, and come back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.monkeypatch = monkeypatch
        self.asked = 0

    def down(self, *operations: str) -> None:
        for name in operations or OPERATIONS:
            self.monkeypatch.setattr(caches["delivery"], name, self._fail)

    def up(self) -> None:
        for name in OPERATIONS:
            self.monkeypatch.delattr(caches["delivery"], name, raising=False)

    def _fail(self, *args, **kwargs):
        self.asked += 1
        raise ConnectionError("Connection refused")


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    monkeypatch.setattr(Outage, "pause_seconds", 0.0)
    return Switch(monkeypatch)


def test_answers_are_made_without_a_cache_that_is_down(switch: Switch, api, reader: Client) -> None:
    reader.get(POSTS)
    switch.down()
    for _again in range(2):
        response = reader.get(POSTS)
        assert (response.status_code, response["X-Cache"], response.json()) == (200, "PASS", api.body)
        assert response["Cache-Tag"] == "all,page-7"
    assert len(api.asked) == 3


def test_what_changed_while_it_was_down_is_not_served_as_it_was(switch: Switch, api, reader: Client) -> None:
    reader.get(POSTS)
    switch.down()
    with pytest.raises(ConnectionError):
        versions.bump(["page-7"])
    api.body = {"title": "new"}
    assert reader.get(POSTS).json() == api.body
    switch.up()
    assert reader.get(POSTS).json() == api.body
    assert reader.get(POSTS)["X-Cache"] == "HIT"


def test_cache_that_comes_back_as_it_once_was_is_not_believed(switch: Switch, api, reader: Client) -> None:
    # As Redis does that was killed, from its last snapshot.
    reader.get(POSTS)
    snapshot = {key: versions.cache.get(key) for key in (versions.GENERATION, f"{versions.PREFIX}page-7")}
    versions.bump(["page-7"])
    api.body = {"title": "new"}
    switch.down()
    reader.get(POSTS)
    switch.up()
    for key, value in snapshot.items():
        versions.cache.set(key, value, timeout=None)
    assert reader.get(POSTS).json() == api.body


def test_cache_that_failed_is_left_alone_for_a_moment(
    switch: Switch, reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Outage, "pause_seconds", 60.0)
    switch.down()
    for _again in range(5):
        reader.get(POSTS)
    assert switch.asked == 1
    assert len([record for record in caplog.records if record.name == "cms.caches"]) == 1


def test_cache_that_takes_nothing_more_serves_what_it_has(switch: Switch, api, reader: Client) -> None:
    reader.get(POSTS)
    switch.down("set", "set_many", "add")
    assert reader.get(POSTS)["X-Cache"] == "HIT"


def test_bump_on_a_full_disk_forgets_instead(switch: Switch, api, reader: Client) -> None:
    reader.get(POSTS)
    switch.down("set", "set_many", "add")
    with pytest.raises(ConnectionError):
        versions.bump(["page-7"])
    api.body = {"title": "new"}
    assert reader.get(POSTS).json() == api.body


@pytest.mark.parametrize("nonsense", [b"<html>", "text", {"status": 200}, 12, []])
def test_what_somebody_else_wrote_there_is_no_answer(nonsense: object, api, reader: Client, other: Client) -> None:
    reader.get(POSTS)
    place = store.place_of(key_of(RequestFactory().get(POSTS)))
    assert versions.cache.get(place)
    versions.cache.set(place, nonsense, timeout=None)
    assert (other.get(POSTS)["X-Cache"], other.get(POSTS)["X-Cache"]) == ("MISS", "HIT")


def test_version_that_is_nonsense_is_made_anew(api, reader: Client) -> None:
    for key in (versions.GENERATION, f"{versions.PREFIX}page-7"):
        versions.cache.set(key, 12, timeout=None)
    assert [reader.get(POSTS)["X-Cache"] for _again in range(2)] == ["MISS", "HIT"]


def test_lost_versions_make_everything_anew(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.cache.clear()
    api.view = lambda request: JsonResponse({"title": "new"})
    assert reader.get(POSTS).json() == {"title": "new"}
