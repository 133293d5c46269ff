"""Files that nothing names any more: written down with the deletion, removed after commit, and tried again.

One mechanism for every file of the library, in place of Wagtail's own (file_removal/apps.py). A removal that fails,
since the storage answers 500 or is away, keeps its row, and beat tries it again with growing pauses until it is done.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.storage import Storage, storages
from django.db import DatabaseError, transaction
from django.db.models import F, FileField, ForeignKey, Model, QuerySet
from django.utils import timezone
from django_cleanup import cache

from media_library.deletion.steps import log_step, step
from media_library.models import Asset, FileRemoval, SupersededFile, Track
from media_library.models.files import originals_storage, public_storage
from media_library.signals import storage_failed
from media_library.storage import walk
from media_library.superseding import due_superseded_files, named_files

logger = logging.getLogger(__name__)

FIRST_PAUSE = 60
LONGEST_PAUSE = 6 * 60 * 60
"""Seconds between attempts; the pause doubles."""

AT_A_TIME = 1000
"""Files that one run of beat removes."""

NO_ASSET = 0
"""Stands for the asset of a file that belongs to none."""

LEFT_BEHIND = "left behind"
"""What removals are called that came of an upload which failed."""

ALIASES = {public_storage: FileRemoval.Storage.PUBLIC, originals_storage: FileRemoval.Storage.ORIGINALS}


def file_fields(model: type[Model]) -> list[FileField]:
    """The columns of a model that name files in the storages of the library."""
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, FileField) and field.deconstruct()[3].get("storage") in ALIASES
    ]


def models_with_files() -> list[type[Model]]:
    """All models of the library whose files go with their rows: those that django-cleanup is to select.

    Captions are not among them: deleted ones stay for as long as caches may name them (video/tracks.py).
    """
    return [model for model in cache.cleanup_models() if file_fields(model)]


def remove_files_of_row(instance: Model, **kwargs: object) -> None:
    """After the deletion of a row (``post_delete``): its files go once that is committed."""
    for field in file_fields(type(instance)):
        if name := getattr(instance, field.attname).name:
            _write_down(_asset_id(instance), alias(field), [name], what=str(instance._meta.verbose_name))


def remove_files_of_asset(asset: Asset) -> None:
    """Before the deletion of an asset: what caches may still name goes, too, and what died attempts left behind."""
    _write_down(asset.pk, FileRemoval.Storage.PUBLIC, named_files(asset.pk), what="made from it")
    _write_down(asset.pk, FileRemoval.Storage.PUBLIC, [f"{asset.pk}/"], what="folder")
    _write_down(asset.pk, FileRemoval.Storage.ORIGINALS, [f"{asset.kind}/{asset.pk}/"], what="folder")


def remove_upload(name: str, *, what: str) -> None:
    """A file among the originals that belongs to no asset goes once the deletion of its row is committed."""
    _write_down(NO_ASSET, FileRemoval.Storage.ORIGINALS, [name], what=what)


@contextmanager
def unless_committed(names: Iterable[str], *, what: str) -> Iterator[None]:
    """A transaction that stores files of these names among the originals, and their rows.

    Without the rows there are no files: what was stored goes at once if the transaction fails, and by beat if the
    process dies in it.
    """
    names = list(names)
    later = timezone.now() + timedelta(seconds=LONGEST_PAUSE)
    removals = FileRemoval.objects.bulk_create(
        FileRemoval(asset_id=NO_ASSET, storage=FileRemoval.Storage.ORIGINALS, name=name, what=what, not_before=later)
        for name in names
    )
    mine = FileRemoval.objects.filter(storage=FileRemoval.Storage.ORIGINALS, name__in=names)
    try:
        with transaction.atomic():
            yield
            if removals:
                mine.delete()
    except BaseException:
        _remove(mine)
        raise


def remove_file(name: str, *, what: str) -> None:
    """A public file that belongs to no asset, and whose name is never given again: it goes once this is committed.

    ``what`` it was stands in the log.
    """
    _write_down(NO_ASSET, FileRemoval.Storage.PUBLIC, [name], what=what)


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Write down what an upload may leave in a storage whose answer was lost, or that failed halfway.

    To be entered outside of any transaction, which would take the note along when it fails. Raises what is raised
    inside.
    """
    try:
        yield
    except BaseException as error:
        unsaved = getattr(error, "unsaved_assets", ())
        try:
            _write_down_left_behind(unsaved)
        except DatabaseError:
            # It may be what has failed in the first place; then files without rows are for the next sweep to find.
            logger.exception("What %s may have left behind can't be written down", sorted(unsaved))
        raise


def _write_down_left_behind(unsaved: Iterable[tuple[str, int]]) -> None:
    later = timezone.now() + timedelta(seconds=FIRST_PAUSE)
    FileRemoval.objects.bulk_create(
        [
            FileRemoval(asset_id=asset_id, storage=storage, name=name, what=LEFT_BEHIND, not_before=later)
            for kind, asset_id in unsaved
            for storage, name in (
                (FileRemoval.Storage.PUBLIC, f"{asset_id}/"),
                (FileRemoval.Storage.ORIGINALS, f"{kind}/{asset_id}/"),
            )
        ],
        ignore_conflicts=True,
    )


def remove_superseded_files() -> int:
    """From beat: remove the superseded files whose time has come; return how many. What is in use again stays."""
    superseded = due_superseded_files()
    for asset_id, names in superseded.items():
        with transaction.atomic():
            rows = _rows(asset_id, FileRemoval.Storage.PUBLIC, names, what="superseded")
            FileRemoval.objects.bulk_create(rows, ignore_conflicts=True)
            SupersededFile.objects.filter(name__in=names).delete()
        _remove_of(asset_id)
    return sum(map(len, superseded.values()))


