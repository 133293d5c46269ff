"""A writer submits, and an editor is told."""

import email
import re
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, WAGTAILS_OWN
from tests.stack import Stack

HIRE = """
from django.contrib.auth.models import Group
from cms.models import User
for name, role in (("wim", "Writer"), ("edda", "Editor")):
    user = User.objects.create_user(name, f"{name}@example.org", "%s")
    user.groups.add(Group.objects.get(name=role))
from blog.models import BlogIndexPage
print(BlogIndexPage.objects.get(slug="journal").pk)
"""


@pytest.fixture(scope="module")
def blog_id(stack: Stack) -> int:
    return int(stack.manage("shell", "-v", "0", "-c", HIRE % PASSWORD).strip())


@pytest.fixture
def desk(browser: Browser, stack: Stack, blog_id: int) -> Iterator[Callable[[str], Page]]:
    """Log somebody in, in a browser of their own; no server error is overlooked."""
    contexts, problems = [], []

    def sit_down(name: str, **options: object) -> Page:
        context = browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: None if WAGTAILS_OWN in str(error) else problems.append(str(error)))
        page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 500 else None)
        page.goto("/admin/login/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert problems == []


def letters(stack: Stack, to: str) -> list[str]:
    """Subject and text of each mail that somebody got, the oldest first."""
    files = sorted((Path(stack.data_dir).parent / "mail").glob("*.log"))
    found = []
    for one in files:
        for part in one.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            message = email.message_from_bytes(part, policy=policy.default)
            if message["To"] == to:
                found.append(f"{message['Subject']}\n{message.get_content()}")
    return found


def choose_action(page: Page, name: str) -> None:
    """From the menu at the foot of the editor."""
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=name, exact=True).click()


def test_writer_submits_a_draft_and_the_letter_leads_an_editor_to_it(
    desk: Callable[..., Page], stack: Stack, blog_id: int
):
    writer = desk("wim")
    writer.goto(f"/admin/pages/add/blog/postpage/{blog_id}/")
    writer.locator("#id_title").fill("The blacks come last")
    writer.locator("#id_summary").fill("Of patience in the dark.")
    writer.locator("#id_date").fill("2026-05-03")
    expect(writer.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    choose_action(writer, "Submit to Review")
    expect(writer.get_by_text("submitted for moderation")).to_be_visible()

    [letter] = letters(stack, "edda@example.org")
    assert "The blacks come last" in letter
    [address] = re.findall(re.escape(stack.url) + r"/admin/pages/\d+/edit/", letter)
    editor = desk("edda")
    editor.goto(address)
    expect(editor.locator("#id_title")).to_have_value("The blacks come last")
