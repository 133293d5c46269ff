"""A forgotten password: nobody learns by it who has an account, and nobody is flooded with letters."""

import uuid
from typing import Any

import pytest
from django.test import Client

from cms.models import User
from cms.security.login import password_reset
from cms.security.login.password_reset import PasswordLetterForm
from cms.tasks import send_password_reset_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the broker was given."""
    told: list[Any] = []
    monkeypatch.setattr(
        password_reset.current_app, "send_task", lambda name, arguments, queue: told.append((name, *arguments))
    )
    User.objects.create_superuser("ada", "ada@example.org", "selenium toner")
    return told


def ask(email: str, address: str | None = None) -> Any:
    # A fresh address, so that what other tests asked for isn't held against this one.
    return Client().post("/admin/password_reset/", {"email": email}, REMOTE_ADDR=address or uuid.uuid4().hex)


def test_letter_is_written_by_a_worker_and_leads_to_this_server(sent: list, mailoutbox: list, settings: Any):
    settings.WAGTAILADMIN_BASE_URL = "https://cms.example.org"
    response = Client().post("/admin/password_reset/", {"email": "ada@example.org"}, headers={"host": "evil.example"})
    assert response.status_code == 302
    assert mailoutbox == []

    [(name, address)] = sent
    assert name == send_password_reset_task.name
    send_password_reset_task(address)
    assert mailoutbox[0].to == ["ada@example.org"]
    assert "https://cms.example.org/admin/password_reset/confirm/" in mailoutbox[0].body
    assert "evil" not in mailoutbox[0].body


def test_address_that_nobody_has_is_answered_alike_and_gets_no_letter(sent: list, mailoutbox: list):
    known, unknown = ask("ada@example.org"), ask("nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])

    send_password_reset_task("nobody@example.org")
    assert mailoutbox == []


def test_account_gets_a_few_letters_an_hour_and_nobody_is_told_of_the_end(sent: list):
    email = f"{uuid.uuid4().hex}@example.org"
    assert [ask(email).status_code for _ in range(5)] == [302] * 5
    assert len(sent) == 3


def test_address_that_asks_for_many_waits(sent: list, settings: Any):
    settings.LOGIN_TRIES_OF_ADDRESS = 2
    address = uuid.uuid4().hex
    codes = [ask(f"{number}@example.org", address).status_code for number in range(3)]
    assert codes == [302, 302, 429]
    assert int(ask("ada@example.org", address)["Retry-After"]) > 0


def test_letter_is_sent_at_once_where_there_is_no_broker(monkeypatch: pytest.MonkeyPatch, mailoutbox: list):
    def fail(*args: Any, **options: Any) -> None:
        raise password_reset.OperationalError

    monkeypatch.setattr(password_reset.current_app, "send_task", fail)
    form = PasswordLetterForm({"email": "ada@example.org"})
    assert form.is_valid()
    form.save()
    assert len(mailoutbox) == 1
