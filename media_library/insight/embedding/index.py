"""Nearest neighbours by looking at all of them: 100,000 vectors of 512 numbers in some 50 MB and some 30 ms.

Each process holds one byte a number, and looks at intervals whether the table has changed since.
"""

import hashlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.core.cache import cache
from django.db.models import Count, Max, QuerySet, Sum

from media_library.conf import conf
from media_library.exceptions import ModelError
from media_library.insight.embedding.model import EmbeddingModel, Vector, condemn, usable_model
from media_library.models import AssetEmbedding

BLOCK = 512
"""Rows that are multiplied at a time: as floats they stay in the processor's cache."""

ROWS_AT_ONCE = 5_000
QUERY_SECONDS = 24 * 60 * 60
Generation = tuple[int | None, ...]


@dataclass(frozen=True)
class Held:
    """What is held of the table: ids and versions, and codes whose product with ``scales`` are the vectors."""

    ids: npt.NDArray[np.int64]
    versions: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    @classmethod
    def empty(cls, dimensions: int) -> "Held":
        none = np.zeros(0, np.int64)
        return cls(none, none, np.zeros((0, dimensions), np.int8), np.zeros(0, np.float32))

    def similarities(self, vector: Vector) -> npt.NDArray[np.float32]:
        """Cosines of the angles to all of them."""
        found = np.empty(len(self.ids), np.float32)
        room = np.empty((BLOCK, self.codes.shape[1]), np.float32)
        for start in range(0, len(found), BLOCK):
            block = self.codes[start : start + BLOCK]
            part = room[: len(block)]
            np.copyto(part, block)
            np.dot(part, vector, out=found[start : start + len(block)])
        return found * self.scales


class Index:
    """What one process holds of one model's vectors."""

    def __init__(self, digest: str):
        self.digest = digest
        self.generation: Generation = ()
        self.looked_at = 0.0
        self.held: Held | None = None
        self._lock = threading.Lock()

    def current(self, dimensions: int) -> Held:
        """What is held, after a look at the table if the last one is ``INSIGHT_INDEX_SECONDS`` ago."""
        with self._lock:
            now = time.monotonic()
            if self.held is None or now - self.looked_at >= conf.INSIGHT_INDEX_SECONDS:
                generation = self._generation()
                if self.held is None or generation != self.generation:
                    self.held = self._refreshed(self.held or Held.empty(dimensions))
                self.generation, self.looked_at = generation, now
            return self.held

    def _rows(self) -> QuerySet[AssetEmbedding]:
        return AssetEmbedding.objects.filter(model=self.digest)

    def _generation(self) -> Generation:
        found = self._rows().aggregate(Count("pk"), Max("pk"), Sum("pk"), Sum("version"))
        return tuple(found[name] for name in sorted(found))

    def _refreshed(self, old: Held) -> Held:
        dimensions = old.codes.shape[1]
        most = conf.INSIGHT_INDEX_BYTES // (dimensions + 20)
        pairs = list(self._rows().order_by("-pk").values_list("pk", "version")[:most])
        there = np.array(pairs, np.int64).reshape(-1, 2)
        # Both are told apart by one number: no version is above a million.
        known = old.ids * 1_000_000 + old.versions
        wanted = there[:, 0] * 1_000_000 + there[:, 1]
        stays = np.isin(known, wanted)
        parts = [Held(old.ids[stays], old.versions[stays], old.codes[stays], old.scales[stays])]
        fresh = there[~np.isin(wanted, known), 0].tolist()
        for start in range(0, len(fresh), ROWS_AT_ONCE):
            parts.append(self._read(fresh[start : start + ROWS_AT_ONCE], dimensions))
        return Held(*(np.concatenate([getattr(part, name) for part in parts]) for name in Held.__dataclass_fields__))

    def _read(self, ids: list[int], dimensions: int) -> Held:
        size = dimensions * 2
        rows = [
            (pk, version, bytes(vector))
            for pk, version, vector in self._rows().filter(pk__in=ids).values_list("pk", "version", "vector")
            if len(vector) == size
        ]
        if not rows:
            return Held.empty(dimensions)
        vectors = np.frombuffer(b"".join(row[2] for row in rows), "<f2").reshape(-1, dimensions).astype(np.float32)
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
        codes = np.round(vectors / scales[:, None]).astype(np.int8)
        places = np.array([row[:2] for row in rows], np.int64)
        return Held(places[:, 0], places[:, 1], codes, scales.astype(np.float32))


