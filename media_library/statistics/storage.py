"""What the files of assets take, summed up beforehand: a library has millions of renditions."""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from media_library.imaging.presets import LADDER
from media_library.models import (
    Asset,
    AssetStorage,
    AssetVersion,
    CustomRendition,
    PosterRendition,
    Sidecar,
    Transcode,
)

SHOWN_WIDTH = 1280
"""Pixels: of the ladder, what a laptop or a good phone takes for a picture across the page."""

BATCH = 500
STALE_DAYS = 7


def measure_storage(seconds: float = 60) -> int:
    """Measure what has changed or was never measured, then what was measured a week ago; return how many assets.

    Stops after some seconds; the next run goes on.
    """
    deadline = time.monotonic() + seconds
    long_ago = timezone.now() - timedelta(days=STALE_DAYS)
    changed = Q(storage=None) | Q(storage__measured_at__lt=F("updated_at"))
    measured = 0
    for due in (changed, Q(storage__measured_at__lt=long_ago)):
        while ids := list(Asset.objects.filter(due).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            measured += measure(ids)
            if time.monotonic() > deadline:
                return measured
    return measured


@transaction.atomic
def measure(asset_ids: Iterable[int]) -> int:
    """Measure these assets; return how many of them there are. Eight queries."""
    now = timezone.now()
    # Locked against deletion.
    assets = Asset.objects.filter(pk__in=list(asset_ids)).order_by("pk").select_for_update(no_key=True)
    sizes: dict[int, dict[str, int]] = {
        pk: {"original": size or 0} for pk, size in assets.values_list("pk", "file_size")
    }
    parts = (
        _renditions(sizes),
        _sums(PosterRendition.objects, "renditions", sizes),
        _sums(Sidecar.objects, "renditions", sizes),
        _sums(AssetVersion.objects.exclude(file=""), "versions", sizes),
        _transcodes(sizes),
    )
    for found in parts:
        for asset_id, columns in found.items():
            for name, value in columns.items():
                sizes[asset_id][name] = sizes[asset_id].get(name, 0) + (value or 0)
    AssetStorage.objects.bulk_create(
        [
            AssetStorage(
                asset_id=asset_id,
                renditions=found.get("renditions", 0),
                transcodes=found.get("transcodes", 0),
                versions=found.get("versions", 0),
                # What nothing is made from is handed out as it is.
                shown=found.get("shown") or found["original"],
                measured_at=now,
            )
            for asset_id, found in sizes.items()
        ],
        update_conflicts=True,
        unique_fields=["asset"],
        update_fields=["renditions", "transcodes", "versions", "shown", "measured_at"],
    )
    return len(sizes)


def _renditions(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    shown = Q(preset=LADDER, width__lte=SHOWN_WIDTH)
    rows = CustomRendition.objects.filter(image__in=list(ids)).values("image")
    return {
        row.pop("image"): row
        for row in rows.annotate(
            renditions=Sum("file_size"),
            # Drawings, and what WebP makes no smaller, have other formats.
            shown=Coalesce(
                Max("file_size", filter=shown & Q(filter_spec__endswith="|format-webp")),
                Max("file_size", filter=shown),
            ),
        )
    }


def _sums(rows: Any, name: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    found = rows.filter(asset__in=list(ids)).order_by().values("asset").annotate(**{name: Sum("file_size")})
    return {row.pop("asset"): row for row in found}


def _transcodes(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Of films, the MP4 is what is shown; a ladder sends about as much."""
    rows = Transcode.objects.filter(asset__in=list(ids)).values("asset")
    return {
        row.pop("asset"): row
        for row in rows.annotate(
            transcodes=Sum("file_size"),
            shown=Coalesce(
                Max("file_size", filter=Q(playlist="", mime_type="video/mp4")),
                Max("file_size", filter=Q(playlist="")),
                Max("file_size"),
            ),
        )
    }
