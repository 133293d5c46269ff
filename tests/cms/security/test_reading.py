"""How often anybody may read the API."""

from typing import Any

import pytest
from django.test import Client

from blog.models import BlogIndexPage
from cms.security import reading
from media_library.statistics.throttle import Throttle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_throttle", Throttle())


def codes(client: Client, times: int, **more: Any) -> list[int]:
    # Each another query, so that the response cache has none of them.
    return [client.get(f"/api/v2/pages/?limit={number + 1}", **more).status_code for number in range(times)]


def test_address_that_reads_too_much_waits_and_others_do_not(client: Client, blog: BlogIndexPage, settings: Any):
    settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 2
    assert codes(client, 3) == [200, 200, 429]
    refused = client.get("/api/v2/images/?limit=7")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 61
    assert codes(client, 1, REMOTE_ADDR="203.0.113.9") == [200]


def test_no_limit_behind_a_cdn(client: Client, blog: BlogIndexPage, settings: Any):
    settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 0
    assert set(codes(client, 5)) == {200}


def test_password_is_not_taken_outside_of_the_login(client: Client, blog: BlogIndexPage, admin_user: Any):
    response = client.get("/api/v2/pages/", headers={"authorization": "Basic YWRtaW46Z3Vlc3M="})
    assert response.status_code == 200
