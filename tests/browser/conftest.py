from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import find_chromium
from tests.snapshot import Snapshot, take
from tests.stack import Stack

PASSWORD = "correct horse battery staple"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WAGTAILS_OWN = "Axe is already running"
"""Wagtail 8.0 may start its accessibility check of a preview while the one before it runs; the next one succeeds."""

POLICY = "Content Security Policy"
"""In what Chromium says of a violation."""

expect.set_options(timeout=30_000)


EMPTY_BLOG = """
from wagtail.models import Page, Site
from blog.models import BlogIndexPage
index = BlogIndexPage(title="Journal", slug="journal")
Page.get_first_root_node().add_child(instance=index)
Site.objects.update(root_page=index)
"""

UNTIL_ALL_IS_READY = """
from tests.readiness import wait_until_all_is_ready
wait_until_all_is_ready()
"""
"""For seeds whose assets are looked at or edited: after the workers are done, who would write into them."""

LOG_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.get(username="admin"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


@dataclass(frozen=True)
class Running:
    """A stack that all modules share, how its database was before any of them, and a session of its login."""

    stack: Stack
    untouched: Snapshot
    session_key: str


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("stack") / "data"
    mail = f"filemail:///{data.parent / 'mail'}"
    environment = {"ADMIN_PASSWORD": PASSWORD, "EMAIL_URL": mail, "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
    with Stack(data, environment, migrate=True) as stack:
        stack.manage("prepare", "--no-demo")
        session_key = stack.manage("shell", "-v", "0", "-c", EMPTY_BLOG + LOG_IN).strip()
        yield Running(stack, take(stack), session_key)


@pytest.fixture(scope="module")
def stack(running: Running) -> Stack:
    """All of Darkroom as an operator runs it, with an empty site and a login."""
    running.untouched.restore()
    return running.stack


# Not for the session: while Playwright is there, its event loop is, and Django refuses its database to other tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def forbidden() -> list[str]:
    """What a policy has forbidden in the window so far. Whoever expects that clears it."""
    return []


@pytest.fixture
def page(browser: Browser, stack: Stack, running: Running, forbidden: list[str]) -> Iterator[Page]:
    """A fresh window, logged in; it must see no error of scripts, no failing request of ours, and nothing that a
    policy forbids (Content-Security-Policy; the browser tells of it in its console)."""
    context = browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": "sessionid", "value": running.session_key, "url": stack.url}])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: None if WAGTAILS_OWN in str(error) else problems.append(f"script: {error}"))
    page.on(
        "response", lambda answer: problems.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
    )
    context.on(
        "console",
        lambda told: forbidden.append(f"{told.page and told.page.url}: {told.text}") if POLICY in told.text else None,
    )
    yield page
    context.close()
    assert problems == []
    assert forbidden == []
