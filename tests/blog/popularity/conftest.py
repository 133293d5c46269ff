from collections.abc import Iterator

import pytest

from blog.api import views
from blog.popularity import counting
from media_library.statistics.buffer import Buffer
from media_library.statistics.throttle import Throttle


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No timer of one test writes into the next one's database."""
    monkeypatch.setattr(Buffer, "_schedule", lambda self, soon=False: None)
    monkeypatch.setattr(views, "_throttle", Throttle())
    counting.buffer.clear()
    yield
    counting.buffer.clear()
