"""An editor sets up codes beside the password, and logs in with one."""

import os
import re
import time
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import PASSWORD, POLICY
from tests.stack import Stack

HIRE = """
from django.contrib.auth.models import Group
from cms.models import User
User.objects.create_user("edda", "edda@example.org", "%s").groups.add(Group.objects.get(name="Editor"))
"""


@pytest.fixture(scope="module", autouse=True)
def _hired(stack: Stack) -> None:
    stack.manage("shell", "-v", "0", "-c", HIRE % PASSWORD)


@pytest.fixture
def edda(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 900})
    problems: list[str] = []
    context.on("console", lambda told: problems.append(told.text) if POLICY in told.text else None)
    page = context.new_page()
    yield page
    context.close()
    assert problems == []


def _log_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("edda")
    page.get_by_label("Password").fill(PASSWORD)
    # Until the answer has come: whoever goes on before that may take the question back.
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def _shots(page: Page, name: str) -> None:
    """In light, in the dark and where it is narrow; free of barriers in each."""
    for scheme, width in (("light", 1280), ("dark", 1280), ("dark", 420)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, "main") == []
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_editor_enrols_and_logs_in_with_a_code(edda: Page):
    page = edda
    _log_in(page)
    page.goto("/admin/account/two-factor/")
    _shots(page, "none")
    page.get_by_role("link", name="Set it up").click()
    picture = page.get_by_role("img", name=re.compile("QR code"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    secret = b32decode(page.locator("main code").inner_text().replace(" ", ""))
    _shots(page, "new")
    page.get_by_label("Code").fill(f"{totp(secret):06}")
    page.get_by_label("Name of the device").fill("My phone")
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    codes = page.locator("main code")
    expect(codes).to_have_count(10)
    backup = codes.first.inner_text()
    _shots(page, "codes")
    page.get_by_role("link", name="I have kept them").click()
    page.goto("/admin/account/two-factor/")
    expect(page.get_by_text("My phone").first).to_be_visible()
    _shots(page, "overview")

    page.context.clear_cookies()
    _log_in(page)
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    page.goto("/admin/pages/")
    expect(page.get_by_role("heading", name="Your code")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".messages").get_by_text("That is not the code.")).to_be_visible()
    _shots(page, "code")
    time.sleep(1.5)
    page.get_by_label("Code").fill(backup)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/pages/$"))


def test_who_tries_too_often_is_told_when_to_come_back(edda: Page):
    for _ in range(5):
        edda.goto("/admin/login/")
        edda.get_by_label("Username").fill("nobody")
        edda.get_by_label("Password").fill("guess")
        with edda.expect_navigation():
            edda.get_by_role("button", name="Sign in").click()
    expect(edda.get_by_role("heading", name="Too many attempts")).to_be_visible()
    expect(edda.get_by_text("Try again in 15 minutes.")).to_be_visible()
    _shots(edda, "locked")
