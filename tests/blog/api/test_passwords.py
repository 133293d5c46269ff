"""A page behind a shared password opens to a token, and is otherwise nowhere."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from blog.api import passwords
from blog.forms import flood
from blog.models import BlogIndexPage, PostPage
from media_library.statistics.throttle import Throttle
from tests.blog.content import linked, make_post, rich_text_block
from tests.blog.forms.content import make_form

pytestmark = pytest.mark.django_db

PASSWORD = "selenium toner"


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test tries is not held against the next one."""
    monkeypatch.setattr(passwords, "_tries", Throttle(seconds=600))
    monkeypatch.setattr(flood, "_throttle", Throttle())


@pytest.fixture
def secret(blog: BlogIndexPage) -> PostPage:
    post = make_post(blog, title="The merger", slug="merger", summary="Nobody knows yet.")
    protect(post)
    return post


def protect(page: Page, password: str = PASSWORD) -> PageViewRestriction:
    return PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password=password
    )


def give(client: Client, page: Page, password: Any = PASSWORD, **headers: str) -> Any:
    return client.post(
        f"/api/v2/pages/{page.pk}/password/", {"password": password}, content_type="application/json", headers=headers
    )


def token_for(client: Client, page: Page, password: str = PASSWORD, **headers: str) -> str:
    response = give(client, page, password, **headers)
    assert response.status_code == 200, response.content
    return response.json()["token"]


def detail(client: Client, page: Page, token: str = "") -> Any:
    return client.get(f"/api/v2/pages/{page.pk}/", headers={"x-page-token": token} if token else {})


# What is told without the password


def test_who_asks_is_told_that_there_is_a_password_and_no_more(client: Client, secret: PostPage):
    for response in (detail(client, secret), client.get("/api/v2/pages/find/?html_path=/merger/")):
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"
        assert response["Cache-Control"] == "no-store"
        assert response["WWW-Authenticate"] == "Page-Password"
        problem = response.json()
        assert (problem["code"], problem["id"]) == ("password_required", secret.pk)
        assert "merger" not in response.content.decode().lower()


def test_lists_and_searches_leave_it_out_even_with_its_token(client: Client, blog: BlogIndexPage, secret: PostPage):
    other = make_post(blog, 2, body=[rich_text_block(linked(secret))])
    headers = {"x-page-token": token_for(client, secret)}

    for query in ("", "?type=blog.PostPage&fields=*", "?search=merger", f"?child_of={blog.pk}"):
        assert "The merger" not in client.get(f"/api/v2/pages/{query}", headers=headers).content.decode()
    assert "The merger" not in detail(client, other).content.decode()
    assert client.get(f"/api/v3/pages/{secret.pk}/", headers=headers).status_code == 404


def test_what_needs_a_login_too_stays_unknown(client: Client, blog: BlogIndexPage, secret: PostPage):
    PageViewRestriction.objects.create(page=blog, restriction_type=PageViewRestriction.LOGIN)

    assert detail(client, secret).status_code == 404
    assert give(client, secret).status_code == 404


def test_draft_behind_a_password_stays_unknown(client: Client, secret: PostPage):
    token = token_for(client, secret)
    secret.unpublish()

    assert detail(client, secret).status_code == 404
    assert detail(client, secret, token).status_code == 404
    assert give(client, secret).status_code == 404


def test_public_page_has_no_password_to_give(client: Client, blog: BlogIndexPage):
    post = make_post(blog)

    assert give(client, post).status_code == 404
    assert client.post("/api/v2/pages/99999999999999999999/password/", {}).status_code == 404


# The exchange


def test_password_is_exchanged_for_a_token_that_opens_the_page(client: Client, secret: PostPage):
    answer = give(client, secret, origin="https://front.example")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json()["open"] is True
    assert answer.json()["expires"].endswith("Z")
    token = answer.json()["token"]

    by_header = detail(client, secret, token)
    by_query = client.get(f"/api/v2/pages/{secret.pk}/?access_token={token}")
    found = client.get("/api/v2/pages/find/?html_path=/merger/", headers={"x-page-token": token}, follow=True)
    found_by_query = client.get(f"/api/v2/pages/find/?html_path=/merger/&access_token={token}", follow=True)

    for response in (by_header, by_query, found, found_by_query):
        assert response.status_code == 200
        assert response.json()["title"] == "The merger"
        assert response["Cache-Control"] == "private, no-store"
    assert PASSWORD not in token


def test_browsers_may_send_the_token_from_any_page(client: Client, secret: PostPage):
    preflight = {
        "origin": "https://front.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "x-page-token",
    }

    asked = client.options(f"/api/v2/pages/{secret.pk}/", headers=preflight)

    assert "x-page-token" in asked["Access-Control-Allow-Headers"]


