"""The user bar, as front ends fetch it."""

import json
import re
import time

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, PostPage
from cms.models import User
from tests.api.test_site import write_settings
from tests.blog.content import make_post

FRONT_END = "https://www.example.org"


@pytest.fixture
def post(blog: BlogIndexPage, settings: Settings) -> PostPage:
    settings.FRONTEND_URL = FRONT_END
    settings.FRONTEND_PREVIEW_URL = ""
    return make_post(blog, 1)


def checks(html: str) -> dict:
    """How the checks are set up; the bar and the editor both hold it, as JSON."""
    found = re.search(r'<script id="[\w-]*axe-configuration" type="application/json">(.*?)</script>', html, re.S)
    return json.loads(found[1])


def test_editor_gets_links_to_edit_and_explore_with_hosts(admin_client: Client, post: PostPage) -> None:
    html = admin_client.get(f"/userbar/?page={post.pk}").content.decode()
    for path in (f"/admin/pages/{post.pk}/edit/", f"/admin/pages/{post.get_parent().pk}/"):
        assert f'href="//testserver{path}"' in html
    assert not re.findall(r'(?:src|href)="/[^/]', html)


@pytest.mark.parametrize("page", ["", "999999", "x", "99999999999999999999"])
def test_without_a_page_there_is_the_rest_of_the_bar(page: str, admin_client: Client, post: PostPage) -> None:
    html = admin_client.get("/userbar/", {"page": page}).content.decode()
    assert 'href="//testserver/admin/"' in html
    assert "/edit/" not in html


def test_visitors_get_nothing(client: Client, post: PostPage) -> None:
    response = client.get(f"/userbar/?page={post.pk}&in_preview_panel=true")
    assert (response.status_code, response.content) == (204, b"")


def test_who_may_not_open_the_admin_gets_nothing(client: Client, post: PostPage) -> None:
    client.force_login(User.objects.create_user("visitor"))
    assert client.get(f"/userbar/?page={post.pk}").status_code == 204


def test_who_may_not_edit_the_page_gets_no_link_to_edit_it(client: Client, post: PostPage) -> None:
    user = User.objects.create_user("guest")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    response = client.get(f"/userbar/?page={post.pk}")
    assert response.status_code == 200
    assert "/edit/" not in response.content.decode()


def test_nobody_keeps_the_answer(admin_client: Client, post: PostPage) -> None:
    for asking in (admin_client, Client()):
        response = asking.get("/userbar/")
        assert response["Cache-Control"] == "private, no-store"
        assert {"Origin", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("origin", [FRONT_END, "https://drafts.example.org"])
def test_scripts_of_front_ends_may_read_it_with_cookies(origin: str, admin_client: Client, post: PostPage) -> None:
    write_settings(preview_url="https://drafts.example.org/look")
    response = admin_client.get("/userbar/", headers={"origin": origin})
    assert response["Access-Control-Allow-Origin"] == origin
    assert response["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://www.example.org", f"{FRONT_END}.evil"])
def test_scripts_of_other_sites_may_not(origin: str, admin_client: Client, post: PostPage) -> None:
    response = admin_client.get("/userbar/", headers={"origin": origin})
    assert "Access-Control-Allow-Origin" not in response
    assert "Access-Control-Allow-Credentials" not in response


def test_panel_gets_the_checks_alone_by_the_token_of_the_preview(client: Client, post: PostPage) -> None:
    query = {"page": post.pk, "in_preview_panel": "true", "token": post.create_page_preview().token}
    html = client.get("/userbar/", query).content.decode()
    assert "<aside hidden" in html
    assert "/admin/pages/" not in html
    assert checks(html)["options"]["runOnly"]


def test_token_outside_of_the_panel_opens_nothing(client: Client, post: PostPage) -> None:
    token = post.create_page_preview().token
    assert client.get("/userbar/", {"page": post.pk, "token": token}).status_code == 204


def test_old_and_forged_tokens_open_nothing(
    client: Client, post: PostPage, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    then = time.time() - settings.PREVIEW_TOKEN_MAX_AGE - 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: then)
    old = post.create_page_preview().token
    monkeypatch.undo()
    for token in (old, post.create_page_preview().token + "x", ""):
        assert client.get("/userbar/", {"in_preview_panel": "true", "token": token}).status_code == 204


def test_admin_and_front_end_may_tell_each_other_what_was_found(admin_client: Client, post: PostPage) -> None:
    bar = admin_client.get("/userbar/").content.decode()
    editor = admin_client.get(f"/admin/pages/{post.pk}/edit/").content.decode()
    for html in (bar, editor):
        assert checks(html)["spec"]["allowedOrigins"] == ["<same_origin>", "http://testserver", FRONT_END]


def test_it_only_answers_questions(admin_client: Client, post: PostPage) -> None:
    assert admin_client.post("/userbar/").status_code == 405
