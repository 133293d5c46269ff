"""Who comes in: by a token that is known, not revoked, not too old, and of somebody who is active."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import APIToken

from blog.models import BlogIndexPage
from cms.models import User
from tests.api.v3.conftest import Bearer


def whoami(secret: str) -> int:
    return Client().get("/api/v3/whoami/", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_token_says_whose_it_is(chief: Bearer):
    assert chief.get("whoami/").json()["user"]["username"] == "ada"


@pytest.mark.parametrize("secret", ["", "wagtail_", "a\x00b", "x" * 5000, "wagtail_" + "0" * 33, "é"])
def test_unknown_token_gets_401(secret: str, db: None):
    assert whoami(secret) == 401


def test_revoked_token_gets_401(chief: Bearer):
    chief.token.revoke()
    assert chief.get("whoami/").status_code == 401


def test_token_of_somebody_who_is_not_active_gets_401(chief: Bearer):
    chief.user.is_active = False
    chief.user.save()
    assert chief.get("whoami/").status_code == 401


def test_token_that_is_too_old_gets_401_before_beat_has_revoked_it(
    chief: Bearer, blog: BlogIndexPage, settings: Settings
):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "API_TOKEN_DAYS": 10}
    APIToken.objects.update(created=timezone.now() - timedelta(days=11))

    for response in (chief.get("whoami/"), chief.get("pages/"), chief.get("images/"), chief.delete("pages/3/")):
        assert (response.status_code, response.json()["code"]) == (401, "expired_token")


def test_session_of_the_admin_is_no_token(admin_client: Client):
    assert admin_client.get("/api/v3/whoami/").status_code == 401


def test_token_is_made_named_and_revoked_in_the_admin(admin_client: Client, admin_user: User):
    made = admin_client.post(
        reverse("wagtailusers_api_tokens:add"), {"name": "Deploy", "user": admin_user.pk}
    ).content.decode()

    token = APIToken.objects.get()
    secret = next(word for word in made.replace('"', " ").replace("<", " ").split() if word.startswith("wagtail_"))
    assert whoami(secret) == 200
    assert "Deploy" in admin_client.get(reverse("wagtailusers_api_tokens:index")).content.decode()

    admin_client.post(reverse("wagtailusers_api_tokens:delete", args=[token.pk]))
    assert whoami(secret) == 401


def test_editor_who_may_makes_tokens_for_nobody_else(hired: Callable[..., Bearer], admin_user: User):
    editor = hired().user
    client = Client()
    client.force_login(editor)
    url = reverse("wagtailusers_api_tokens:add")
    before = APIToken.objects.count()
    client.post(url, {"name": "Mine", "user": editor.pk})
    assert APIToken.objects.count() == before

    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_apitoken")
    editor.groups.get().permissions.add(permission)
    client.post(url, {"name": "Theirs", "user": admin_user.pk})
    client.post(url, {"name": "Mine", "user": editor.pk})

    assert list(APIToken.objects.exclude(name="Tests").values_list("name", "user")) == [("Mine", editor.pk)]


def test_permission_to_make_tokens_is_given_with_the_others_of_a_group(
    admin_client: Client, hired: Callable[..., Bearer]
):
    group = hired().user.groups.get()
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_apitoken")

    page = admin_client.get(reverse("wagtailusers_groups:edit", args=[group.pk])).content.decode()

    assert re.search(
        rf'name="permissions"[^>]*value="{permission.pk}"|value="{permission.pk}"[^>]*name="permissions"', page
    )


def test_requests_are_counted_for_each_token(chief: Bearer, hired: Callable[..., Bearer], settings: Settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "API_REQUESTS_PER_MINUTE": 2}
    answers = [chief.get("whoami/") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 2 + [429] * 3
    refused = answers[-1]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert hired().get("whoami/").status_code == 200
