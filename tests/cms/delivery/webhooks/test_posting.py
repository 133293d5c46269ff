"""One request to a receiver."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from cms.delivery.webhooks.posting import ANSWER_BYTES, KEPT_CHARACTERS, post, retry_after
from tests.cms.delivery.servers import Receiver, Told


def test_redirect_is_not_followed(receiver: Receiver):
    receiver.answers = [Told(302, headers={"Location": f"{receiver.url}/elsewhere"})]
    answer = post(receiver.url, b"{}", {})
    assert answer.status == 302
    assert "isn't followed" in answer.error
    assert len(receiver.asked) == 1


def test_private_address_is_not_asked(receiver: Receiver, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = []
    answer = post(receiver.url, b"{}", {})
    assert answer.status is None
    assert "WEBHOOK_ALLOWED_HOSTS" in answer.error
    assert receiver.asked == []


def test_hosts_that_files_may_come_from_are_no_receivers(receiver: Receiver, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = []
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "IMPORT_ALLOWED_HOSTS": ["127.0.0.0/8"]}
    assert post(receiver.url, b"{}", {}).error
    assert receiver.asked == []


def test_host_is_allowed_by_its_name(receiver: Receiver, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = ["LocalHost"]
    assert post(f"http://localhost:{receiver.port}/", b"{}", {}).error == ""


def test_long_answer_is_read_as_far_as_the_limit(receiver: Receiver):
    receiver.answers = [Told(200, b"x" * (ANSWER_BYTES * 40))]
    answer = post(receiver.url, b"{}", {})
    assert (answer.error, answer.text) == ("", "x" * KEPT_CHARACTERS)


def test_answer_with_bytes_that_no_database_takes_is_kept_without_them(receiver: Receiver):
    receiver.answers = [Told(200, b"a\x00b\xff")]
    assert post(receiver.url, b"{}", {}).text == "ab\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("raw", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n", b"\x00" * 5000])
def test_what_is_no_http_is_told_as_such(receiver: Receiver, raw: bytes):
    receiver.answers = [Told(raw=raw)]
    answer = post(receiver.url, b"{}", {})
    assert answer.status is None
    assert "no HTTP" in answer.error


def test_name_that_nobody_has_is_told(settings):
    assert "There is no server" in post("https://nobody.invalid/", b"{}", {}).error


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://user:secret@example.org/", "https:///", "banana"])
def test_what_is_no_address_of_a_server_is_told(url: str):
    assert "no address" in post(url, b"{}", {}).error


def test_wait_is_read_in_seconds_and_as_a_date():
    assert retry_after("120") == timedelta(minutes=2)
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(minutes=5)))
    assert soon is not None
    assert timedelta(minutes=4) < soon <= timedelta(minutes=5)
    assert retry_after("9" * 50) == timedelta(days=1)


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "Mon, 99 Foo 2026", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_wait_that_says_nothing_is_ignored(value: str | None):
    assert retry_after(value) is None
