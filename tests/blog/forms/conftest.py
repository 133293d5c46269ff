from collections.abc import Iterator

import pytest

from blog.forms import flood
from media_library.statistics.throttle import Throttle


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test sends is not held against the next one."""
    monkeypatch.setattr(flood, "_throttle", Throttle())
    yield
