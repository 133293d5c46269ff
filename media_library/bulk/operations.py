"""Beginning, ending and finding again what is to be done to many assets."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.bulk.actions import User
from media_library.bulk.loading import AT_A_TIME
from media_library.conf import conf
from media_library.jobs.clock import bring_back
from media_library.models import BulkBatch, BulkOperation

logger = logging.getLogger(__name__)

State = BulkOperation.State


def start(
    user: User,
    action: str,
    parameters: Mapping[str, Any],
    asset_ids: Sequence[int],
    *,
    left_out: int = 0,
) -> BulkOperation:
    """Write down what is to be done to which assets; whatever comes to match later is not part of it.

    Sending it to a worker is for after the commit. Texts are edited by the user, and wait for no worker.
    """
    with transaction.atomic():
        operation = BulkOperation.objects.create(
            user=user,
            action=action,
            parameters=dict(parameters),
            total=len(asset_ids),
            left_out=left_out,
            state=State.OPEN if action == BulkOperation.Action.TEXTS else State.QUEUED,
        )
        ids = iter(asset_ids)
        number = 0
        while some := list(islice(ids, AT_A_TIME)):
            BulkBatch.objects.create(operation=operation, number=number, asset_ids=some)
            number += 1
    return operation


def cancel(operation: BulkOperation) -> bool:
    """Leave the rest as it is; whether there was anything to stop.

    What is running hears of it after its batch, a second or so later. What was done by then stays.
    """
    mine = BulkOperation.objects.filter(pk=operation.pk)
    with transaction.atomic():
        now = timezone.now()
        asked = mine.filter(state=State.RUNNING, cancel_requested_at=None).update(cancel_requested_at=now)
        ended = mine.filter(state__in=(State.QUEUED, State.OPEN)).update(
            state=State.CANCELLED, cancel_requested_at=now, finished_at=now
        )
    return bool(asked or ended)


def mark_sent(operation_ids: Iterable[UUID]) -> None:
    """Note that the broker has been told of these."""
    BulkOperation.objects.filter(pk__in=list(operation_ids)).update(sent_at=timezone.now())


def reap(*, resend_all: bool = False) -> list[UUID]:
    """Queue the operations that have lost their worker, and return all that should be sent to the broker now.

    As ``jobs.reap``: those that were never sent since their time came, or so long ago that the message is probably
    lost; with ``resend_all``, all that are queued.
    """
    bring_back(BulkOperation)
    now = timezone.now()
    for operation in BulkOperation.objects.filter(state=State.RUNNING, lease_expires_at__lt=now):
        _take_back(operation)
    due = BulkOperation.objects.filter(state=State.QUEUED, available_at__lte=timezone.now())
    if not resend_all:
        lost_before = now - timedelta(seconds=conf.JOB_RESEND_SECONDS)
        due = due.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=F("available_at")) | Q(sent_at__lt=lost_before))
    return list(due.order_by("available_at").values_list("pk", flat=True))


def _take_back(operation: BulkOperation) -> None:
    mine = BulkOperation.objects.filter(pk=operation.pk, state=State.RUNNING, lease=operation.lease)
    columns: dict[str, Any] = {"lease": None, "lease_expires_at": None}
    if operation.cancel_requested_at is not None:
        mine.update(state=State.CANCELLED, finished_at=timezone.now(), **columns)
    elif operation.attempts < conf.JOB_MAX_ATTEMPTS:
        if mine.update(state=State.QUEUED, available_at=timezone.now(), sent_at=None, **columns):
            logger.warning("%s: its worker is gone, queued again", operation)
    elif mine.update(state=State.FAILED, finished_at=timezone.now(), reason=stopped(operation.attempts), **columns):
        logger.error("%s: its workers have died %s times, given up", operation, operation.attempts)


def stopped(times: int) -> str:
    """Why an operation was given up, for its user."""
    return _(
        "This stopped unexpectedly %(times)s times at the same place. What is done stays, and the operator was told."
    ) % {"times": times}


def forget_old() -> int:
    """Delete operations that nobody has touched for so long that nobody looks for their results."""
    before = timezone.now() - timedelta(days=conf.BULK_KEEP_DAYS)
    old = BulkOperation.objects.filter(Q(finished_at__lt=before) | Q(state=State.OPEN, created_at__lt=before))
    return old.delete()[1].get(BulkOperation._meta.label, 0)
