"""From what has changed to what each receiver is to be told."""

import uuid
from collections.abc import Sequence

from django.utils import timezone

from cms.delivery.events import TEST, body_of
from cms.delivery.models import Change, Webhook, WebhookDelivery


def queue(changes: Sequence[Change]) -> set[int]:
    """Write down who is to be told of these, in the caller's transaction; return the ids of the webhooks concerned."""
    events = {change.event for change in changes} - {""}
    if not events:
        return set()
    webhooks = [(one, set(one.events)) for one in Webhook.objects.filter(is_active=True)]
    deliveries = []
    for change in changes:
        event_id = uuid.uuid4()
        for webhook, chosen in webhooks:
            if change.event in chosen:
                payload = body_of(change, event_id)
                deliveries.append(
                    WebhookDelivery(
                        webhook=webhook,
                        event_id=event_id,
                        event=change.event,
                        payload=payload,
                        next_attempt_at=timezone.now(),
                    )
                )
    WebhookDelivery.objects.bulk_create(deliveries, batch_size=500)
    return {one.webhook_id for one in deliveries}


def queue_test(webhook: Webhook) -> WebhookDelivery:
    """A message that says nothing, to see whether it arrives."""
    delivery = WebhookDelivery(webhook=webhook, event=TEST, next_attempt_at=timezone.now())
    delivery.payload = {
        "id": str(delivery.event_id),
        "event": TEST,
        "created": timezone.now().isoformat(),
        "subject": {"type": "delivery.Webhook", "id": webhook.pk, "title": webhook.name, "urls": []},
        "urls": [],
        "tags": [],
    }
    delivery.save()
    return delivery
