"""The button that asks whether posting to an account would work: it says what is wrong, and changes nothing."""

from html import unescape
from threading import Event
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import SharingAccount
from cms.delivery.webhooks import posting, signing
from cms.sharing import mastodon, secrets
from cms.sharing.admin import testing
from media_library.statistics.shared_throttle import SharedThrottle
from tests.blog.staff import hire
from tests.cms.delivery.servers import Told
from tests.mastodon_server import TOKEN, Mastodon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def untested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has tested anything yet."""
    monkeypatch.setattr(testing, "_throttle", SharedThrottle(f"sharing-tests-{uuid4()}", 86_400))


def told(client: Client, account: SharingAccount) -> tuple[str, str]:
    """The level of the message, and its text."""
    response = client.post(reverse("sharing_accounts:test", args=[account.pk]), follow=True)
    (message,) = response.context["messages"]
    assert TOKEN not in response.text
    return message.level_tag, unescape(str(message)).strip()


def test_account_is_named_and_nothing_is_posted(
    admin_client: Client, account: SharingAccount, server: Mastodon
) -> None:
    assert told(admin_client, account) == (
        "success",
        "The server takes the token. Posts appear as those of @darkroom.",
    )
    assert [one.method for one in server.receiver.asked] == ["GET", "GET"]


def test_token_that_may_do_no_more_than_post_is_well(
    admin_client: Client, account: SharingAccount, server: Mastodon
) -> None:
    server.scopes = ["write:statuses", "write:media"]
    level, text = told(admin_client, account)
    assert level == "success"
    assert "outside the authorized scopes" in text


@pytest.mark.parametrize("scopes", [["read"], ["push"], ["profile", "write:statuses"]])
def test_token_that_may_not_post_is_found_out(
    admin_client: Client, account: SharingAccount, server: Mastodon, scopes: list[str]
) -> None:
    server.scopes = scopes
    level, text = told(admin_client, account)
    assert level == "error"
    assert "Make a new one with write:statuses, write:media" in text


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Told(503), "status 503. Test it again later; if it stays so, ask whoever runs that server."),
        (Told(429, b"{}", {"Retry-After": "60"}), "asks to wait"),
        (Told(404, b"<html>"), "There is no Mastodon at this address."),
        (Told(200, b"<html>Welcome</html>"), "What answers there is no Mastodon."),
        (Told(200, b'{"id": "1", "acct": ["x"]}'), "What answers there is no Mastodon."),
        (Told(200, b'{"id": "1", "acct": "' + b"x" * 5_000_000 + b'"}'), "What answers there is no Mastodon."),
        (Told(302, b"", {"Location": "http://10.0.0.1/"}), "which isn't followed: http://10.0.0.1/"),
        (Told(raw=b"\x00\xff nonsense"), "what it answers is no HTTP. Check host and port."),
    ],
    ids=["503", "429", "404", "html", "another shape", "megabytes", "redirect", "no http"],
)
def test_wrong_server_is_told_with_what_to_do(
    admin_client: Client, account: SharingAccount, server: Mastodon, answer: Told, what: str
) -> None:
    server.next = [answer]
    level, text = told(admin_client, account)
    assert level == "error"
    assert what in text
    assert len(text) < 400


def test_revoked_token_is_told_and_pauses_nothing(
    admin_client: Client, account: SharingAccount, server: Mastodon
) -> None:
    server.tokens = set()
    level, text = told(admin_client, account)
    assert (level, "Make a new one there, and enter it." in text) == ("error", True)
    assert SharingAccount.objects.get().is_active


def test_slow_server_is_waited_for_no_longer_than_a_test_takes(
    admin_client: Client, account: SharingAccount, server: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon, "TEST_SECONDS", 0.3)
    forever = Event()
    server.next = [Told(wait=forever)]
    try:
        level, text = told(admin_client, account)
    finally:
        forever.set()
    assert level == "error"
    assert "has not answered within 0.3 seconds. Test it again later" in text


def test_private_network_is_not_asked(
    admin_client: Client, account: SharingAccount, server: Mastodon, settings
) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = []
    level, text = told(admin_client, account)
    assert (level, "private network. An operator can allow that" in text) == ("error", True)
    assert server.receiver.asked == []


def test_unknown_host_is_told(admin_client: Client, account: SharingAccount) -> None:
    SharingAccount.objects.update(address="https://nowhere.invalid")
    assert told(admin_client, account) == (
        "error",
        "There is no server named “nowhere.invalid”. Check the address.",
    )


def test_name_that_a_hostile_server_gives_is_text(
    admin_client: Client, account: SharingAccount, server: Mastodon
) -> None:
    server.name = "<script>alert(1)</script>"
    response = admin_client.post(reverse("sharing_accounts:test", args=[account.pk]), follow=True)
    assert "@&lt;script&gt;alert(1)" in response.text
    assert "@<script>" not in response.text


def test_webhook_gets_a_signed_ping(admin_client: Client, account: SharingAccount, server: Mastodon) -> None:
    secret = signing.new_secret()
    server.receiver.answers = [Told(204, b"")]
    SharingAccount.objects.update(connector="webhook", secret=secrets.lock(secret))
    assert told(admin_client, account) == ("success", "The receiver has taken a signed “ping” (204).")
    (asked,) = server.receiver.asked
    assert asked.json == {"id": asked.headers["webhook-id"], "event": "ping", "account": "Darkroom"}
    stamp = int(asked.headers["webhook-timestamp"])
    expected = signing.sign(asked.headers["webhook-id"], stamp, asked.body, secret)
    assert asked.headers["webhook-signature"] == expected


@pytest.mark.parametrize(
    ("status", "what"), [(401, "Check the secret."), (404, "status 404"), (500, "Test it again later")]
)
def test_webhook_that_refuses_is_told(
    admin_client: Client, account: SharingAccount, server: Mastodon, status: int, what: str
) -> None:
    server.receiver.answers = [Told(status, b"x" * (4 * posting.ANSWER_BYTES))]
    SharingAccount.objects.update(connector="webhook", secret=secrets.lock(signing.new_secret()))
    level, text = told(admin_client, account)
    assert (level, what in text) == ("error", True)


def test_token_of_another_secret_key_is_told(admin_client: Client, account: SharingAccount, settings) -> None:
    SharingAccount.objects.update(secret="of another key")
    level, text = told(admin_client, account)
    assert (level, "Enter the token again." in text) == ("error", True)


def test_connector_that_nobody_has_any_more_is_told(admin_client: Client, account: SharingAccount) -> None:
    SharingAccount.objects.update(connector="carrier_pigeon")
    level, text = told(admin_client, account)
    assert (level, "no connector named “carrier_pigeon”" in text) == ("error", True)


def test_paused_account_that_works_says_how_it_goes_on(admin_client: Client, account: SharingAccount) -> None:
    SharingAccount.objects.update(is_active=False)
    level, text = told(admin_client, account)
    assert (level, "It is paused: make it active to post again." in text) == ("success", True)


def test_tests_are_few_in_a_minute(admin_client: Client, account: SharingAccount, server: Mastodon) -> None:
    for _each in range(testing.PER_MINUTE):
        assert told(admin_client, account)[0] == "success"
    asked = len(server.receiver.asked)
    assert told(admin_client, account) == ("warning", "That were many tests. Wait a minute, then test it again.")
    assert len(server.receiver.asked) == asked


def test_only_who_may_change_accounts_may_test_them(client: Client, account: SharingAccount, server: Mastodon) -> None:
    client.force_login(hire("Editor"))
    response = client.post(reverse("sharing_accounts:test", args=[account.pk]))
    assert response.status_code in (302, 403)
    assert server.receiver.asked == []


def test_page_of_an_account_has_the_button(admin_client: Client, account: SharingAccount) -> None:
    page = admin_client.get(reverse("sharing_accounts:edit", args=[account.pk])).text
    assert f'action="{reverse("sharing_accounts:test", args=[account.pk])}"' in page
    assert "Test this account" in page
