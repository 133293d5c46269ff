"""What changes is told to receivers: once each, signed, again where it didn't arrive, and never for long."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.delivery.changes import announce, tell
from cms.delivery.events import Event
from cms.delivery.models import Change, State, Webhook, WebhookDelivery
from cms.delivery.sending import MAX_ATTEMPTS
from cms.delivery.webhooks import line, posting
from cms.delivery.webhooks.tasks import send_webhooks_task, tend_webhooks_task
from cms.models import User
from tests.cms.delivery.servers import Receiver, Told, receiving

pytestmark = pytest.mark.django_db

SUBJECT = {"type": "blog.PostPage", "id": 7, "title": "Harbour", "urls": ["https://example.org/harbour/"]}


@pytest.fixture
def webhook(receiver: Receiver) -> Webhook:
    return Webhook.objects.create(name="Builder", url=f"{receiver.url}/hook", events=Event.values)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The webhooks for which workers were sent for."""
    ids: list[int] = []
    monkeypatch.setattr(send_webhooks_task, "delay", ids.append)
    return ids


@pytest.fixture
def publish(sent: list[int], django_capture_on_commit_callbacks) -> Callable[..., None]:
    def run(number: int = 1, event: str = Event.PAGE_PUBLISHED) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for _each in range(number):
                announce(["page-7"], event, SUBJECT)

    return run


def pass_time(by: timedelta = timedelta(days=1)) -> None:
    for row in WebhookDelivery.objects.exclude(next_attempt_at=None):
        row.next_attempt_at -= by
        row.save()
    Webhook.objects.exclude(not_before=None).update(not_before=timezone.now())


def test_receiver_is_told_what_has_changed(webhook: Webhook, receiver: Receiver, publish, sent: list[int]):
    publish()
    assert sent == [webhook.pk]
    send_webhooks_task(webhook.pk)
    (asked,) = receiver.asked
    delivery = WebhookDelivery.objects.get()
    assert (asked.method, asked.path, asked.headers["content-type"]) == ("POST", "/hook", "application/json")
    assert asked.headers["webhook-id"] == str(delivery.event_id)
    body = asked.json
    assert body.pop("created")
    assert body == {
        "id": str(delivery.event_id),
        "event": "page.published",
        "subject": SUBJECT,
        "urls": ["https://example.org/harbour/"],
        "tags": ["page-7"],
    }
    assert (delivery.state, delivery.status_code, delivery.attempts) == (State.DONE, 200, 1)
    assert not Change.objects.exists()


def test_receiver_is_told_only_of_events_it_has_chosen(webhook: Webhook, receiver: Receiver, publish):
    Webhook.objects.update(events=[Event.ASSET_READY])
    publish()
    assert not WebhookDelivery.objects.exists()


def test_receiver_that_is_switched_off_is_told_nothing(webhook: Webhook, publish):
    Webhook.objects.update(is_active=False)
    publish()
    assert not WebhookDelivery.objects.exists()


def test_change_for_caches_alone_is_told_to_no_receiver(webhook: Webhook, publish):
    publish(event="")
    assert not WebhookDelivery.objects.exists()


def test_change_that_two_processes_tell_is_told_once(webhook: Webhook, sent: list[int]):
    announce(["page-7"], Event.PAGE_MOVED, SUBJECT)
    changes = list(Change.objects.all())
    tell(changes)
    tell(changes)
    assert WebhookDelivery.objects.count() == 1


def test_all_receivers_get_the_same_id(webhook: Webhook, publish):
    Webhook.objects.create(name="Other", url=webhook.url, events=Event.values)
    publish()
    assert WebhookDelivery.objects.count() == 2
    assert len(set(WebhookDelivery.objects.values_list("event_id", flat=True))) == 1


def test_events_come_in_order(webhook: Webhook, receiver: Receiver, publish):
    publish(5)
    send_webhooks_task(webhook.pk)
    ids = [str(one) for one in WebhookDelivery.objects.order_by("pk").values_list("event_id", flat=True)]
    assert [asked.headers["webhook-id"] for asked in receiver.asked] == ids


def test_what_fails_comes_again_with_the_same_id_and_a_new_time(webhook: Webhook, receiver: Receiver, publish):
    receiver.answers = [Told(500, b"out of order"), Told()]
    publish()
    began = timezone.now()
    send_webhooks_task(webhook.pk)
    ended = timezone.now()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.answer) == (State.QUEUED, 500, "out of order")
    assert "status 500" in delivery.error
    assert began + timedelta(seconds=3) < delivery.next_attempt_at < ended + timedelta(seconds=6)
    pass_time(-timedelta(hours=1))
    send_webhooks_task(webhook.pk)
    assert len(receiver.asked) == 1, "its time has not come"
    pass_time()
    send_webhooks_task(webhook.pk)
    first, second = receiver.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == (State.DONE, 2, "")


