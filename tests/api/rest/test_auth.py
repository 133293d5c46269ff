"""Who asks: tokens, sessions, and nobody in particular."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone
from wagtail.models import APIToken, Collection, CollectionViewRestriction

from cms.models import User
from tests.api.rest.conftest import ApiClient, api_client
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db

URL = "/api/media/"


def code(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_token_acts_for_its_user(admin_user: User) -> None:
    image = make_image()
    response = api_client(admin_user).patch_json(f"{URL}{image.pk}/", {"title": "Quay"})
    assert response.status_code == 200, response.content
    assert response.json()["title"] == "Quay"


def test_an_unknown_token_is_refused_even_where_anybody_may_read() -> None:
    response = ApiClient("wagtail_nonsense").get(URL)
    assert code(response) == (401, "invalid_token")
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_bad_token_is_not_helped_by_a_session(admin_user: User) -> None:
    client = ApiClient("wagtail_nonsense")
    client.force_login(admin_user)
    assert code(client.get(URL)) == (401, "invalid_token")


@pytest.mark.parametrize("header", ["Basic YWRhOnNlY3JldA==", "Bearer", "Bearer ", "Token abc", "Bearer \x00"])
def test_a_header_that_is_none_is_refused(anybody: ApiClient, header: str) -> None:
    assert code(anybody.get(URL, headers={"Authorization": header})) == (401, "invalid_token")


def test_a_revoked_token_is_refused(admin_user: User) -> None:
    client = api_client(admin_user)
    APIToken.objects.update(revoked_at=timezone.now())
    assert code(client.get(URL)) == (401, "invalid_token")


def test_the_token_of_somebody_who_has_left_is_refused(admin_user: User) -> None:
    client = api_client(admin_user)
    User.objects.update(is_active=False)
    assert code(client.get(URL)) == (401, "invalid_token")


@override_settings(MEDIA_LIBRARY={"API_TOKEN_DAYS": 90})
def test_a_token_is_good_for_so_many_days(admin_user: User) -> None:
    client = api_client(admin_user)
    assert client.get(URL).status_code == 200
    APIToken.objects.update(created=timezone.now() - timedelta(days=91))
    assert code(client.get(URL)) == (401, "expired_token")


def test_nobody_may_write_without_saying_who_they_are(anybody: ApiClient) -> None:
    image = make_image()
    response = anybody.patch_json(f"{URL}{image.pk}/", {"title": "Mine"})
    assert code(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"
    image.refresh_from_db()
    assert image.title == "Harbour"


def test_a_session_writes_with_its_csrf_token(anybody: ApiClient, admin_user: User) -> None:
    image = make_image()
    anybody.force_login(admin_user)
    assert code(anybody.patch_json(f"{URL}{image.pk}/", {"title": "Quay"})) == (403, "csrf_failed")
    csrf = "a" * 32
    anybody.cookies["csrftoken"] = csrf
    response = anybody.patch_json(f"{URL}{image.pk}/", {"title": "Quay"}, headers={"X-CSRFToken": csrf})
    assert response.status_code == 200, response.content


def test_anybody_reads_what_is_in_open_folders(anybody: ApiClient, press: Collection) -> None:
    image, closed = make_image(), make_image("Backstage", collection=press)
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    assert [one["id"] for one in anybody.get(URL).json()["items"]] == [image.pk]
    assert code(anybody.get(f"{URL}{closed.pk}/")) == (404, "not_found")


def test_anybody_is_told_nothing_of_what_only_editors_see(anybody: ApiClient) -> None:
    image = make_image()
    assert anybody.get(f"{URL}{image.pk}/").json()["details"] is None


def test_a_writer_sees_the_folders_that_they_work_in(writer_api: ApiClient, press: Collection) -> None:
    make_image("Not theirs")
    image = make_image("Theirs", collection=press)
    assert [one["id"] for one in writer_api.get(URL).json()["items"]] == [image.pk]


def test_what_may_only_be_read_is_not_changed(admin_user: User, press: Collection, grant) -> None:
    image = make_image(collection=press)
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    response = api_client(reader).patch_json(f"{URL}{image.pk}/", {"title": "Mine"})
    assert code(response) == (403, "forbidden")


@override_settings(MEDIA_LIBRARY={"API_REQUESTS_PER_MINUTE": 3})
def test_too_many_requests_are_told_when_to_go_on(anybody: ApiClient) -> None:
    cache.clear()
    answers = [anybody.get(URL) for _ in range(8)]
    assert [one.status_code for one in answers] == [200] * 3 + [429] * 5
    refused = answers[3:]
    assert code(refused[0]) == (429, "too_many_requests")
    assert 0 < int(refused[0]["Retry-After"]) <= 60


@override_settings(MEDIA_LIBRARY={"API_REQUESTS_PER_MINUTE": 3})
def test_each_token_has_its_own_count(admin_user: User) -> None:
    cache.clear()
    one, other = api_client(admin_user), api_client(admin_user)
    assert [one.get(URL).status_code for _ in range(3)] == [200] * 3
    assert other.get(URL).status_code == 200
