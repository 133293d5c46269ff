"""What lines in the log belong to, besides what they say: the job and the asset that a worker is at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_bound: ContextVar[Mapping[str, Any]] = ContextVar("media_library.log_context", default={})  # noqa: B039 - never changed


@contextmanager
def logged(**names: Any) -> Iterator[None]:
    """Let lines that are written within say these, too: ``logged(job_id=7, asset_id=12)``."""
    token = _bound.set({**_bound.get(), **names})
    try:
        yield
    finally:
        _bound.reset(token)


def bound() -> dict[str, Any]:
    """What the lines of now belong to."""
    return dict(_bound.get())
