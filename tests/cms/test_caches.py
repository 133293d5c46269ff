"""Django's cache, as files that many processes share; and a cache that fails nobody."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from cms.caches import FileCache, Forgiving, ForgivingRedisCache, Outage, ReadableSerializer
from cms.tasks import tidy_cache_task
from tests.clock import Clock
from tests.processes import free_port


@pytest.fixture
def files(tmp_path: Path) -> FileCache:
    return FileCache(str(tmp_path), {})


def names(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_what_was_put_in_is_found_until_it_ends(files: FileCache, clock: Clock) -> None:
    files.set("a", {"b": 1}, timeout=60)
    files.set("c", 2, timeout=None)
    assert files.get_many(["a", "c", "d"]) == {"a": {"b": 1}, "c": 2}
    clock.goes_on(61)
    assert files.get_many(["a", "c"]) == {"c": 2}


def test_touched_entry_lives_longer(files: FileCache, clock: Clock) -> None:
    files.set("a", 1, timeout=60)
    assert files.touch("a", 3600)
    clock.goes_on(61)
    assert files.get("a") == 1
    assert not files.touch("b", 60)


def test_add_takes_no_place_that_is_taken(files: FileCache) -> None:
    assert files.add("a", 1)
    assert not files.add("a", 2)
    assert files.get("a") == 1


def test_add_takes_the_place_of_what_has_ended(files: FileCache, clock: Clock) -> None:
    files.set("a", 1, timeout=60)
    clock.goes_on(61)
    assert files.add("a", 2)
    assert files.get("a") == 2


def test_one_of_two_that_add_at_the_same_time_succeeds(files: FileCache, monkeypatch: pytest.MonkeyPatch) -> None:
    # Both have looked before either writes.
    monkeypatch.setattr(files, "has_key", lambda *args: False)
    assert [files.add("a", 1), files.add("a", 2)] == [True, False]


@pytest.mark.parametrize("nonsense", [b"", b"nonsense", b"\x80\x05\x95", b"cnowhere\nNothing\n."])
def test_unreadable_file_is_as_if_it_were_not_there(nonsense: bytes, files: FileCache, tmp_path: Path) -> None:
    files.set("a", 1, timeout=None)
    path = names(tmp_path)[0]
    path.write_bytes(nonsense)
    os.utime(path, (2.0**32, 2.0**32))
    assert files.get("a", "nothing") == "nothing"
    assert files.add("a", 2)


def test_too_many_make_room_and_those_without_end_stay_longest(tmp_path: Path) -> None:
    files = FileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 8}})
    files.TIDY_ONE_IN = 1
    files.set("version", 0, timeout=None)
    for number in range(20):
        files.set(f"answer-{number}", number, timeout=60 + number)
    assert files.get("version") == 0
    assert files.get("answer-19") == 19
    assert files.get("answer-0") is None
    assert len(names(tmp_path)) <= 9


def test_too_large_ones_make_room(tmp_path: Path) -> None:
    files = FileCache(str(tmp_path), {"OPTIONS": {"MAX_BYTES": 10_000}})
    files.TIDY_ONE_IN = 1
    for number in range(20):
        files.set(f"answer-{number}", b"a" * 2_000, timeout=60 + number)
    assert sum(path.stat().st_size for path in names(tmp_path)) <= 12_500
    assert files.get("answer-19")


def test_what_a_dead_process_has_left_is_removed_after_an_hour(files: FileCache, tmp_path: Path) -> None:
    files.TIDY_ONE_IN = 1
    for name, hours in (("tmp-old", 2), ("tmp-new", 0)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - hours * 3600,) * 2)
    files.set("a", 1)
    assert {path.name for path in names(tmp_path) if path.name.startswith("tmp-")} == {"tmp-new"}


def test_writers_leave_tidying_to_whoever_does_it_from_time_to_time(tmp_path: Path) -> None:
    files = FileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 8}})
    files.TIDY_ONE_IN = 1
    files.tidy()
    for number in range(20):
        files.set(f"answer-{number}", number, timeout=60 + number)
    assert files.get("answer-0") == 0

    files.tidy()

    assert files.get("answer-0") is None
    assert files.get("answer-19") == 19


def test_writers_tidy_again_where_nobody_has_for_long(tmp_path: Path) -> None:
    files = FileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 8}})
    files.TIDY_ONE_IN = 1
    files.tidy()
    (tended,) = names(tmp_path)
    os.utime(tended, (time.time() - files.TENDED_SECONDS,) * 2)

    for number in range(20):
        files.set(f"answer-{number}", number, timeout=60 + number)

    assert files.get("answer-0") is None


def test_beat_keeps_the_folder_small(settings, tmp_path: Path) -> None:
    options = {"MAX_ENTRIES": 8}
    settings.CACHES = {
        "default": {"BACKEND": "cms.caches.ForgivingFileCache", "LOCATION": str(tmp_path), "OPTIONS": options}
    }
    for number in range(20):
        caches["default"].set(f"answer-{number}", number, timeout=60 + number)

    tidy_cache_task()

    assert 0 < sum(path.suffix == ".djcache" for path in names(tmp_path)) <= 8


def test_folder_that_was_removed_is_made_again(files: FileCache, tmp_path: Path) -> None:
    tmp_path.rmdir()
    files.set("a", 1)
    assert files.get("a") == 1


class Broken:
    """A cache that fails, in whatever it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def _fail(self, *args: Any, **kwargs: Any) -> Any:
        self.asked += 1
        raise OSError("No space left on device")

    get = add = set = touch = delete = has_key = get_many = set_many = delete_many = incr = _fail


class ForgivingBroken(Forgiving, Broken):
    def __init__(self, pause_seconds: float) -> None:
        super().__init__()
        self.outage = Outage()
        self.outage.pause_seconds = pause_seconds


def test_cache_that_fails_fails_nobody() -> None:
    cache = ForgivingBroken(pause_seconds=0)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1) is True
    assert cache.set("a", 1) is None
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == ["a"]
    assert cache.incr("a") == 1
    assert (cache.touch("a"), cache.delete("a"), cache.has_key("a")) == (False, False, False)
    assert cache.asked == 9


def test_cache_that_has_failed_is_left_alone_for_a_moment_and_told_of_once(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    cache = ForgivingBroken(pause_seconds=20)
    for _again in range(5):
        cache.get("a")
    assert cache.asked == 1
    clock.goes_on(21)
    cache.get("a")
    assert cache.asked == 2
    assert len(caplog.records) == 1
    assert "No space left on device" in caplog.text


def test_redis_that_is_not_there_is_as_an_empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForgivingRedisCache, "outage", Outage())
    monkeypatch.setattr(Outage, "pause_seconds", 0)
    cache = ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"


def test_what_another_program_wrote_into_redis_is_nothing() -> None:
    assert ReadableSerializer().loads(b"<html>") is None
    assert ReadableSerializer().loads(ReadableSerializer().dumps({"a": 1})) == {"a": 1}
