"""Public files that others replace: they stay for some weeks, since caches may name them."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from media_library.conf import conf
from media_library.models import (
    Asset,
    CustomRendition,
    FilmPart,
    PosterRendition,
    Sidecar,
    SupersededFile,
    Track,
    Transcode,
)

NAMED_BY: tuple[tuple[type[Model], str], ...] = (
    (CustomRendition, "file"),
    (PosterRendition, "file"),
    (Transcode, "file"),
    (Transcode, "playlist"),
    (Sidecar, "file"),
    (FilmPart, "file"),
    (Track, "file"),
)
"""Every column that names a public file."""


def named_files(asset_id: int) -> set[str]:
    """The public files of an asset that have a row, superseded ones among them."""
    named = set(SupersededFile.objects.filter(asset=asset_id).values_list("name", flat=True))
    for model, field in NAMED_BY:
        owner = "image" if model is CustomRendition else "asset"
        named.update(model._default_manager.filter(**{owner: asset_id}).values_list(field, flat=True))
    return named - {""}


def supersede(asset: Asset, names: Iterable[str], kept: Iterable[str] = ()) -> None:
    """Mark public files for deletion in some weeks; ``kept`` are those that are in use (again)."""
    SupersededFile.objects.filter(name__in=list(kept)).delete()
    delete_after = timezone.now() + timedelta(days=conf.SUPERSEDED_DAYS)
    SupersededFile.objects.bulk_create(
        [SupersededFile(asset_id=asset.pk, name=name, delete_after=delete_after) for name in names],
        ignore_conflicts=True,
    )


def due_superseded_files(most: int = 1000) -> dict[int, list[str]]:
    """Names of the superseded files whose time has come, by their asset. Those that are in use again are forgotten."""
    due = SupersededFile.objects.filter(delete_after__lt=timezone.now())
    found = list(due.values_list("asset", "name")[:most])
    names = [name for _asset_id, name in found]
    in_use = {
        name
        for model, field in NAMED_BY
        for name in model.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True)
    }
    SupersededFile.objects.filter(name__in=in_use).delete()
    gone: dict[int, list[str]] = {}
    for asset_id, name in found:
        if name not in in_use:
            gone.setdefault(asset_id, []).append(name)
    return gone


def swap_rows(asset: Asset, existing: QuerySet, fresh: Iterable[Model], key: str, *, keep: bool = False) -> None:
    """Save ``fresh`` rows in place of the ``existing`` ones, matched by the field named ``key``.

    Existing rows that nothing answers to go, unless they are to be kept. Files that nothing names any more are
    superseded.
    """
    fresh = list(fresh)
    before = list(existing)
    answered = {getattr(row, key) for row in fresh}
    gone = [row for row in before if not keep or getattr(row, key) in answered]
    # Without signals, by which the files would be removed at once.
    chosen = existing.model._default_manager.filter(pk__in=[row.pk for row in gone])
    chosen._raw_delete(chosen.db)
    existing.model._default_manager.bulk_create(fresh)
    kept = _names(fresh)
    supersede(asset, _names(gone) - kept, kept)


def _names(rows: Iterable[Model]) -> set[str]:
    fields = ("file", "playlist")
    return {file.name for row in rows for name in fields if (file := getattr(row, name, None))}
