"""What the model has not looked at yet: words of the vocabulary, pictures, and pictures by words that are new.

No job stands behind it: what is missing is seen in the tables, whatever dies on the way, and another model, or another
file, makes all of it missing.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media_library.exceptions import ModelError
from media_library.insight.embedding.model import EmbeddingModel, Vector, condemn, usable_model
from media_library.insight.looking import KINDS_WITH_PIXELS
from media_library.insight.proposals import Field, Look, Proposal, record
from media_library.models import Asset, AssetEmbedding, Suggestion, VocabularyWord

logger = logging.getLogger(__name__)

SOURCE = "model"
"""The name under which its suggestions are shown."""

MOST_TAGS = 10
CHUNK = 500


@dataclass(frozen=True)
class Words:
    """The vocabulary: words, and one row of ``vectors`` for each."""

    names: list[str]
    vectors: Vector
    unsaved: list[VocabularyWord]
    """Those that are new, or have another prompt, or another model: to be saved when all pictures were looked at."""

    def proposals(self, model: EmbeddingModel, vector: Vector) -> list[Proposal]:
        """Tags for what lies there."""
        if not self.names:
            return []
        manifest = model.manifest
        logits = manifest.scale * (self.vectors @ vector) + manifest.bias
        if manifest.activation == "softmax":
            odds = np.exp(logits - logits.max())
            confidence = odds / odds.sum()
        else:
            confidence = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
        best = np.argsort(-confidence)[:MOST_TAGS]
        return [
            Proposal(Field.TAG, self.names[one], round(float(confidence[one]), 3))
            for one in best
            if confidence[one] >= manifest.threshold
        ]


def catch_up(may_go_on: Callable[[], bool], seconds: float = 50.0) -> int:
    """Look at what is missing for so long, as long as ``may_go_on``; return how many pictures that were.

    A model that can't be used is logged once, and leaves everything as it is.
    """
    until = time.monotonic() + seconds
    try:
        model = usable_model()
        if model is None:
            return 0
        words = _vocabulary(model)
        if words.unsaved and not _tag_again(model, words, may_go_on, until):
            return 0
        done = 0
        for asset in _missing(model).order_by("-pk")[:CHUNK]:
            if time.monotonic() > until or not may_go_on():
                break
            _look_at(asset.specific, model, words)
            done += 1
    except ModelError as error:
        condemn(error)
        return 0
    return done


def forget_word(word: str) -> None:
    """Withdraw what nobody has decided on of a word that has left the vocabulary."""
    Suggestion.objects.filter(source=SOURCE, field=Field.TAG, text=word, state=Suggestion.State.OPEN).delete()


def _missing(model: EmbeddingModel) -> QuerySet[Asset]:
    there = AssetEmbedding.objects.filter(asset=OuterRef("pk"), version=OuterRef("version"), model=model.digest)
    ready = Asset.objects.filter(status=Asset.Status.READY, trashed_at=None, kind__in=KINDS_WITH_PIXELS)
    return ready.filter(~Exists(there))


def _look_at(asset: Asset, model: EmbeddingModel, words: Words) -> None:
    pixels = Look(asset).pixels
    # What has no pixels gets an empty vector, so that it isn't looked at for ever.
    vector = None if pixels is None else model.of_picture(pixels)
    with transaction.atomic():
        current = Asset.objects.select_for_update(of=("self",)).filter(pk=asset.pk, version=asset.version)
        if not current.exists():
            return
        stored = b"" if vector is None else vector.astype("<f2").tobytes()
        AssetEmbedding.objects.update_or_create(
            asset_id=asset.pk, defaults={"version": asset.version, "model": model.digest, "vector": stored}
        )
        if vector is not None:
            record(asset, SOURCE, words.proposals(model, vector))


def _vocabulary(model: EmbeddingModel) -> Words:
    """Read all words, and work out those that are new."""
    if not model.has_text:
        return Words([], np.zeros((0, 0), np.float32), [])
    vectors, unsaved, rows = [], [], list(VocabularyWord.objects.order_by("pk"))
    for row in rows:
        prompt = row.prompt.strip() or row.word
        of = hashlib.sha256(f"{model.digest}:{prompt}".encode()).hexdigest()
        if row.vector_of == of and row.vector:
            vectors.append(np.frombuffer(bytes(row.vector), "<f2").astype(np.float32))
            continue
        vector = model.of_text(prompt)
        row.vector, row.vector_of = vector.astype("<f2").tobytes(), of
        vectors.append(vector)
        unsaved.append(row)
    return Words([row.word for row in rows], np.stack(vectors) if vectors else np.zeros((0, 0), np.float32), unsaved)


def _tag_again(model: EmbeddingModel, words: Words, may_go_on: Callable[[], bool], until: float) -> bool:
    """Look for new words in pictures that were looked at before, from their vectors; whether all are through.

    What is broken off begins anew: of what is as it should be already, nothing is written.
    """
    rows = AssetEmbedding.objects.filter(model=model.digest).exclude(vector=b"").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).select_related("asset")[:CHUNK]):
        if time.monotonic() > until or not may_go_on():
            return False
        said = _said(row.pk for row in chunk)
        for row in chunk:
            vector = np.frombuffer(bytes(row.vector), "<f2").astype(np.float32)
            proposals = words.proposals(model, vector)
            if {one.text for one in proposals} != said.get(row.pk, set()):
                record(row.asset.specific, SOURCE, proposals)
        last = chunk[-1].pk
    # By their keys and prompts: an editor may have changed one meanwhile, which is new again then.
    for word in words.unsaved:
        mine = VocabularyWord.objects.filter(pk=word.pk, word=word.word, prompt=word.prompt)
        mine.update(vector=word.vector, vector_of=word.vector_of)
    return True


def _said(asset_ids: Iterable[int]) -> dict[int, set[str]]:
    """What this model has said of these assets so far, whatever became of it."""
    said: dict[int, set[str]] = {}
    rows = Suggestion.objects.filter(asset__in=list(asset_ids), source=SOURCE, field=Field.TAG)
    for asset_id, text in rows.values_list("asset_id", "text"):
        said.setdefault(asset_id, set()).add(text)
    return said
