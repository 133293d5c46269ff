"""Texts of many assets, side by side: only what was changed is saved, and nobody's words are overwritten unseen."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from media_library.bulk.actions import LOG_TEXTS, User, may
from media_library.bulk.loading import load
from media_library.exceptions import NotChanged
from media_library.models import Asset, BulkBatch, BulkOperation

FIELDS = ("title", "alt_text", "credit", "caption")

State = BulkOperation.State


def fields_of(asset: Asset) -> tuple[str, ...]:
    """Which texts an asset has: a document can be read, and needs none in its place."""
    return tuple(name for name in FIELDS if name != "alt_text" or asset.kind != Asset.Kind.DOCUMENT)


def text_of(asset: Asset, name: str) -> str:
    """A text as a form sends it back: browsers have their own line ends, and forms no space around it."""
    return plain(getattr(asset, name))


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def save_texts(
    asset_id: int, shown: Mapping[str, str], wanted: Mapping[str, str], user: User, operation_id: UUID
) -> dict[str, str]:
    """Save those texts of an asset that differ from what was ``shown``; what others wrote into the rest stays.

    Returns ``{}`` when that is done. Where somebody else has changed the very same texts meanwhile, nothing is saved,
    and what stands there now is returned, by field. Raises ``NotChanged`` for an asset that is gone, or isn't the
    user's to change any more.
    """
    with transaction.atomic():
        asset = next(iter(load([asset_id], locked=True)), None)
        if asset is None:
            raise NotChanged(_("It has been deleted in the meantime."))
        if not may(user, "change", asset):
            raise NotChanged(_("You may not change it, or not any more."))
        current = {name: text_of(asset, name) for name in fields_of(asset)}
        changed = [name for name in current if plain(wanted[name]) != plain(shown[name])]
        conflicts = {
            name: current[name] for name in changed if current[name] not in (plain(shown[name]), plain(wanted[name]))
        }
        fields = [name for name in changed if current[name] != plain(wanted[name])]
        if conflicts or not fields:
            return conflicts
        for name in fields:
            setattr(asset, name, plain(wanted[name]))
        asset.save(update_fields=[*fields, "updated_at"])
        log(
            instance=asset,
            action=LOG_TEXTS,
            user=user,
            uuid=operation_id,
            data={"fields": fields},
            content_changed=True,
        )
    return {}


def finish_page(batch: BulkBatch) -> None:
    """Note that a page of the table is done; with the last one, the operation is."""
    with transaction.atomic():
        if not BulkBatch.objects.filter(pk=batch.pk, is_done=False).update(is_done=True):
            return
        operation = BulkOperation.objects.filter(pk=batch.operation_id, state=State.OPEN)
        operation.update(done=F("done") + len(batch.asset_ids))
        operation.filter(done=F("total")).update(state=State.DONE, finished_at=timezone.now())
