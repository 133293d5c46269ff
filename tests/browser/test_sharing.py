"""What to say on each network, in the editor of a post: read, copied, shared."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.test_board import darken
from tests.stack import Stack

MAKE = """
from blog.models import BlogIndexPage
from blog.models import SharingAccount
from cms.delivery.models import State
from cms.sharing import secrets
from cms.sharing.models import Posting
from tests.blog.content import make_image, make_post
post = make_post(BlogIndexPage.objects.get(), 1, title="High tide", summary="Water. " * 50, tags=("night sky",))
account = SharingAccount.objects.create(
    name="Darkroom on Mastodon", connector="mastodon", address="https://example.invalid", secret=secrets.lock("x"),
    is_active=False, notice="The server doesn't take the access token (401). Make a new one there, and enter it."
)
other = SharingAccount.objects.create(
    name="Newsletter", connector="webhook", address="https://example.invalid/hook", secret=secrets.lock("x")
)
post.share_on = [account, other]
post.save()
post.save_revision()
about = {"post": post, "title": post.title}
Posting.objects.create(**about, account=account, state=State.FAILED, error="The server refuses it (422).")
Posting.objects.create(**about, account=other, state=State.DONE, url="https://example.invalid/1")
image = make_image("Low tide", size=1000, caption="The water is gone.", credit="Ada Example")
"""


@pytest.fixture(scope="module")
def made(stack: Stack) -> list[int]:
    code = MAKE + UNTIL_ALL_IS_READY + "print(post.pk, image.pk, account.pk)"
    return [int(pk) for pk in stack.manage("shell", "-v", "0", "-c", code).strip().splitlines()[-1].split()]


@pytest.fixture(scope="module")
def post_id(made: list[int]) -> int:
    return made[0]


@pytest.fixture(scope="module")
def image_id(made: list[int]) -> int:
    return made[1]


@pytest.fixture(scope="module")
def account_id(made: list[int]) -> int:
    return made[2]


def look(page: Page, selector: str, name: str) -> None:
    """Keep a picture for whoever wants to see it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.locator(selector).first.screenshot(path=Path(folder) / f"{name}.png")


def test_text_is_copied_and_shared_in_any_theme_and_width(page: Page, post_id: int) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin/pages/{post_id}/edit/#tab-promote")
    text = page.get_by_label("Bluesky", exact=True)
    text.scroll_into_view_if_needed()
    expect(page.get_by_text("299 of 300 characters")).to_be_visible()
    copy = page.get_by_role("button", name="Copy: Bluesky")
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text.input_value()
    share = page.get_by_role("link", name="Share: Bluesky (opens in a new tab)")
    expect(share).to_have_attribute("href", re.compile(r"^https://bsky\.app/intent/compose\?text=High%20tide"))
    look(page, ".sharing-texts", "sharing-light")
    assert violations(page) == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    look(page, ".sharing-texts", "sharing-dark-420")
    expect_no_sideways_scrolling(page)
    assert violations(page) == []


def test_editor_ticks_accounts_and_reads_what_was_posted(page: Page, post_id: int) -> None:
    page.goto(f"/admin/pages/{post_id}/edit/#tab-promote")
    expect(page.get_by_role("checkbox", name="Newsletter")).to_be_checked()
    expect(page.get_by_text("Darkroom on Mastodon: not posted. The server refuses it (422).")).to_be_visible()
    page.get_by_text("Own text: X").click()
    own = page.get_by_label("Own text for X")
    own.fill("Come and see.")
    wide = "field => field.getBoundingClientRect().width"
    assert own.evaluate(wide) == page.get_by_label("X", exact=True).evaluate(wide)
    look(page, ".sharing-text", "own-text")
    assert violations(page) == []


@pytest.mark.parametrize(
    ("name", "path", "seen"),
    [
        ("log", "/admin/reports/shared-posts/", "The server refuses it (422)."),
        ("accounts", "/admin/sharing-accounts/", "Paused"),
        ("account", "/admin/sharing-accounts/edit/{account}/", "Access token, or secret"),
    ],
)
def test_pages_of_sharing_are_read_in_any_theme_and_width(
    page: Page, account_id: int, name: str, path: str, seen: str
) -> None:
    page.goto(path.format(account=account_id))
    expect(page.get_by_text(seen).first).to_be_visible()
    look(page, "main", f"{name}-light")
    assert violations(page) == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    look(page, "main", f"{name}-dark-420")
    expect_no_sideways_scrolling(page)
    assert violations(page) == []


def test_account_is_tested_by_keyboard_and_says_what_is_wrong(page: Page, account_id: int) -> None:
    page.goto(f"/admin/sharing-accounts/edit/{account_id}/")
    button = page.get_by_role("button", name="Test this account")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("There is no server named “example.invalid”.")
    look(page, "body", "tested-light")
    assert violations(page) == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    look(page, "body", "tested-dark-420")
    expect_no_sideways_scrolling(page)
    assert violations(page) == []


def test_picture_is_shared_from_its_page(page: Page, image_id: int) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/admin/images/{image_id}/")
    page.get_by_role("link", name="Share it").click()
    address = page.get_by_label("Address", exact=True)
    page.get_by_role("button", name="Copy: address").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address.input_value()
    expect(page.get_by_label("Bluesky", exact=True)).to_have_value(
        re.compile("The water is gone. Credit: Ada Example")
    )
    look(page, "main", "sheet-light")
    assert violations(page) == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    look(page, "main", "sheet-dark-420")
    expect_no_sideways_scrolling(page)
    assert violations(page) == []
