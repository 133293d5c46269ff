import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from media_library.api import beacon
from media_library.models import Asset, AssetEngagement
from media_library.statistics import counting
from media_library.statistics.buffer import Buffer
from media_library.statistics.throttle import Throttle


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No timer of one test writes into the next one's database."""
    monkeypatch.setattr(Buffer, "_schedule", lambda self, soon=False: None)
    monkeypatch.setattr(beacon, "_throttle", Throttle())
    counting.buffer.clear()
    yield
    counting.buffer.clear()


@pytest.fixture
def tell(client: Client) -> Callable[..., None]:
    """Send these events as one beacon, which is taken."""

    def send(*events: dict[str, Any]) -> None:
        body = json.dumps({"events": list(events)})
        assert client.post("/api/media/beacon/", body, content_type="text/plain").status_code == 204

    return send


@pytest.fixture
def engagement() -> Callable[[Asset], dict[str, list[int]]]:
    """The rows of counters of an asset on its one day, written by now."""

    def read(asset: Asset) -> dict[str, list[int]]:
        counting.buffer.flush()
        return AssetEngagement.objects.get(asset=asset.pk).counts

    return read
