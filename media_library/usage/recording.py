"""What revisions refer to, written down as ``MediaUsage`` when they are saved."""

import logging
from collections.abc import Iterable
from itertools import islice

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from wagtail.models import DraftStateMixin, ReferenceIndex, Revision

from media_library.models import Asset, CollectionSettings, CustomImage, MediaUsage

logger = logging.getLogger(__name__)

Reference = tuple[int, str, str]
"""Id of an asset, path in the model, path in the content."""

AT_A_TIME = 100
"""Revisions that are read together by ``record_all``."""


def record(revision: Revision) -> set[int]:
    """Write down which assets a revision uses that has just been saved, and forget those that it has replaced.

    Returns the ids of the assets that it uses; none, if it is of no more account than any older revision.
    Until the transaction ends, these assets can't be deleted: whoever wants to waits, and then sees this revision.
    """
    if not _has_drafts(revision):
        return set()
    with transaction.atomic():
        used = _write({revision: _read(revision)})
        if revision.is_latest_revision():
            replaced = MediaUsage.objects.filter(
                revision__base_content_type=revision.base_content_type_id,
                revision__object_id=revision.object_id,
                revision__approved_go_live_at=None,
            )
            replaced.exclude(revision=revision).delete()
            return used
    return used if revision.approved_go_live_at is not None else set()


def assets_of(instance: Model) -> set[int]:
    """The ids of the assets that the row of an object refers to, as the reference index has it."""
    rows = ReferenceIndex.get_references_for_object(instance)
    used = rows.filter(to_content_type=ContentType.objects.get_for_model(Asset))
    return {int(key) for key in used.values_list("to_object_id", flat=True)}


def record_all() -> int:
    """Write down anew what all revisions that may count use, and the watermarks; return how many revisions.

    For a database from before ``MediaUsage``, or one that was written to without signals.
    """
    latest = Q(approved_go_live_at__isnull=False)
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and model._meta.get_field("latest_revision").model is model:
            latest |= Q(pk__in=model._base_manager.filter(latest_revision__isnull=False).values("latest_revision"))
    # Not while writing: a long read in SQLite would see what it writes.
    ids = iter(list(Revision.objects.filter(latest).order_by("pk").values_list("pk", flat=True)))
    number = 0
    while batch := list(islice(ids, AT_A_TIME)):
        with transaction.atomic():
            _write({one: _read_old(one) for one in Revision.objects.filter(pk__in=batch) if _has_drafts(one)})
        number += len(batch)
    _record_watermarks()
    return number


def _has_drafts(revision: Revision) -> bool:
    """Without drafts, what is saved is live, and revisions are history."""
    model = ContentType.objects.get_for_id(revision.content_type_id).model_class()
    return model is not None and issubclass(model, DraftStateMixin)


def _read(revision: Revision) -> set[Reference]:
    model = ContentType.objects.get_for_id(revision.content_type_id).model_class()
    # Without looking up what each foreign key leads to: only assets are asked for, all at once.
    content = model.from_serializable_data(revision.content, check_fks=False)
    assets = ContentType.objects.get_for_model(Asset).pk
    return {
        (int(key), model_path, content_path)
        for target, key, model_path, content_path in ReferenceIndex._extract_references_from_object(content)
        # The id in rich text is whatever stands there.
        if target == assets and key.isdecimal()
    }


def _read_old(revision: Revision) -> set[Reference]:
    try:
        return _read(revision)
    except (AttributeError, LookupError, TypeError, ValueError):
        # Nobody can open it as a draft, either.
        logger.warning("Revision %s can't be read, so what it uses isn't known.", revision.pk, exc_info=True)
        return set()


def _write(references: dict[Revision, set[Reference]]) -> set[int]:
    """Returns the ids of the assets among them that exist."""
    wanted = {asset_id for found in references.values() for asset_id, _model_path, _content_path in found}
    # Ordered, so that two who save the same pictures don't wait for each other.
    locked = Asset.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    existing = set(locked.values_list("pk", flat=True))
    MediaUsage.objects.filter(revision__in=list(references)).delete()
    MediaUsage.objects.bulk_create(
        MediaUsage(revision=revision, asset_id=asset_id, model_path=model_path, content_path=content_path)
        for revision, found in references.items()
        for asset_id, model_path, content_path in sorted(found)
        if asset_id in existing
    )
    return existing


def _record_watermarks() -> None:
    """Tell the reference index of the pictures in watermarks."""
    rows: Iterable[Asset | CollectionSettings] = (
        *CustomImage.objects.filter(recipe__has_key="watermark"),
        *CollectionSettings.objects.exclude(watermark_image=None),
    )
    with transaction.atomic():
        for row in rows:
            ReferenceIndex.create_or_update_for_object(row)
