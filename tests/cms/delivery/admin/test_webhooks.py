"""Webhooks are managed by those who may, and what was sent to them can be seen and sent again."""

import html
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.delivery.events import Event
from cms.delivery.models import State, Webhook, WebhookDelivery
from cms.delivery.webhooks import tasks
from cms.models import User
from tests.blog.staff import hire

FORM = {"name": "Builder", "url": "https://example.org/hook", "events": [Event.PAGE_PUBLISHED], "is_active": "on"}


@pytest.fixture
def webhook(db: None) -> Webhook:
    return Webhook.objects.create(name="Builder", url="https://example.org/hook", events=Event.values)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(tasks.send_webhooks_task, "delay", ids.append)
    return ids


def delivery_of(webhook: Webhook, **facts) -> WebhookDelivery:
    return WebhookDelivery.objects.create(
        webhook=webhook, **{"event": Event.PAGE_PUBLISHED, "payload": {"event": "page.published"}, **facts}
    )


def test_new_webhook_shows_its_secret(admin_client: Client):
    response = admin_client.post(reverse("webhooks:add"), FORM, follow=True)
    webhook = Webhook.objects.get()
    assert webhook.events == ["page.published"]
    assert html.escape(webhook.secret) in response.content.decode()
    assert webhook.secret.startswith("whsec_")
    assert "no-store" in response["Cache-Control"]


def test_secret_stands_on_its_own_page_only(admin_client: Client, webhook: Webhook):
    for url in (reverse("webhooks:index"), reverse("webhooks:edit", args=[webhook.pk])):
        assert webhook.secret not in html.unescape(admin_client.get(url).content.decode())


def test_new_secret_keeps_the_former_one_for_a_day(admin_client: Client, webhook: Webhook):
    old = webhook.secret
    admin_client.post(reverse("webhooks:secret", args=[webhook.pk]))
    webhook.refresh_from_db()
    assert webhook.secret != old
    assert webhook.former_secret == old
    assert timedelta(hours=23) < webhook.former_secret_until - timezone.now() < timedelta(hours=25)


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://user:password@example.org/", "nonsense"])
def test_address_that_cannot_be_sent_to_is_refused(admin_client: Client, url: str):
    response = admin_client.post(reverse("webhooks:add"), FORM | {"url": url})
    assert response.status_code == 200
    assert not Webhook.objects.exists()


def test_webhook_without_any_event_is_refused(admin_client: Client):
    admin_client.post(reverse("webhooks:add"), FORM | {"events": []})
    assert not Webhook.objects.exists()


def test_webhook_that_is_switched_on_again_begins_anew(admin_client: Client, webhook: Webhook):
    long_ago = timezone.now() - timedelta(days=9)
    Webhook.objects.update(is_active=False, notice="Off.", failing_since=long_ago, failures=40)
    admin_client.post(reverse("webhooks:edit", args=[webhook.pk]), FORM)
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.notice, webhook.failing_since, webhook.failures) == (True, "", None, 0)


def test_webhook_that_fails_is_shown_as_failing(admin_client: Client, webhook: Webhook):
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=1))
    assert "Failing" in admin_client.get(reverse("webhooks:index")).content.decode()


def test_test_message_is_sent_to_one_that_is_switched_off_as_well(
    admin_client: Client, webhook: Webhook, sent: list[int], django_capture_on_commit_callbacks
):
    Webhook.objects.update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(reverse("webhooks:test", args=[webhook.pk]))
    delivery = WebhookDelivery.objects.get()
    assert response.url == reverse("delivery_webhook_delivery", args=[delivery.pk])
    assert sent == [webhook.pk]
    assert delivery.event == "webhook.test"


def test_log_is_filtered_by_state_and_event(admin_client: Client, webhook: Webhook):
    delivery_of(webhook, state=State.FAILED, error="They are asleep.")
    delivery_of(webhook, state=State.DONE, event=Event.ASSET_READY, error="Nothing to see.")
    log = reverse("delivery_webhook_log")
    shown = admin_client.get(log, {"state": "failed"}).content.decode()
    assert "They are asleep." in shown
    assert "Nothing to see." not in shown
    shown = admin_client.get(log, {"event": "asset.ready"}).content.decode()
    assert "Nothing to see." in shown
    assert "They are asleep." not in shown


