"""An editor stops the work on a picture and starts it again, on the page of the picture and in the report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.uploading import upload
from tests.media import photo_bytes
from tests.stack import Stack


@pytest.fixture
def waiting_picture(page: Page, stack: Stack, tmp_path: Path) -> Iterator[Page]:
    """The edit page of a picture whose worker is away, until the test or its end."""
    stack.kill("worker_images")
    (tmp_path / "quay.jpg").write_bytes(photo_bytes(640, 480))
    upload(page, tmp_path / "quay.jpg")
    page.goto("/admin/images/")
    page.locator("a[href*='/admin/images/']", has_text="quay").first.click()
    # Loaded: its buttons do nothing before their script has come.
    page.wait_for_url(re.compile(r"/admin/images/\d+/"))
    yield page
    if not stack.is_running("worker_images"):
        stack.start("worker_images")


def test_work_is_cancelled_and_started_again(waiting_picture: Page, stack: Stack):
    page = waiting_picture
    status = page.locator("[data-controller~='asset-status']")
    status.get_by_role("button", name="Cancel").click()
    expect(status).to_contain_text("Processing was cancelled")
    expect(status.get_by_role("button", name="Cancel")).to_be_hidden()

    page.goto("/admin/reports/processing/")
    row = page.locator("tr", has_text="quay").first
    expect(row).to_contain_text("Cancelled")
    row.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text("queued again")

    stack.start("worker_images")
    page.locator("tr", has_text="quay").first.get_by_role("link").first.click()
    expect(page.locator("[data-controller~='asset-status']")).to_contain_text("Ready", timeout=90_000)
