"""A post's way through a newsroom: written, reviewed, scheduled, live on the front end, and off again."""

import email
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, WAGTAILS_OWN
from tests.browser.front_end import front_end
from tests.processes import free_port
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

PASS_TIME = """
from datetime import timedelta
from django.utils import timezone
from blog.models import PostPage
from cms.tasks import publish_scheduled_task
past = timezone.now() - timedelta(seconds=1)
post = PostPage.objects.get(slug="the-blacks-come-last")
if revision := post.scheduled_revision:
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
PostPage.objects.filter(pk=post.pk, expire_at__isnull=False, live=True).update(expire_at=past)
publish_scheduled_task()
"""


@pytest.fixture(scope="module")
def blog_id(stack: Stack) -> int:
    return int(stack.manage("shell", "-v", "0", "-c", HIRE % PASSWORD).strip())


@pytest.fixture(scope="module")
def site(stack: Stack, blog_id: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the reference front end, where readers are."""
    with front_end(free_port(), stack.url, tmp_path_factory.mktemp("site") / "site.log") as url:
        yield url


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
        expect(page).to_have_url(f"{stack.url}/admin/")
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
    """From the menu at the foot of the editor, which opens once its script has come."""
    page.wait_for_load_state()
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=name, exact=True).click()


def set_schedule(page: Page, **times: str) -> None:
    """In the panel of the page's status, which is open."""
    page.get_by_role("button", name=re.compile("(Set|Edit) schedule")).click()
    dialog = page.get_by_role("dialog").filter(has_text="schedule")
    for name, value in times.items():
        dialog.locator(f"#id_{name}").fill(value)
    # By keyboard: the calendar lies over the button.
    dialog.get_by_role("button", name="Save schedule").press("Enter")


def test_post_is_written_reviewed_scheduled_seen_and_taken_off(
    desk: Callable[..., Page], stack: Stack, site: str, blog_id: int
):
    writer = desk("wim")
    writer.goto(f"/admin/pages/add/blog/postpage/{blog_id}/")
    writer.locator("#id_title").fill("The blacks come last")
    writer.locator("#id_summary").fill("Of patience in the dark.")
    writer.locator("#id_date").fill("2026-05-03")
    expect(writer.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    choose_action(writer, "Submit to Review")
    expect(writer.get_by_text("submitted for moderation")).to_be_visible()

    # The editor gets a letter, opens what it leads to, and approves it for a date.
    [letter] = letters(stack, "edda@example.org")
    assert "The blacks come last" in letter
    [address] = re.findall(re.escape(stack.url) + r"/admin/pages/\d+/edit/", letter)
    [post_id] = re.findall(r"(\d+)/edit", address)
    editor = desk("edda", color_scheme="dark")
    editor.goto(address)
    editor.get_by_role("button", name="Toggle status").click()
    set_schedule(editor, go_live_at=(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M"))
    expect(editor.get_by_text("has been updated")).to_be_visible()
    choose_action(editor, "Approve and Publish")
    expect(editor.get_by_role("cell", name="Current page status: scheduled")).to_be_visible()
    editor.goto(address)
    expect(editor.get_by_text("scheduled to go live").first).to_be_visible()
    [letter] = letters(stack, "wim@example.org")
    assert "approved" in letter

    # Two days pass.
    public = f"{stack.url}/api/v2/pages/{post_id}/"
    assert requests.get(public, timeout=30).status_code == 404
    assert requests.get(f"{site}/the-blacks-come-last/", timeout=30).status_code == 404
    stack.manage("shell", "-v", "0", "-c", PASS_TIME)
    assert requests.get(public, timeout=30).json()["published_at"]
    editor.goto(f"{site}/the-blacks-come-last/")
    expect(editor.get_by_role("heading", level=1)).to_have_text("The blacks come last")

    # The writer sees it, and can't change it any more.
    writer.goto(f"/admin/pages/{blog_id}/")
    expect(writer.get_by_text("The blacks come last")).to_be_visible()
    writer.goto(address)
    expect(writer.get_by_text("you do not have permission")).to_be_visible()

    # The editor has it end, and time passes again.
    editor.goto(f"{address}#tab-settings")
    expect(editor.get_by_text("Published by")).to_be_visible()
    # By itself, the panel opens where it was open before.
    editor.goto(address)
    set_schedule(editor, expire_at=(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M"))
    expect(editor.get_by_text("has been updated")).to_be_visible()
    choose_action(editor, "Publish")
    # Not just any "published": the editor's own page says "Published by" while it is still being sent.
    expect(editor.get_by_text("has been published.")).to_be_visible()
    stack.manage("shell", "-v", "0", "-c", PASS_TIME)
    assert requests.get(public, timeout=30).status_code == 404
    assert requests.get(f"{site}/the-blacks-come-last/", timeout=30).status_code == 404
    editor.goto(f"/admin/pages/{blog_id}/")
    expect(editor.get_by_text("Expired", exact=False).first).to_be_visible()
