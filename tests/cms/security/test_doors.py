"""As somebody who tries every door: each address of the admin and the APIs, without a login and without rights."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from blog.models import BlogIndexPage
from cms.models import User

pytestmark = pytest.mark.django_db

REFUSED = {301, 302, 400, 401, 403, 404, 405, 429}

PUBLIC = re.compile(
    r"/health|/static/|/api/v2/(?!page_preview)|/api/v3/|/api/media/(openapi|docs)|/api/openapi|/sitemap|/robots"
    r"|/api/media/($|feed|search)|/_util/login/|/feed|/llms|/userbar/|/$|/admin/(login|logout|password_reset|jsi18n|sprite|two-factor)|/api/collections/"
)
"""What anybody may ask for: the site itself, the reading APIs with their documents, and the way in."""

OWN = re.compile(
    r"/admin/($|account/|api/main/|help|pages/$|login|logout|password_reset|jsi18n|sprite|dismissibles|two-factor/code"
    # Windows that choose: they list what one may see, and nothing is changed by them.
    r"|choose-|tag-autocomplete|editing-sessions/|workflows/task_chooser|snippets/choose/|media/suggestions"
    r"|(documents|images|media|media/collections|embeds)/chooser"
    # Lists of one's own work, empty here; a question before something is done, which is refused when it is sent; and
    # Wagtail's pages that try out how errors look.
    r"|media/operations/|media/uploads/folders/|reports/processing/|pages/1/move/1/confirm"
    r"|pages/1/set_position|pages/workflow/confirm_cancellation|test404|failwhale)"
)
"""What everybody has who may see the admin."""


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Every address that is routed, with something plausible in each gap."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + _filled(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def _filled(route: str) -> str:
    route = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "1", route)
    route = re.sub(r"<[^>]*>", "1", route)
    return re.sub(r"\(\?:[^()]*\)|[\^$\\?*+]|\([^()]*\)", "", route)


@pytest.fixture(scope="module")
def every() -> list[str]:
    found = sorted(set(addresses()))
    assert len(found) > 400
    return found


def answers(client: Client, every: list[str], known: re.Pattern[str]) -> dict[str, int]:
    """What was answered otherwise than by a refusal, to reading and to sending, by address."""
    client.raise_request_exception = False
    open_doors: dict[str, int] = {}
    for address in every:
        if known.match(address):
            continue
        for method in (client.get, client.post):
            response: Any = method(address)
            if response.status_code not in REFUSED:
                open_doors[f"{method.__name__} {address}"] = response.status_code
    return open_doors


def test_nobody_gets_behind_a_door_without_a_login(blog: BlogIndexPage, every: list[str]):
    assert answers(Client(), every, PUBLIC) == {}


def test_user_without_rights_gets_into_no_room_of_the_admin(blog: BlogIndexPage, every: list[str]):
    user = User.objects.create_user("nobody", password="selenium toner")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    admin = [address for address in every if address.startswith("/admin/")]

    assert answers(client, admin, OWN) == {}


def test_forged_host_is_refused_before_anything_is_cached(blog: BlogIndexPage, client: Client, settings: Any):
    settings.ALLOWED_HOSTS = ["cms.example.org"]
    url = "/api/v2/pages/?limit=3"
    assert client.get(url, headers={"host": "evil.example"}).status_code == 400

    forwarded = client.get(url, headers={"host": "cms.example.org", "x-forwarded-host": "evil.example"})
    assert forwarded.status_code == 200
    assert "evil" not in forwarded.content.decode()
    assert client.get(url, headers={"host": "evil.example"}).status_code == 400, "nor when it is in the cache"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_to_no_other_site(address: str):
    User.objects.create_superuser("ada", "ada@example.org", "selenium toner")
    response = Client().post("/admin/login/", {"username": "ada", "password": "selenium toner", "next": address})
    assert response["Location"] == "/admin/"


@pytest.mark.parametrize(
    "path",
    ["../secret_key", "%2e%2e/secret_key", "1/1/../../../secret_key", "1/1/..%2f..%2f..%2fsecret_key", "/etc/passwd"],
)
def test_address_of_a_file_leads_nowhere_else(client: Client, db: None, settings: Any, path: str):
    secret = settings.MEDIA_ROOT.parent / "secret_key"
    secret.write_text("the key")
    response = client.get(f"/media/{path}")
    assert response.status_code == 404


def test_session_is_a_new_one_after_the_login():
    User.objects.create_superuser("ada", "ada@example.org", "selenium toner")
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.post("/admin/login/", {"username": "ada", "password": "selenium toner"})
    assert client.session.session_key != before