def test_pages_below_are_opened_with_it(client: Client, blog: BlogIndexPage):
    protect(blog)
    post = make_post(blog)

    token = token_for(client, post)

    assert detail(client, post).status_code == 401
    assert detail(client, post, token).status_code == 200
    assert detail(client, blog, token).status_code == 200


def test_each_of_two_passwords_is_asked_for(client: Client, blog: BlogIndexPage, secret: PostPage):
    protect(blog, "outer")

    inner = give(client, secret)
    assert inner.json()["open"] is False
    assert detail(client, secret, inner.json()["token"]).status_code == 401
    both = give(client, secret, "outer", **{"x-page-token": inner.json()["token"]})

    assert both.json()["open"] is True
    assert detail(client, secret, both.json()["token"]).status_code == 200


def test_token_opens_no_other_page(client: Client, blog: BlogIndexPage, secret: PostPage):
    other = make_post(blog, 2)
    protect(other)

    assert detail(client, other, token_for(client, secret)).status_code == 401


def test_changed_password_closes_what_the_former_one_opened(client: Client, secret: PostPage):
    token = token_for(client, secret)
    PageViewRestriction.objects.update(password="another")

    assert detail(client, secret, token).status_code == 401
    assert detail(client, secret, token_for(client, secret, "another")).status_code == 200


def test_token_ends(client: Client, secret: PostPage, settings: Any):
    settings.PAGE_PASSWORD_MAX_AGE = 0

    assert detail(client, secret, token_for(client, secret)).status_code == 401


def test_further_password_makes_no_token_last_longer(
    client: Client, blog: BlogIndexPage, secret: PostPage, settings: Any
):
    protect(blog, "outer")
    settings.PAGE_PASSWORD_MAX_AGE = 60
    first = give(client, secret).json()
    settings.PAGE_PASSWORD_MAX_AGE = 6000

    second = give(client, secret, "outer", **{"x-page-token": first["token"]}).json()

    assert second["expires"] == first["expires"]


@pytest.mark.parametrize("token", ["x", "e30:x:y", "ü", "a" * 4000, "null", "\x00"])
def test_forged_token_opens_nothing(client: Client, secret: PostPage, token: str):
    good = token_for(client, secret)
    for forged in (token, good[:-1], good[1:], good.swapcase()):
        assert client.get(f"/api/v2/pages/{secret.pk}/", {"access_token": forged}).status_code == 401


def test_form_behind_a_password_is_sent_with_the_token(client: Client, blog: BlogIndexPage):
    page = make_form(blog)
    protect(page)
    url, options = f"/api/v2/forms/{page.pk}/", {"content_type": "application/json"}

    refused = client.post(url, {"your_name": "Ada"}, **options)
    taken = client.post(url, {"your_name": "Ada"}, headers={"x-page-token": token_for(client, page)}, **options)

    assert (refused.status_code, refused.json()["code"]) == (401, "password_required")
    assert taken.status_code == 201


# Guessing


def test_wrong_password_is_told_so(client: Client, secret: PostPage):
    for wrong in ("salt", PASSWORD.upper(), PASSWORD + " ", "\ud800", "pass\x00word"):
        response = give(client, secret, wrong)
        assert (response.status_code, response.json()["code"]) == (403, "wrong_password")
        assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"password": 1}', b'{"password": ""}', b"{" * 9000, b"\xff"])
def test_body_without_a_password_is_told_so(client: Client, secret: PostPage, body: bytes):
    url = f"/api/v2/pages/{secret.pk}/password/"

    assert client.post(url, body, content_type="application/json").status_code == 400
    assert (
        client.post(url, b'{"password": "%s"}' % (b"x" * 10_000), content_type="application/json").status_code == 400
    )
    assert client.get(url).status_code == 405


def test_password_tried_100_times_is_looked_at_ten_times(client: Client, secret: PostPage):
    answers = [give(client, secret, f"wrong {number}").status_code for number in range(100)]
    right = give(client, secret)

    assert answers == [403] * 10 + [429] * 90
    assert (right.status_code, right.json()["code"]) == (429, "busy")
    assert 1 <= int(right["Retry-After"]) <= 601


def test_password_tried_from_100_addresses_is_closed_to_all_for_a_while(
    client: Client, secret: PostPage, settings: Any
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"TRUSTED_PROXIES": 1}
    good = token_for(client, secret)

    answers = [
        give(client, secret, "wrong", **{"x-forwarded-for": f"198.51.100.{number}"}).status_code
        for number in range(101)
    ]

    assert answers == [403] * 100 + [429]
    assert give(client, secret, **{"x-forwarded-for": "203.0.113.1"}).status_code == 429
    assert detail(client, secret, good).status_code == 200


def test_who_knows_the_password_is_never_told_to_wait(client: Client, secret: PostPage):
    assert {give(client, secret).status_code for _ in range(30)} == {200}
