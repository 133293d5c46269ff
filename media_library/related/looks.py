"""What is the same file, or looks like it: to a fingerprint, and to a model of the operator's where there is one."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from media_library.cache_tags import ALIKE, record, valid_for
from media_library.conf import conf
from media_library.fingerprints import MAX_DISTANCE, near
from media_library.insight import embedding
from media_library.models import Asset
from media_library.related.scoring import Hits, Reason

SAME_FILES = 50

IDENTICAL, BARELY = 0.95, 0.65
"""Strength of fingerprints that are the same, and of those that are just near enough."""

BY_MODEL, SHARE = 0.9, 0.5
"""Strength of what a model takes for the same; and how much of the way there something must be."""

MODELS_NEAREST = 50


def same_file(asset: Asset, among: QuerySet[Asset]) -> Hits:
    """By its SHA-256."""
    if not asset.file_hash:
        return {}
    same = among.filter(file_hash=asset.file_hash, kind=asset.kind).exclude(pk=asset.pk).order_by("pk")
    reason = Reason("same_file", _("the same file"), 1.0)
    return dict.fromkeys(same.values_list("pk", flat=True)[:SAME_FILES], reason)


def looking_alike(asset: Asset) -> Hits:
    """By fingerprint, or by the model if it is surer."""
    record(ALIKE, f"{ALIKE}-{asset.pk}")
    strengths = {pk: IDENTICAL - (IDENTICAL - BARELY) * bits / MAX_DISTANCE for pk, bits in near(asset)}
    vector = embedding.vector_of(asset.pk)
    if vector is not None:
        # The index looks at the table at intervals, whatever is told of it.
        valid_for(conf.INSIGHT_INDEX_SECONDS)
        for pk, share in embedding.standing_out(vector, MODELS_NEAREST):
            if share >= SHARE and pk != asset.pk:
                strengths[pk] = max(strengths.get(pk, 0), BY_MODEL * share)
    return {pk: Reason("looks_alike", _("looks alike"), strength) for pk, strength in strengths.items()}
