"""From what has changed to what others are told: a CDN, and the receivers of webhooks."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction

from cms.delivery.models import Change
from cms.delivery.webhooks import outbox, tasks


def queue(changes: Sequence[Change]) -> None:
    """Write down what is to be sent, in the caller's transaction, and send it after its commit."""
    if webhook_ids := outbox.queue(changes):
        transaction.on_commit(partial(_send, webhook_ids), robust=True)


def _send(webhook_ids: Iterable[int]) -> None:
    for webhook_id in webhook_ids:
        tasks.send_webhooks_task.delay(webhook_id)
