"""What a real model finds in pictures that it has never seen, through the whole library; figures are printed.

The model is small and learns from 600 drawn pictures (tests/small_model.py); 150 others are uploaded and developed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from media_library.insight import embedding
from media_library.models import CustomImage, VocabularyWord
from tests import small_model

pytestmark = pytest.mark.django_db

HELD_OUT = range(100_000, 100_150)


@pytest.fixture
def library(tmp_path: Path, settings: Any, develop: Callable) -> Iterator[dict[int, frozenset[str]]]:
    """Ids of the pictures in the library, and what each of them shows."""
    folder = small_model.write(tmp_path / "model", training=600)
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_MODEL_DIR": str(folder), "INSIGHT_INDEX_SECONDS": 0}
    VocabularyWord.objects.bulk_create(VocabularyWord(word=word) for word in small_model.WORDS)
    shown = {}
    for seed in HELD_OUT:
        drawing = small_model.draw(seed)
        image = CustomImage(title=f"Drawing {seed}", file=ContentFile(drawing.file(), name=f"{seed}.png"))
        image.save()
        shown[image.pk] = drawing.words
    develop()
    assert embedding.catch_up(lambda: True, seconds=600) == len(shown)
    yield shown


def test_tags_search_and_resemblance_on_pictures_that_it_has_never_seen(
    library: dict[int, frozenset[str]], client: Client, capsys: pytest.CaptureFixture
):
    right, wrong, missed = tags(library)
    words = {word: at_ten(library, search(client, word), {word}) for word in small_model.WORDS}
    pairs = {
        pair: at_ten(library, search(client, " ".join(pair)), set(pair))
        for pair in combinations(small_model.WORDS, 2)
        if sum(shown >= set(pair) for shown in library.values()) >= 3
    }
    alike = resemblance(library)

    precision, recall = right / (right + wrong), right / (right + missed)
    by_word, by_pair = sum(words.values()) / len(words), sum(pairs.values()) / len(pairs)
    with capsys.disabled():
        print(f"\n{len(library)} drawn pictures, none of them learnt from:")  # noqa: T201
        print(f"tags            precision {precision:.3f}, recall {recall:.3f} (threshold 0.5)")  # noqa: T201
        print(f"search          precision at 10: {by_word:.3f} by {len(words)} words")  # noqa: T201
        print(f"                R-precision, 10 at most: {by_pair:.3f} by {len(pairs)} pairs of words")  # noqa: T201
        print(f"similar         nearest of all shares {alike:.2f} of 3 properties (by chance {chance(library):.2f})")  # noqa: T201
    assert precision > 0.95
    assert recall > 0.95
    assert by_word > 0.95
    assert by_pair > 0.9
    assert alike > 2.7


def tags(library: dict[int, frozenset[str]]) -> tuple[int, int, int]:
    """How many suggested tags are right, how many are wrong, and how many are missing."""
    counted: Counter[str] = Counter()
    for pk, shown in library.items():
        image = CustomImage.objects.get(pk=pk)
        said = set(image.suggestions.filter(source="model", field="tag").values_list("text", flat=True))
        counted += Counter(right=len(said & shown), wrong=len(said - shown), missed=len(shown - said))
    return counted["right"], counted["wrong"], counted["missed"]


def search(client: Client, query: str) -> list[int]:
    found = client.get("/api/media/search/", {"q": query, "by": "appearance", "limit": 10}).json()["items"]
    return [one["id"] for one in found]


def at_ten(library: dict[int, frozenset[str]], found: list[int], wanted: set[str]) -> float:
    """Share of the first ten that show it; of the first n where only n do."""
    first = found[: min(10, sum(shown >= wanted for shown in library.values()))]
    return sum(library[pk] >= wanted for pk in first) / len(first)


def resemblance(library: dict[int, frozenset[str]]) -> float:
    """How many of its three properties a picture shares with the nearest other one, on average."""
    total = 0
    for pk, shown in library.items():
        [_itself, (nearest, _similarity)] = embedding.nearest(embedding.vector_of(pk), limit=2)
        total += len(library[nearest] & shown)
    return total / len(library)


def chance(library: dict[int, frozenset[str]]) -> float:
    pairs = list(combinations(library.values(), 2))
    return sum(len(one & other) for one, other in pairs) / len(pairs)
