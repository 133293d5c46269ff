"""Nearest neighbours in a library that is too large to compare each picture by all that a model says of it."""

import numpy as np
import pytest

from media_library.insight.embedding import index


def library(dimensions: int, size: int = 6_000) -> tuple[index.Held, np.ndarray]:
    """As models make it: all on one side of the origin, in bunches."""
    random = np.random.default_rng(5)
    bunches = 3 + random.normal(size=(60, dimensions))
    vectors = bunches[random.integers(60, size=size)] + 0.7 * random.normal(size=(size, dimensions))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    scales = np.abs(vectors).max(axis=1) / 127
    codes = np.round(vectors / scales[:, None]).astype(np.int8)
    ids = np.arange(size) + 100
    return index.Held(ids, np.ones_like(ids), codes, scales.astype(np.float32)), vectors


@pytest.mark.parametrize("dimensions", [128, 100])
def test_nearest_of_many_are_those_that_a_look_at_all_finds(dimensions: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "CANDIDATES", 600)
    held, vectors = library(dimensions)

    missed = 0
    for place in range(0, 6_000, 300):
        found = {pk for pk, _cosine in held.nearest(vectors[place], limit=20)}
        assert len(found) == 20
        missed += len(set((np.argsort(-(vectors @ vectors[place]))[:20] + 100).tolist()) - found)

    assert missed <= 20


def test_what_is_nearest_of_many_comes_first_with_its_cosine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "CANDIDATES", 600)
    held, vectors = library(128)

    (first, cosine), *_others = held.nearest(vectors[7], limit=5)

    assert first == 107
    assert cosine == pytest.approx(1, abs=0.01)


def test_the_usual_one_of_many_is_told_by_some_of_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "SAMPLE", 500)
    held, vectors = library(128)

    assert held.usual(vectors[7]) == pytest.approx(float(np.median(vectors @ vectors[7])), abs=0.02)
