"""Who guesses passwords waits; the owner of the account gets in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cms.models import User
from cms.tasks import forget_login_attempts_task

pytestmark = pytest.mark.django_db

PASSWORD = "selenium toner"
WRONG = "guess"
STRANGER, HOME = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def ada(settings: Any) -> User:
    settings.LOGIN_TRIES, settings.LOGIN_TRIES_OF_ADDRESS, settings.LOGIN_TRIES_OF_ACCOUNT = 3, 6, 8
    settings.AXES_FAILURE_LIMIT = 3
    return User.objects.create_superuser("ada", "ada@example.org", PASSWORD)


def log_in(name: str = "ada", password: str = WRONG, address: str = STRANGER, client: Client | None = None) -> Any:
    return (client or Client()).post(
        "/admin/login/", {"username": name, "password": password, "next": "/admin/"}, REMOTE_ADDR=address
    )


def is_locked(response: Any) -> bool:
    return response.status_code == 429


def test_account_is_closed_to_an_address_after_some_wrong_passwords():
    assert [log_in().status_code for _ in range(2)] == [200, 200]
    response = log_in()

    assert is_locked(response)
    assert 0 < int(response["Retry-After"]) <= 15 * 60
    assert "Try again in 15 minutes." in response.content.decode()
    assert is_locked(log_in(password=PASSWORD)), "the right one isn't told from a wrong one"


def test_owner_logs_in_from_another_address_meanwhile():
    for _ in range(5):
        log_in()

    assert log_in(password=PASSWORD, address=HOME).status_code == 302


def test_name_that_nobody_has_is_answered_as_one_that_somebody_has():
    def answers(name: str) -> list[tuple[int, str]]:
        responses = [log_in(name) for _ in range(4)]
        AccessAttempt.objects.all().delete()
        main = re.compile("<main.*</main>", re.S)
        own = re.compile(r'(?:name="csrfmiddlewaretoken" )?value="[^"]*"')
        return [(one.status_code, own.sub("", main.findall(one.content.decode())[0])) for one in responses]

    assert answers("ada") == answers("nobody")


def test_address_that_tries_many_accounts_is_closed_out():
    for number in range(6):
        log_in(f"user-{number}")

    assert is_locked(log_in("ada", PASSWORD))
    assert log_in(password=PASSWORD, address=HOME).status_code == 302


def test_many_addresses_close_an_account_but_not_to_a_browser_that_it_knows():
    known = Client()
    assert log_in(password=PASSWORD, address=HOME, client=known).status_code == 302
    known.post("/admin/logout/")
    for number in range(8):
        log_in(address=f"198.51.100.{number}")

    assert is_locked(log_in(password=PASSWORD, address="192.0.2.1"))
    assert log_in(password=PASSWORD, address=HOME, client=known).status_code == 302


def test_cookie_of_a_known_browser_helps_with_no_other_account():
    known = Client()
    User.objects.create_superuser("eve", "eve@example.org", PASSWORD)
    log_in("eve", PASSWORD, address=HOME, client=known)
    for number in range(8):
        log_in(address=f"198.51.100.{number}")

    assert is_locked(log_in(password=PASSWORD, address=HOME, client=known))


def test_lock_ends_by_itself_and_trying_on_does_not_put_it_off():
    for _ in range(3):
        log_in()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert is_locked(log_in())
    assert int(log_in()["Retry-After"]) <= 60

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(password=PASSWORD).status_code == 302


def test_operator_lets_somebody_in_sooner():
    for _ in range(3):
        log_in()
    call_command("unlock", "ada")

    assert log_in(password=PASSWORD).status_code == 302


def test_address_is_the_one_that_the_trusted_proxy_saw(settings: Any):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"TRUSTED_PROXIES": 1}
    for number in range(3):
        Client().post(
            "/admin/login/",
            {"username": "ada", "password": "guess"},
            headers={"x-forwarded-for": f"10.0.0.{number}, {STRANGER}"},
            REMOTE_ADDR="127.0.0.1",
        )

    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == [STRANGER]


def test_no_password_is_kept_and_attempts_are_forgotten_when_they_count_no_more():
    log_in(password="a secret of mine")
    [attempt] = AccessAttempt.objects.all()
    assert "a secret of mine" not in str(vars(attempt))

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    forget_login_attempts_task()
    assert not AccessAttempt.objects.exists()
