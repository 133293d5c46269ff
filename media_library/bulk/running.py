"""Claim an operation, do its batches one after the other, and record each with what it did."""

import logging
import time
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.bulk.actions import ACTIONS, Action, may
from media_library.bulk.loading import load
from media_library.bulk.operations import stopped
from media_library.conf import conf
from media_library.exceptions import AssetInUse, Cancelled, LeaseLost, MediaLibraryError, NotChanged
from media_library.models import Asset, BulkBatch, BulkOperation
from media_library.signals import together

logger = logging.getLogger(__name__)

State = BulkOperation.State
Failure = dict[str, Any]

PAUSE = 0.05
"""Seconds between two batches. SQLite has one writer at a time, and those that wait look only now and then."""


def run(operation_id: UUID, seconds: float | None = None) -> bool:
    """Do what is left of an operation, for about so many seconds; whether there is more to do.

    An operation that somebody else works on, or that is finished, is left alone.
    """
    operation = _claim(operation_id)
    if operation is None:
        return False
    until = time.monotonic() + (conf.BULK_SECONDS if seconds is None else seconds)
    try:
        while _do_next_batch(operation):
            if time.monotonic() >= until:
                _release(operation)
                return True
            time.sleep(PAUSE)
    except Cancelled:
        _end(operation, state=State.CANCELLED, finished_at=timezone.now())
    except LeaseLost as error:
        logger.info("%s: stopped: %s", operation, error)
    except BaseException:
        # A database that is away, a full disk, a bug: what was done is recorded, and the rest is tried again.
        _put_off(operation)
        raise
    return False


def _claim(operation_id: UUID) -> BulkOperation | None:
    """Take a queued operation, by one conditional UPDATE; None when there is nothing to take."""
    now = timezone.now()
    lease = uuid.uuid4()
    taken = BulkOperation.objects.filter(pk=operation_id, state=State.QUEUED, available_at__lte=now).update(
        state=State.RUNNING,
        lease=lease,
        lease_expires_at=now + timedelta(seconds=conf.JOB_LEASE_SECONDS),
        attempts=F("attempts") + 1,
    )
    return BulkOperation.objects.filter(pk=operation_id, lease=lease).first() if taken else None


def _mine(operation: BulkOperation) -> QuerySet[BulkOperation]:
    return BulkOperation.objects.filter(pk=operation.pk, lease=operation.lease, state=State.RUNNING)


def _do_next_batch(operation: BulkOperation) -> bool:
    """Do and record one batch; False when that was the last. Raises ``Cancelled`` or ``LeaseLost``."""
    with transaction.atomic(), together():
        # Touched, not only looked at: whoever takes the operation over waits for us, or we for them.
        expires = timezone.now() + timedelta(seconds=conf.JOB_LEASE_SECONDS)
        if not _mine(operation).filter(cancel_requested_at=None).update(lease_expires_at=expires):
            if _mine(operation).exists():
                raise Cancelled("Cancelled by its user.")
            raise LeaseLost("Another worker has taken the operation over.")
        batch = operation.batches.filter(is_done=False).first()
        if batch is None:
            _end(operation, state=State.DONE, finished_at=timezone.now())
            return False
        batch.failures = _do(operation, batch)
        batch.is_done = True
        batch.save(update_fields=["failures", "is_done"])
        _mine(operation).update(
            done=F("done") + len(batch.asset_ids),
            failed=F("failed") + len(batch.failures),
            attempts=0,
            # What a slow storage had to do after the last commit is no part of this one's time.
            lease_expires_at=timezone.now() + timedelta(seconds=conf.JOB_LEASE_SECONDS),
        )
    return True


def _do(operation: BulkOperation, batch: BulkBatch) -> list[Failure]:
    """Do it to each asset of a batch; return those that stay as they are."""
    # Read anew for each batch: a user may lose permissions while their operation goes on.
    user = get_user_model()._default_manager.get(pk=operation.user_id)
    action = ACTIONS[operation.action](operation.parameters, user, operation.pk)
    failures: dict[int, Failure] = {}
    waiting = load(batch.asset_ids, locked=True)
    gone = set(batch.asset_ids) - {asset.pk for asset in waiting}
    while waiting:
        refused = [asset for asset in waiting if _try(action, asset, failures)]
        # What only others of them used can go now.
        waiting = refused if len(refused) < len(waiting) else []
    action.finish()
    missing = [] if operation.action == BulkOperation.Action.DELETE else sorted(gone)
    return [*failures.values(), *(_gone(asset_id) for asset_id in missing)]


def _try(action: Action, asset: Asset, failures: dict[int, Failure]) -> bool:
    """Do it to one asset and keep note if it can't be done; whether that is because something uses it."""
    failures.pop(asset.pk, None)
    try:
        with transaction.atomic():
            if not may(action.user, action.permission, asset):
                raise NotChanged(_("You may not do this to it, or not any more."))
            action.apply(asset)
    except MediaLibraryError as error:
        failures[asset.pk] = _failure(action, asset, str(error), error.code)
        return isinstance(error, AssetInUse)
    except (OSError, IntegrityError, ValueError, TypeError, LookupError) as error:
        # One asset's trouble is no reason to stop. A database that is away is, and gets out of here.
        logger.exception("%s: asset %s", action.operation_id, asset.pk)
        reason = _("Something went wrong that is not your fault. It was noted for the operator.")
        failures[asset.pk] = _failure(action, asset, reason, type(error).__name__)
    return False


def _failure(action: Action, asset: Asset, reason: str, code: str) -> Failure:
    # Of what its user may not see any more, not even the name is told.
    is_seen = any(may(action.user, permission, asset) for permission in ("choose", "change", "delete", "restore"))
    return {"id": asset.pk, "title": asset.title if is_seen else "", "reason": reason, "code": code}


def _gone(asset_id: int) -> Failure:
    return {"id": asset_id, "title": "", "reason": _("It has been deleted in the meantime."), "code": "gone"}


def _end(operation: BulkOperation, **columns: Any) -> None:
    _mine(operation).update(lease=None, lease_expires_at=None, **columns)


def _release(operation: BulkOperation) -> None:
    """Let others work for a moment; the next message goes on."""
    _end(operation, state=State.QUEUED, available_at=timezone.now(), sent_at=None)


def _put_off(operation: BulkOperation) -> None:
    """Try again after a while, unless this has happened too often at the same batch."""
    operation.refresh_from_db(fields=["attempts", "cancel_requested_at"])
    if operation.cancel_requested_at is not None:
        _end(operation, state=State.CANCELLED, finished_at=timezone.now())
    elif operation.attempts < conf.JOB_MAX_ATTEMPTS:
        wait = conf.JOB_BACKOFF_SECONDS * 2 ** max(operation.attempts - 1, 0)
        _end(operation, state=State.QUEUED, available_at=timezone.now() + timedelta(seconds=wait))
    else:
        _end(operation, state=State.FAILED, finished_at=timezone.now(), reason=stopped(operation.attempts))