def test_log_takes_the_same_queries_for_many(
    admin_client: Client, webhook: Webhook, django_assert_max_num_queries, django_assert_num_queries
):
    delivery_of(webhook)
    log = reverse("delivery_webhook_log")
    admin_client.get(log)
    with django_assert_max_num_queries(40) as few:
        admin_client.get(log)
    for _each in range(20):
        delivery_of(webhook)
    with django_assert_num_queries(len(few)):
        admin_client.get(log)


def test_delivery_shows_what_was_sent_and_answered(admin_client: Client, webhook: Webhook):
    delivery = delivery_of(
        webhook,
        state=State.DONE,
        status_code=200,
        answer="<script>alert(1)</script>",
        headers={"webhook-signature": "v1,abc="},
        sent_at=timezone.now(),
    )
    page = admin_client.get(reverse("delivery_webhook_delivery", args=[delivery.pk])).content.decode()
    assert "webhook-signature: v1,abc=" in page
    assert html.escape('"event": "page.published"') in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_delivery_is_sent_again_with_its_id(
    admin_client: Client, webhook: Webhook, sent: list[int], django_capture_on_commit_callbacks
):
    delivery = delivery_of(webhook, state=State.FAILED, attempts=10, finished_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("delivery_webhook_again", args=[delivery.pk]))
    again = WebhookDelivery.objects.get()
    assert (again.state, again.attempts, again.event_id) == (State.QUEUED, 0, delivery.event_id)
    assert sent == [webhook.pk]


def test_failed_ones_that_the_log_shows_are_sent_again_at_once(
    admin_client: Client, webhook: Webhook, sent: list[int], django_capture_on_commit_callbacks
):
    other = Webhook.objects.create(name="Other", url="https://example.org/", events=[])
    for state in (State.FAILED, State.FAILED, State.DONE):
        delivery_of(webhook, state=state)
    kept = delivery_of(other, state=State.FAILED)
    url = f"{reverse('delivery_webhook_again_all')}?webhook={webhook.pk}"
    assert "2 messages have failed" in admin_client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(url)
    assert WebhookDelivery.objects.filter(state=State.QUEUED).count() == 2
    assert WebhookDelivery.objects.get(pk=kept.pk).state == State.FAILED
    assert sent == [webhook.pk]


@pytest.mark.parametrize("url", ["again_all?webhook=999999", "again_all?state=nonsense"])
def test_filter_that_makes_no_sense_sends_nothing(admin_client: Client, webhook: Webhook, sent: list[int], url: str):
    delivery_of(webhook, state=State.FAILED)
    name, _mark, query = url.partition("?")
    admin_client.post(f"{reverse(f'delivery_webhook_{name}')}?{query}")
    assert sent == []


def test_whoever_may_not_change_webhooks_sees_and_does_nothing(client: Client, webhook: Webhook):
    editor = User.objects.create_user("eve", "eve@example.org", "a long password")
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(editor)
    delivery = delivery_of(webhook)
    gets = [
        reverse("webhooks:index"),
        reverse("webhooks:edit", args=[webhook.pk]),
        reverse("webhooks:secret", args=[webhook.pk]),
        reverse("delivery_webhook_log"),
        reverse("delivery_webhook_log_results"),
        reverse("delivery_webhook_delivery", args=[delivery.pk]),
        reverse("delivery_webhook_again_all"),
    ]
    posts = [
        reverse("webhooks:test", args=[webhook.pk]),
        reverse("webhooks:secret", args=[webhook.pk]),
        reverse("delivery_webhook_again", args=[delivery.pk]),
        reverse("delivery_webhook_again_all"),
    ]
    answers = [client.get(url) for url in gets] + [client.post(url) for url in posts]
    # Wagtail leads whoever has no permission back to the first page.
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, reverse("wagtailadmin_home"))}
    assert webhook.secret == Webhook.objects.get().secret


def test_admins_of_the_newsroom_manage_webhooks_and_editors_do_not(client: Client, webhook: Webhook):
    client.force_login(hire("Admin"))
    assert client.get(reverse("webhooks:edit", args=[webhook.pk])).status_code == 200
    assert client.get(reverse("delivery_purges")).status_code == 200
    client.force_login(hire("Editor"))
    assert client.get(reverse("webhooks:edit", args=[webhook.pk])).status_code == 302
    assert client.get(reverse("delivery_purges")).status_code == 302
