"""Nearest neighbours by looking at all of them: 100,000 vectors of 512 numbers in some 60 MB.

What lies near another picture is looked for among signs first, of which 64 are compared at once: 5 ms instead of 13.
Each process holds one byte a number, and looks at intervals whether the table has changed since.
"""

import hashlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

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

CANDIDATES = 4_000
"""So many of those whose signs differ least are compared by all they are: of the fifty nearest among 85,000 it misses
fewer than codes of a byte do (benchmarks/README.md). What is not larger than that is compared wholly."""

SAMPLE = 4_000
"""So many say where the middle of all is, and how near the usual one."""

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

    def nearest(self, vector: Vector, limit: int) -> list[tuple[int, float]]:
        """Ids of those nearest to the vector of a picture, with the cosine; of many, most likely."""
        places = self._candidates(vector)
        some = self._at(places)
        return _best(some, some.similarities(vector), limit)

    def usual(self, vector: Vector) -> float:
        """The median of the cosines to all of them, or to ``SAMPLE`` of them."""
        return float(np.median(self._sample.similarities(vector)))

    def _candidates(self, vector: Vector) -> npt.NDArray[np.int64]:
        if len(self.ids) <= CANDIDATES:
            return np.arange(len(self.ids))
        differ = np.zeros(len(self.ids), np.uint16)
        for column, signs in zip(self._signs, _signs(vector[None] - self._middle), strict=True):
            differ += np.bitwise_count(column ^ signs)
        return np.argpartition(differ, CANDIDATES)[:CANDIDATES]

    def _at(self, places: npt.NDArray[np.int64]) -> "Held":
        return Held(self.ids[places], self.versions[places], self.codes[places], self.scales[places])

    @cached_property
    def _sample(self) -> "Held":
        return self._at(np.linspace(0, len(self.ids) - 1, min(len(self.ids), SAMPLE)).astype(np.int64))

    @cached_property
    def _middle(self) -> Vector:
        """The vectors of one model lie on one side of the origin, where their signs would all be the same."""
        return np.asarray((self._sample.codes * self._sample.scales[:, None]).mean(axis=0), np.float32)

    @cached_property
    def _signs(self) -> npt.NDArray[np.uint64]:
        blocks = (slice(start, start + BLOCK) for start in range(0, len(self.ids), BLOCK))
        return np.hstack([_signs(self.codes[one] * self.scales[one, None] - self._middle) for one in blocks])


def _signs(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.uint64]:
    """Whether each number is above 0, as bits: of all vectors the first 64, then the next."""
    bits = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))).view(np.uint64).T)


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
    held = _held(len(vector))
    found = held.similarities(np.asarray(vector, np.float32))
    if among is not None:
        found = np.where(np.isin(held.ids, np.fromiter(among, np.int64)), found, -np.inf)
    return _best(held, found, limit)


def standing_out(vector: Vector, limit: int = 50) -> list[tuple[int, float]]:
    """As ``nearest``, with how far each is on the way from the usual asset of this library (0) to the same one (1).

    Cosines of one model begin where those of another end; and where all show the sea, the sea is nothing.
    """
    vector = np.asarray(vector, np.float32)
    held = _held(len(vector))
    usual = held.usual(vector) if len(held.ids) else 1.0
    if usual >= 1:
        return []
    return [(pk, (one - usual) / (1 - usual)) for pk, one in held.nearest(vector, limit) if one > usual]


def _held(dimensions: int) -> Held:
    """What is held; nothing where there is no model, or its vectors are of another length."""
    global _index
    model = _model()
    if model is None:
        return Held.empty(dimensions)
    with _lock:
        if _index.digest != model.digest:
            _index = Index(model.digest)
        index = _index
    held = index.current(dimensions)
    return held if held.codes.shape[1] == dimensions else Held.empty(dimensions)


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
