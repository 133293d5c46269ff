from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from media_library import jobs
from media_library.insight import Look, Proposal
from media_library.models import Asset, CustomImage, ProcessingJob, Suggestion

PORTRAIT = Path(__file__).parents[2] / "portraits" / "eileen-collins.jpg"


@pytest.fixture(autouse=True)
def words_in_pictures(settings: Any) -> None:
    """None are read, but in test_text.py: Tesseract takes seconds over each picture."""
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_TEXT_LANGUAGES": ["none"]}


@pytest.fixture
def portrait(db: None, develop: Callable[..., None]) -> CustomImage:
    """A picture with a face in it, ready."""
    image = CustomImage(title="Collins", file=ContentFile(PORTRAIT.read_bytes(), name="collins.jpg"))
    image.save()
    develop(image)
    return image


@pytest.fixture
def look_for_suggestions() -> Callable[[], list[ProcessingJob]]:
    """What beat and a worker do when nothing else is to be done."""

    def look() -> list[ProcessingJob]:
        queued = jobs.enqueue_suggesting()
        for job in queued:
            jobs.run(job.pk)
            job.refresh_from_db()
        return queued

    return look


@pytest.fixture
def backends(settings: Any) -> Callable[..., None]:
    """``backends(name="path.of.function")``: no others than these."""

    def use(**paths: str) -> None:
        settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_BACKENDS": paths}

    return use


def says_sea(look: Look) -> Iterable[Proposal]:
    yield Proposal(Suggestion.Field.TAG, "sea", 0.9)
    yield Proposal(Suggestion.Field.ALT_TEXT, "Waves on a beach", 0.7, language="en")


def breaks(look: Look) -> Iterable[Proposal]:
    yield Proposal(Suggestion.Field.TAG, "never seen", 0.9)
    raise RuntimeError("The model has another shape.")


def says_without_end(look: Look) -> Iterable[Proposal]:
    for number in range(5000):
        yield Proposal(Suggestion.Field.TAG, f"word {number}" + "x" * number, number)


def tags_of(asset: Asset) -> set[str]:
    return set(asset.suggestions.filter(field=Suggestion.Field.TAG).values_list("text", flat=True))
