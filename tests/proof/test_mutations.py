"""Thousands of mutations of real files, each judged in a process of its own that may crash, hang or eat memory.

`DARKROOM_EXAMPLES` says how many (2,000 otherwise). Every run looks for new ones.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from media_library.intake.sniff import IMAGE_TYPES
from tests.media_library.intake.test_mutations import DRAWING, SEEDS
from tests.mutations import mutated
from tests.proof.judge import Judge

MEDIA = Path(os.environ["DARKROOM_MEDIA"])
ENDINGS = {one for known in IMAGE_TYPES for one in known.extensions}
SMALL = 100_000
REAL = [
    (f"a{path.suffix.lower()}", path.read_bytes())
    for folder in ("odd", "bad")
    for path in sorted((MEDIA / folder).iterdir())
    if path.suffix.lower()[1:] in ENDINGS and 0 < path.stat().st_size < SMALL
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    judge = Judge()
    yield judge
    judge.close()


@settings(
    max_examples=int(os.environ.get("DARKROOM_EXAMPLES", 2000)),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(mutated([*SEEDS, ("a.svg", DRAWING), *REAL]))
def test_mutated_file_is_accepted_or_refused_with_a_sentence(judge, file):
    answer = judge.ask(*file)

    assert "died" not in answer, answer
    assert "raised" not in answer, answer
    assert "accepted" in answer or re.fullmatch(r"[A-Z].{20,}\.", answer["refused"], re.DOTALL)
