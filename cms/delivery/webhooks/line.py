"""The line before each receiver: one request at a time, in order, and a rest where nobody answers.

So a receiver that hangs keeps one worker waiting for one request, and all others are told meanwhile.
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.delivery import sending
from cms.delivery.events import TEST
from cms.delivery.models import State, Webhook, WebhookDelivery
from cms.delivery.webhooks import signing
from cms.delivery.webhooks.notices import tell_of_switching_off
from cms.delivery.webhooks.posting import Answer, post

logger = logging.getLogger(__name__)

TURN_SECONDS = 20
"""For how long one receiver is sent to before others have their turn."""

LONGEST_REST = timedelta(minutes=5)
FORMER_SECRET = timedelta(days=1)


def waiting() -> QuerySet[Webhook]:
    """Those to whom something is to be sent now."""
    return _free(Webhook.objects.filter(pk__in=sending.due(sendable()).values("webhook")))


def sendable() -> QuerySet[WebhookDelivery]:
    """To receivers that are switched on; tests reach the others, too."""
    return WebhookDelivery.objects.filter(Q(webhook__is_active=True) | Q(event=TEST))


def work_off(webhook_id: int) -> bool:
    """Send what is due to one receiver, until nothing is, one attempt fails, or its turn is over.

    Returns whether there is more to send at once. Does nothing while another worker is at it.
    """
    with _turn(webhook_id) as webhook:
        if webhook is None:
            return False
        until = time.monotonic() + TURN_SECONDS
        while time.monotonic() < until:
            claimed = sending.claim(sendable().filter(webhook=webhook))
            if not claimed:
                return False
            if not attempt(webhook, claimed[0]):
                break
            _extend(webhook)
    return waiting().filter(pk=webhook_id).exists()


def attempt(webhook: Webhook, delivery: WebhookDelivery) -> bool:
    """Send a claimed delivery once, note what came of it, and return whether it has arrived."""
    body = body_bytes(delivery)
    moment = timezone.now()
    headers = signed_headers(webhook, delivery, body, moment)
    answer = post(webhook.url, body, headers)
    facts = {
        "headers": headers,
        "sent_at": moment,
        "status_code": answer.status,
        "answer": answer.text,
        "seconds": round(answer.seconds, 3),
    }
    if not answer.error:
        sending.record_success([delivery], **facts)
        _recovered(webhook)
        return True
    logger.info("Webhook %s, %s: %s", webhook.pk, delivery.event_id, answer.error)
    sending.record_failure([delivery], answer.error, answer.wait, is_final=answer.is_gone, **facts)
    _failed(webhook, answer)
    return False


def body_bytes(delivery: WebhookDelivery) -> bytes:
    """What is sent and signed."""
    return json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(webhook: Webhook, delivery: WebhookDelivery, body: bytes, moment: datetime) -> dict[str, str]:
    keys = [webhook.secret]
    if webhook.former_secret and webhook.former_secret_until and moment < webhook.former_secret_until:
        keys.append(webhook.former_secret)
    return signing.headers(str(delivery.event_id), int(moment.timestamp()), body, keys)


def renew_secret(webhook: Webhook) -> None:
    """Give a new secret; for a day, everything is signed with the one before as well."""
    webhook.former_secret, webhook.former_secret_until = webhook.secret, timezone.now() + FORMER_SECRET
    webhook.secret = signing.new_secret()
    webhook.save(update_fields=["secret", "former_secret", "former_secret_until"])


def wake(webhooks: QuerySet[Webhook]) -> None:
    """Let nobody rest any longer: somebody wants to see whether it works."""
    webhooks.filter(failures__gt=0).update(not_before=None)


@contextmanager
def _turn(webhook_id: int) -> Iterator[Webhook | None]:
    held_until = timezone.now() + sending.LEASE
    free = _free(Webhook.objects.filter(pk=webhook_id))
    if not free.update(not_before=held_until):
        yield None
        return
    webhook = Webhook.objects.get(pk=webhook_id)
    try:
        yield webhook
    finally:
        # A rest that a failure has brought stays; so does what another worker holds, if we came too late.
        Webhook.objects.filter(pk=webhook_id, not_before=webhook.not_before, failures=0).update(not_before=None)


def _free(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    now = timezone.now()
    # One that is put off for longer than anything is: the clock was wrong then.
    return webhooks.filter(
        Q(not_before=None) | Q(not_before__lte=now) | Q(not_before__gt=now + 2 * sending.LONGEST_WAIT)
    )


def _extend(webhook: Webhook) -> None:
    later = timezone.now() + sending.LEASE
    if Webhook.objects.filter(pk=webhook.pk, not_before=webhook.not_before).update(not_before=later):
        webhook.not_before = later


def _recovered(webhook: Webhook) -> None:
    if webhook.failures or webhook.failing_since:
        webhook.failures, webhook.failing_since = 0, None
        Webhook.objects.filter(pk=webhook.pk).update(failures=0, failing_since=None, notice="")


def _failed(webhook: Webhook, answer: Answer) -> None:
    now = timezone.now()
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    rest = min(answer.wait or sending.next_wait(webhook.failures), LONGEST_REST)
    webhook.not_before = now + rest
    facts = {"failures": webhook.failures, "failing_since": webhook.failing_since, "not_before": webhook.not_before}
    Webhook.objects.filter(pk=webhook.pk).update(**facts)
    if answer.is_gone:
        switch_off(Webhook.objects.filter(pk=webhook.pk), _("The receiver has asked not to be told any more (410)."))


def switch_off(webhooks: QuerySet[Webhook], notice: str) -> int:
    """Tell them nothing any more, and write to those who may change that. Returns how many there were."""
    concerned = list(webhooks.filter(is_active=True))
    for webhook in concerned:
        if Webhook.objects.filter(pk=webhook.pk, is_active=True).update(is_active=False, notice=notice):
            logger.warning("Webhook %s was switched off: %s", webhook.pk, notice)
            tell_of_switching_off(webhook, notice)
    return len(concerned)


def switch_off_dead() -> int:
    """Switch off those that have not answered once for ``WEBHOOK_OFF_AFTER_DAYS``; 0 never does."""
    days = settings.WEBHOOK_OFF_AFTER_DAYS
    if not days:
        return 0
    long_dead = Webhook.objects.filter(failing_since__lte=timezone.now() - timedelta(days=days))
    notice = _("Nothing has arrived for %(days)s days, so it was switched off.") % {"days": days}
    return switch_off(long_dead, notice)


def give_up_old() -> int:
    """Deliveries that nobody could be told of for long have failed: receivers would be surprised by them."""
    old = timezone.now() - timedelta(days=settings.WEBHOOK_GIVE_UP_DAYS)
    return WebhookDelivery.objects.filter(state=State.QUEUED, created_at__lt=old, attempts__gt=0).update(
        state=State.FAILED, finished_at=timezone.now(), lease=None
    )


def forget_old() -> int:
    """Remove from the log what is over for so many days."""
    old = timezone.now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    removed, _each = WebhookDelivery.objects.filter(created_at__lt=old).exclude(state=State.QUEUED).delete()
    return removed
