"""Accounts are managed by those who may, and their tokens are written only."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from blog.models import SharingAccount
from cms.delivery.webhooks.signing import new_secret
from cms.sharing import secrets
from tests.blog.staff import hire
from tests.mastodon_server import TOKEN

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Darkroom",
    "connector": "mastodon",
    "address": "https://example.social",
    "token": TOKEN,
    "visibility": "public",
    "is_active": "on",
}


@pytest.fixture
def account(db: None) -> SharingAccount:
    return SharingAccount.objects.create(
        name="Darkroom", connector="mastodon", address="https://example.social", secret=secrets.lock(TOKEN)
    )


def save(client: Client, account: SharingAccount | None = None, **values: str):
    url = reverse("sharing_accounts:edit", args=[account.pk]) if account else reverse("sharing_accounts:add")
    return client.post(url, FORM | values)


def test_token_is_kept_encrypted_and_never_shown(admin_client: Client) -> None:
    assert save(admin_client).status_code == 302
    account = SharingAccount.objects.get()
    assert secrets.unlock(account.secret) == TOKEN
    for name, args in (("edit", [account.pk]), ("index", []), ("history", [account.pk])):
        response = admin_client.get(reverse(f"sharing_accounts:{name}", args=args))
        assert response.status_code == 200
        assert TOKEN not in response.text
        assert account.secret not in response.text


def test_token_stays_when_none_is_entered(admin_client: Client, account: SharingAccount) -> None:
    save(admin_client, account, token="", name="Other")
    account.refresh_from_db()
    assert (account.name, secrets.unlock(account.secret)) == ("Other", TOKEN)


@pytest.mark.parametrize("changed", [{"address": "https://evil.example"}, {"connector": "webhook"}])
def test_token_is_sent_to_no_other_server(admin_client: Client, account: SharingAccount, changed) -> None:
    response = save(admin_client, account, token="", **changed)
    assert "Enter the token again" in response.text
    account.refresh_from_db()
    assert account.address == "https://example.social"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"token": ""}, "Enter it."),
        ({"token": "two words"}, "no access token"),
        ({"token": "line\x0bbreak"}, "no access token"),
        ({"connector": "webhook", "token": "short"}, "24 to 64 bytes"),
        ({"connector": "none"}, "Select a valid choice"),
        ({"address": "http://example.social"}, "Use https://"),
        ({"address": "https://user:password@example.social"}, "no name and no password"),
        ({"address": "ftp://example.social"}, "no name and no password"),
    ],
)
def test_what_can_not_work_is_refused_with_what_to_do(admin_client: Client, values, told: str) -> None:
    response = save(admin_client, **values)
    assert told in response.text
    assert not SharingAccount.objects.exists()


def test_webhook_takes_a_secret_as_webhooks_have(admin_client: Client) -> None:
    assert save(admin_client, connector="webhook", token=new_secret()).status_code == 302


def test_server_inside_may_be_asked_by_http_where_an_operator_has_named_it(admin_client: Client, settings) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["10.0.0.0/8", "mastodon.internal"]
    assert save(admin_client, address="http://10.1.2.3").status_code == 302
    assert save(admin_client, address="http://mastodon.internal", name="Two").status_code == 302
    assert "Use https://" in save(admin_client, address="http://example.social", name="Three").text


def test_account_that_is_switched_on_again_begins_anew(admin_client: Client, account: SharingAccount) -> None:
    SharingAccount.objects.update(is_active=False, notice="Make a new token.")
    save(admin_client, account, token=TOKEN)
    account.refresh_from_db()
    assert (account.is_active, account.notice) == (True, "")


def test_editor_may_not_look_after_accounts(client: Client, account: SharingAccount) -> None:
    editor = hire("Editor")
    client.force_login(editor)
    for name, args in (("index", []), ("add", []), ("edit", [account.pk]), ("delete", [account.pk])):
        assert client.get(reverse(f"sharing_accounts:{name}", args=args)).status_code in (302, 403)
    save(client, account, name="Mine", token="")
    account.refresh_from_db()
    assert account.name == "Darkroom"


def test_permission_can_be_given(client: Client, account: SharingAccount) -> None:
    editor = hire("Editor")
    editor.user_permissions.add(Permission.objects.get(codename="change_sharingaccount"))
    client.force_login(editor)
    assert client.get(reverse("sharing_accounts:edit", args=[account.pk])).status_code == 200
