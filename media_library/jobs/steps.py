"""What work is given, and what it hands over step by step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from media_library.imaging.engine import Encoded, placeholder_of
from media_library.models import ProcessingJob


class Report(Protocol):
    """Called with how far the work is, 0 to 1, and its named parts. What it raises ends the work."""

    def __call__(self, progress: float, parts: Mapping[str, float] | None = None) -> None: ...


@dataclass(frozen=True)
class Result:
    """What a step of a job made: how to store its files, and how to record their rows inside the transaction.

    Each is committed before the work goes on. ``facts`` are columns of the asset that the work found out.
    """

    store: Callable[[], list]
    record: Callable[[list], None]
    facts: dict[str, Any] = field(default_factory=dict)
    is_shown: bool = True
    """Whether visitors and programs are shown anything of it."""


@dataclass(frozen=True)
class Parts:
    """What a job leaves to others: it ends here, and is begun again once all of them are done.

    ``arguments`` are those of the work on each part, beyond the asset. ``progress`` and ``named`` are how far the job
    and what it consists of are by now.
    """

    operation: ProcessingJob.Operation
    arguments: list[dict[str, Any]]
    progress: float
    named: dict[str, float]


def placeholder_facts(encoded: list[Encoded]) -> dict[str, Any]:
    """Columns of the asset whose picture or poster this is."""
    placeholder = placeholder_of(encoded)
    return {"thumbhash": placeholder.thumbhash, "dominant_color": placeholder.color} if placeholder else {}