def remove_due_files() -> int:
    """From beat: try again what has failed, or was left by a process that died after commit. Returns how many went."""
    due = FileRemoval.objects.filter(not_before__lte=timezone.now()).order_by("not_before", "pk")
    return _remove(due[:AT_A_TIME])


def alias(field: FileField) -> str:
    return ALIASES[field.deconstruct()[3]["storage"]]


def _asset_id(instance: Model) -> int:
    if isinstance(instance, Asset):
        return int(instance.pk)
    return next(getattr(instance, field.attname) for field in _owners(type(instance)))


def _owners(model: type[Model]) -> Iterable[ForeignKey]:
    fields = model._meta.local_fields
    return (one for one in fields if isinstance(one, ForeignKey) and issubclass(one.related_model, Asset))


def _rows(asset_id: int, storage: str, names: Iterable[str], *, what: str) -> list[FileRemoval]:
    later = timezone.now() + timedelta(seconds=FIRST_PAUSE)
    rows = [
        FileRemoval(asset_id=asset_id, storage=storage, name=name, what=what, not_before=later)
        for name in sorted(names)
    ]
    for row in rows:
        log_step(row, row.name, "to be removed once this is committed")
    return rows


def _write_down(asset_id: int, storage: str, names: Iterable[str], *, what: str) -> None:
    FileRemoval.objects.bulk_create(_rows(asset_id, storage, names, what=what), ignore_conflicts=True)
    # No partial: Django can't name one when it logs what a robust hook has raised.
    transaction.on_commit(lambda: _remove_of(asset_id), robust=True)


def _remove_of(asset_id: int) -> None:
    mine = FileRemoval.objects.filter(asset_id=asset_id).exclude(what=LEFT_BEHIND)
    # One transaction calls this for each row that it has deleted: a storage that has just failed is left alone.
    failed = set(mine.filter(attempts__gt=0).values_list("storage", flat=True))
    # Files first, so that each is logged by its name, and then what is left in the folders.
    _remove(mine.filter(attempts=0).exclude(storage__in=failed).order_by("-name"))


def _remove(removals: QuerySet[FileRemoval]) -> int:
    failing: set[str] = set()
    removed = 0
    for removal in list(removals):
        # A storage that is away keeps everybody waiting: the rest comes later.
        if removal.storage not in failing and _claim(removal):
            if _attempt(removal):
                removed += 1
            else:
                failing.add(removal.storage)
    return removed


def _claim(removal: FileRemoval) -> bool:
    """Of two processes at once, one gets it; should that die, it is tried again after the pause."""
    pause = min(FIRST_PAUSE * 2**removal.attempts, LONGEST_PAUSE)
    mine = FileRemoval.objects.filter(pk=removal.pk, attempts=removal.attempts)
    return bool(mine.update(attempts=F("attempts") + 1, not_before=timezone.now() + timedelta(seconds=pause)))


def _attempt(removal: FileRemoval) -> bool:
    storage = storages[removal.storage]
    log_step(removal, removal.name, f"attempt {removal.attempts + 1}")
    try:
        if removal.name.endswith("/"):
            _remove_folder(storage, removal)
        elif _is_named(removal):
            log_step(removal, removal.name, "kept: it is in use again")
        else:
            _remove_file(storage, removal, removal.name)
    except Exception as error:
        logger.exception(step(removal, removal.name, f"failed in attempt {removal.attempts + 1}, tried again later"))
        storage_failed.send_robust(FileRemoval, doing="remove")
        FileRemoval.objects.filter(pk=removal.pk).update(last_error=f"{type(error).__name__}: {error}"[:1000])
        return False
    FileRemoval.objects.filter(pk=removal.pk).delete()
    return True


def _remove_folder(storage: Storage, removal: FileRemoval) -> None:
    is_there = Asset.objects.filter(pk=removal.asset_id).exists()
    if is_there and removal.what != LEFT_BEHIND:
        # It was deleted inside a savepoint that was rolled back, and the row is a stranger's.
        log_step(removal, removal.name, "kept: the asset is there")
        return
    try:
        files = list(walk(storage, removal.name.rstrip("/")))
    except NotImplementedError:
        log_step(removal, removal.name, "not looked into: this storage lists no folders")
        return
    # Another try may have made an asset of the same id.
    kept = _named_by(removal.asset_id) if is_there else set()
    for file in files:
        if file.name not in kept and (not is_there or file.modified < removal.created_at):
            _remove_file(storage, removal, file.name)


def _remove_file(storage: Storage, removal: FileRemoval, name: str) -> None:
    try:
        storage.delete(name)
    except FileNotFoundError:
        log_step(removal, name, "was gone")
    else:
        log_step(removal, name, "removed")


def _is_named(removal: FileRemoval) -> bool:
    """Whether a row names the file again: the same bytes made anew have the same name."""
    return removal.name in _named_by(removal.asset_id, removal.storage, removal.name)


def _named_by(asset_id: int, storage: str = "", name: str = "") -> set[str]:
    """The files of an asset that have rows: all, or those in one storage and of one name."""
    if not Asset.objects.filter(pk=asset_id).exists():
        return set()
    found: set[str] = set()
    models: list[type[Model]] = [*models_with_files(), Track]
    for model in models:
        owner = "pk" if issubclass(model, Asset) else next(field.name for field in _owners(model))
        for field in file_fields(model):
            if not storage or alias(field) == storage:
                rows = model._base_manager.filter(**{owner: asset_id}, **({field.name: name} if name else {}))
                found.update(rows.values_list(field.name, flat=True))
    if not name:
        found.update(SupersededFile.objects.filter(asset=asset_id).values_list("name", flat=True))
    return found