def test_waits_grow_to_about_a_day_in_all_and_then_it_has_failed(webhook: Webhook, receiver: Receiver, publish):
    receiver.answers = [Told(503)]
    publish()
    waits = []
    while (delivery := WebhookDelivery.objects.get()).state == State.QUEUED:
        send_webhooks_task(webhook.pk)
        delivery.refresh_from_db()
        if delivery.next_attempt_at:
            waits.append(delivery.next_attempt_at - timezone.now())
        pass_time()
    assert (delivery.state, delivery.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert waits == sorted(waits)
    assert timedelta(hours=18) < sum(waits, timedelta()) < timedelta(hours=27)


def test_receiver_that_says_when_to_come_again_is_heeded(webhook: Webhook, receiver: Receiver, publish):
    receiver.answers = [Told(429, headers={"Retry-After": "1200"})]
    publish()
    send_webhooks_task(webhook.pk)
    wait = WebhookDelivery.objects.get().next_attempt_at - timezone.now()
    assert timedelta(minutes=19) < wait <= timedelta(minutes=20)


def test_receiver_that_is_gone_is_switched_off(webhook: Webhook, receiver: Receiver, publish):
    receiver.answers = [Told(410)]
    publish()
    send_webhooks_task(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "410" in webhook.notice
    assert WebhookDelivery.objects.get().state == State.FAILED


def test_receiver_that_is_down_gets_everything_once_it_is_back(webhook: Webhook, receiver: Receiver, publish):
    receiver.stop()
    publish(3)
    send_webhooks_task(webhook.pk)
    webhook.refresh_from_db()
    assert webhook.failing_since
    assert WebhookDelivery.objects.filter(attempts=1).count() == 1, "one attempt is enough to see that nobody is there"
    with receiving(receiver.port) as back:
        pass_time()
        send_webhooks_task(webhook.pk)
        assert len({asked.headers["webhook-id"] for asked in back.asked}) == 3
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.failures) == (None, 0)
    assert not WebhookDelivery.objects.exclude(state=State.DONE).exists()


def test_receiver_that_hangs_is_left_when_its_time_is_over(
    webhook: Webhook, receiver: Receiver, publish, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    forever = threading.Event()
    receiver.answers = [Told(wait=forever)]
    publish(3)
    began = time.monotonic()
    send_webhooks_task(webhook.pk)
    lasted = time.monotonic() - began
    forever.set()
    assert len(receiver.asked) == 1
    delivery = WebhookDelivery.objects.get(attempts=1)
    assert "within 0.3 seconds" in delivery.error
    assert 0.3 <= delivery.seconds <= lasted


def test_worker_that_comes_while_another_one_is_sending_leaves_it_alone(webhook: Webhook, receiver: Receiver, publish):
    publish(2)
    Webhook.objects.update(not_before=timezone.now() + timedelta(seconds=30))
    send_webhooks_task(webhook.pk)
    assert receiver.asked == []


def test_what_a_killed_worker_had_claimed_is_sent_when_its_lease_is_over(
    webhook: Webhook, receiver: Receiver, publish, sent: list[int]
):
    publish()
    killed = {"lease": uuid.uuid4(), "attempts": 1, "next_attempt_at": timezone.now() + timedelta(seconds=90)}
    WebhookDelivery.objects.update(**killed)
    Webhook.objects.update(not_before=timezone.now() + timedelta(seconds=90))
    sent.clear()
    tend_webhooks_task()
    assert sent == []
    pass_time(timedelta(seconds=100))
    tend_webhooks_task()
    assert sent == [webhook.pk]
    send_webhooks_task(webhook.pk)
    assert WebhookDelivery.objects.get().state == State.DONE


def test_worker_that_comes_back_after_its_lease_records_nothing(webhook: Webhook, receiver: Receiver, publish):
    publish()

    def answer(asked) -> Told:
        return Told(500)

    def taken_over(url, body, headers):
        WebhookDelivery.objects.update(lease=uuid.uuid4())
        return posting.Answer(500, "", 0.1, "too late")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "post", taken_over)
        send_webhooks_task(webhook.pk)
    assert WebhookDelivery.objects.get().error == ""


def test_what_the_clock_put_off_for_years_is_due(webhook: Webhook, publish, sent: list[int]):
    publish()
    WebhookDelivery.objects.update(next_attempt_at=timezone.now() + timedelta(days=800))
    Webhook.objects.update(not_before=timezone.now() + timedelta(days=800))
    sent.clear()
    tend_webhooks_task()
    assert sent == [webhook.pk]


def test_receiver_that_fails_for_days_is_switched_off_with_a_notice(webhook: Webhook, settings, sent: list[int]):
    settings.WEBHOOK_OFF_AFTER_DAYS = 3
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=2))
    tend_webhooks_task()
    assert Webhook.objects.get().is_active
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    tend_webhooks_task()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "3 days" in webhook.notice


def test_whoever_may_change_it_is_written_to_when_it_is_switched_off(
    webhook: Webhook, settings, sent: list[int], admin_user: User, mailoutbox
):
    settings.WEBHOOK_OFF_AFTER_DAYS = 3
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=4))
    tend_webhooks_task()
    tend_webhooks_task()
    (mail,) = mailoutbox
    assert mail.to == [admin_user.email]
    assert mail.subject == "The webhook “Builder” was switched off"
    assert f"/admin/webhooks/edit/{webhook.pk}/" in mail.body


def test_receiver_is_never_switched_off_where_operators_say_so(webhook: Webhook, settings, sent: list[int]):
    settings.WEBHOOK_OFF_AFTER_DAYS = 0
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=300))
    tend_webhooks_task()
    assert Webhook.objects.get().is_active


def test_old_deliveries_are_forgotten_and_those_under_way_are_not(webhook: Webhook, settings, publish):
    settings.WEBHOOK_KEEP_DAYS = 30
    publish(3)
    old, new, queued = WebhookDelivery.objects.order_by("pk")
    long_ago = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.filter(pk=old.pk).update(state=State.DONE, created_at=long_ago)
    WebhookDelivery.objects.filter(pk=new.pk).update(state=State.DONE)
    WebhookDelivery.objects.filter(pk=queued.pk).update(created_at=long_ago)
    line.forget_old()
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == {new.pk, queued.pk}
