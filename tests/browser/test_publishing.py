"""A post with a film that is not ready is refused with a list, and goes live by itself when the film is ready."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.uploading import upload
from tests.media import film_bytes
from tests.stack import Stack

# Where to leave pictures of the pages, for whoever looks at them: SCREENSHOTS=/tmp/shots
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def _no_worker(stack: Stack) -> Iterator[None]:
    """Nobody works on films, until the test or its end."""
    stack.kill("worker_video")
    yield
    if not stack.is_running("worker_video"):
        stack.start("worker_video")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "tide.mp4"
    path.write_bytes(film_bytes(tmp_path, seconds=2, width=640, height=360, fps=24))
    return path


def _shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def _write(page: Page, stack: Stack) -> None:
    """Write a post with the film, and save it as a draft."""
    index_id = requests.get(f"{stack.url}/api/v2/pages/", timeout=10).json()["items"][0]["id"]
    page.goto(f"/admin/pages/add/blog/postpage/{index_id}/", wait_until="networkidle")
    page.locator("#id_title").fill("High water")
    page.keyboard.press("Tab")
    expect(page.locator("#id_slug")).to_have_value("high-water")
    body = page.locator("#panel-child-content-body-section")
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Video", exact=True).click()
    body.get_by_role("button", name="Choose a video").click()
    page.locator(".media-chooser-modal").get_by_text("tide", exact=True).first.click()
    expect(page.locator(".modal-dialog")).to_be_hidden()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages")).to_contain_text("High water")


def _press(page: Page, name: str) -> None:
    """In the menu, which opens once its script has come."""
    page.wait_for_load_state()
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name=name, exact=True).last.click()


def _is_live(stack: Stack) -> bool:
    return bool(requests.get(f"{stack.url}/api/v2/pages/?slug=high-water", timeout=10).json()["items"])


def _until_live(stack: Stack) -> None:
    """A page is published a moment before the answers without it are dropped."""
    deadline = time.monotonic() + 30
    while not _is_live(stack):
        assert time.monotonic() < deadline, "published, and never to be seen"
        time.sleep(0.1)


@pytest.mark.usefixtures("_no_worker")
def test_film_in_a_post_is_waited_for_and_the_post_goes_live_by_itself(page: Page, stack: Stack, film: Path):
    upload(page, film)
    _write(page, stack)

    _press(page, "Publish")
    expect(page.locator(".messages")).to_contain_text("can't be published yet")
    notice = page.locator(".publishing-notice")
    expect(notice).to_contain_text("“tide” is still being processed.")
    expect(notice.get_by_role("link", name="“tide” is still being processed.")).to_have_attribute(
        "href", re.compile(r"/admin/videos/edit/\d+/")
    )
    _shot(page, "refused-light")
    assert violations(page, ".messages") == []
    page.wait_for_load_state()
    notice.get_by_role("link", name="Show it in").click()
    expect(page.locator("[data-contentpath=video]")).to_be_in_viewport()
    _shot(page, "shown")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 420, "height": 900})
    page.reload()
    expect(notice).to_be_visible()
    _shot(page, "refused-dark-narrow")
    assert violations(page, ".messages") == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()

    _press(page, "Publish when ready")
    expect(page.locator(".messages")).to_contain_text("will be published as soon as its media are ready")
    waiting = page.locator("[data-controller=publishing-wait]")
    expect(waiting).to_contain_text("Waiting for 1 of 1 media.")
    _shot(page, "waiting")
    assert violations(page, ".messages") == []
    assert not _is_live(stack)

    stack.start("worker_video")
    expect(waiting).to_contain_text("It is published.", timeout=90_000)
    _until_live(stack)
    waiting.get_by_role("link", name="Show it as it is now").click()
    expect(page.locator("#main").get_by_text("Live", exact=True).first).to_be_attached()
    expect(page.locator(".publishing-notice")).to_have_count(0)
    _shot(page, "published")