_index = Index("")
_lock = threading.Lock()


def nearest(vector: Vector, among: Iterable[int] | None = None, limit: int = 50) -> list[tuple[int, float]]:
    """Ids of the assets that lie nearest to a vector, with the cosine of the angle (-1 to 1), the nearest first.

    ``among`` are ids that alone are looked at, all by default. Nothing where there is no model that can be used.
    Whether somebody may see them, the caller asks.
    """
    held, found = _similarities(vector)
    if among is not None:
        found = np.where(np.isin(held.ids, np.fromiter(among, np.int64)), found, -np.inf)
    return _best(held, found, limit)


def standing_out(vector: Vector, limit: int = 50) -> list[tuple[int, float]]:
    """As ``nearest``, with how far each is on the way from the usual asset of this library (0) to the same one (1).

    Cosines of one model begin where those of another end; and where all show the sea, the sea is nothing.
    """
    held, found = _similarities(vector)
    usual = float(np.median(found)) if len(found) else 1.0
    if usual >= 1:
        return []
    return [(pk, (one - usual) / (1 - usual)) for pk, one in _best(held, found, limit) if one > usual]


def _similarities(vector: Vector) -> tuple[Held, npt.NDArray[np.float32]]:
    """What is held, and how near each is; nothing where there is no model, or vectors are of another length."""
    global _index
    model = _model()
    if model is not None:
        with _lock:
            if _index.digest != model.digest:
                _index = Index(model.digest)
            index = _index
        held = index.current(len(vector))
        if held.codes.shape[1] == len(vector):
            return held, held.similarities(np.asarray(vector, np.float32))
    return Held.empty(len(vector)), np.zeros(0, np.float32)


def _best(held: Held, found: npt.NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
    if not len(found) or limit < 1:
        return []
    best = np.argpartition(-found, min(limit, len(found)) - 1)[:limit]
    best = best[np.lexsort((-held.ids[best], -found[best]))]
    return [(int(held.ids[one]), float(found[one])) for one in best if np.isfinite(found[one])]


def vector_of(asset_id: int) -> Vector | None:
    """Where an asset lies; None if the model has not looked at it, or there is none."""
    model = _model()
    if model is None:
        return None
    row = AssetEmbedding.objects.filter(pk=asset_id, model=model.digest).values_list("vector", flat=True).first()
    return np.frombuffer(bytes(row), "<f2").astype(np.float32) if row else None


def looking_like(text: str, limit: int = 1000) -> list[int] | None:
    """Ids of the assets that look most like these words, the best first; None where no model can tell."""
    model = _model()
    if model is None or not model.has_text:
        return None
    words = " ".join(text.split())[:200].casefold()
    key = f"insight-text-{hashlib.sha256(f'{model.digest}:{words}'.encode()).hexdigest()}"
    stored = cache.get(key)
    if isinstance(stored, bytes) and stored:
        vector = np.frombuffer(stored, np.float32)
    else:
        try:
            vector = model.of_text(words)
        except ModelError as error:
            condemn(error)
            return None
        cache.set(key, vector.tobytes(), QUERY_SECONDS)
    return [pk for pk, _similarity in nearest(vector, limit=limit)]


def _model() -> EmbeddingModel | None:
    try:
        return usable_model()
    except ModelError:
        return None
