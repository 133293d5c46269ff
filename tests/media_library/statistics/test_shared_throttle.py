"""A limit that all processes share."""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.cache import cache

from media_library.statistics import shared_throttle
from media_library.statistics.shared_throttle import SharedThrottle
from tests.processes import ROOT

ADDRESS = "203.0.113.9"


def fresh(name: str | None = None) -> SharedThrottle:
    """As another process has it: it shares the cache, and nothing else."""
    return SharedThrottle(name or uuid.uuid4().hex, seconds=3600)


def test_processes_count_together():
    first = fresh()
    second = fresh(first.name)
    assert [first.allows(ADDRESS, 3), second.allows(ADDRESS, 3), first.allows(ADDRESS, 3)] == [True] * 3
    assert not second.allows(ADDRESS, 3)
    assert second.allows("203.0.113.10", 3)


def test_call_is_forgiven_in_all_of_them():
    first = fresh()
    second = fresh(first.name)
    first.allows(ADDRESS, 1)
    first.forgive(ADDRESS)
    assert second.allows(ADDRESS, 1)


def test_processes_count_by_themselves_while_the_cache_is_away(monkeypatch: pytest.MonkeyPatch):
    class Away:
        def __getattr__(self, name: str):
            raise ConnectionError

    monkeypatch.setattr(shared_throttle, "cache", Away())
    throttle = fresh()
    assert [throttle.allows(ADDRESS, 2) for _ in range(3)] == [True, True, False]
    throttle.forgive(ADDRESS)


def test_cache_that_forgets_does_not_lift_the_limit():
    throttle = fresh()
    throttle.allows(ADDRESS, 2)
    throttle.allows(ADDRESS, 2)
    cache.clear()
    assert not throttle.allows(ADDRESS, 2)


def test_address_is_not_kept(monkeypatch: pytest.MonkeyPatch):
    kept: dict[str, object] = {}
    monkeypatch.setattr(cache, "add", lambda key, value, seconds: kept.setdefault(key, value) is value)
    monkeypatch.setattr(cache, "get", kept.get)
    monkeypatch.setattr(cache, "incr", lambda key: 1)
    fresh().allows(ADDRESS, 2)
    assert len(kept) == 2
    assert ADDRESS not in str(kept)


def test_real_processes_share_the_limit_through_files(tmp_path: Path):
    code = (
        "import django; django.setup()\n"
        "from media_library.statistics.shared_throttle import SharedThrottle\n"
        "throttle = SharedThrottle('proof', seconds=36000)\n"
        "print(sum(throttle.allows('203.0.113.9', 5) for _ in range(3)))"
    )
    environment = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "PATH": ""}
    allowed = [
        int(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment, text=True))
        for _ in range(3)
    ]
    assert allowed == [3, 2, 0]
