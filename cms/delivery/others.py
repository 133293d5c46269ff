"""From what has changed to what others are told: a CDN, and the receivers of webhooks."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from cms.delivery.models import Change, Webhook
from cms.delivery.purge import line as purges
from cms.delivery.purge.tasks import send_purges_task
from cms.delivery.webhooks import outbox
from cms.delivery.webhooks.tasks import send_webhooks_task


def queue(changes: Sequence[Change]) -> None:
    """Write down what is to be sent, in the caller's transaction, and send it after its commit."""
    if purges.queue(changes):
        transaction.on_commit(send_purges_task.delay, robust=True)
    if webhook_ids := outbox.queue(changes):
        # No partial: Django can't name one when it logs what a robust hook has raised.
        transaction.on_commit(lambda: _send(webhook_ids), robust=True)


def want_addresses() -> bool:
    """Whether anybody is to be told at which addresses something has changed."""
    return purges.is_configured() or Webhook.objects.filter(is_active=True).exists()


def _send(webhook_ids: Iterable[int]) -> None:
    for webhook_id in webhook_ids:
        send_webhooks_task.delay(webhook_id)
