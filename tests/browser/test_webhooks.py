"""An administrator adds a webhook, sends a test, and sends again what had failed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cms.delivery.webhooks.signing import sign
from tests.browser.accessibility import violations
from tests.cms.delivery.servers import Receiver, Told, receiving

SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder for pictures of the pages, for whoever wants to look at them."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def look(page: Page, name: str) -> None:
    if not SHOTS:
        return
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 420)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def reload_until(page: Page, text: str) -> None:
    """What workers do, the page says when it is loaded."""
    for _each in range(60):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"The page never said: {text}")


def test_webhook_is_added_tested_and_its_failure_sent_again(page: Page, receiver: Receiver):
    receiver.answers = [Told(500, b"The builder is asleep.", {"Retry-After": "600"})]
    page.goto("/admin/webhooks/")
    look(page, "empty")
    page.get_by_role("link", name="Add webhook").first.click()
    page.get_by_label("Name").fill("Builder")
    page.get_by_label("URL").fill(f"{receiver.url}/hook")
    page.get_by_label("A media file is deleted").uncheck()
    look(page, "new")
    assert violations(page) == []
    page.get_by_role("button", name="Create").click()

    secret = page.get_by_label("Secret").input_value()
    assert secret.startswith("whsec_")
    look(page, "secret")
    assert violations(page) == []
    page.get_by_role("link", name="To the webhook").click()
    expect(page.get_by_text("Active", exact=True).first).to_be_visible()

    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("heading", name="Request")).to_be_visible()
    reload_until(page, "The builder is asleep.")
    expect(page.get_by_text("The receiver answers with status 500.")).to_be_visible()
    look(page, "failed")
    assert violations(page) == []

    receiver.answers = [Told(200, b"Thanks.")]
    page.get_by_role("button", name="Send again").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The message is sent again.")
    reload_until(page, "Thanks.")
    expect(page.locator("[data-sending-state=done]")).to_be_visible()
    look(page, "done")
    first, last = receiver.asked[0], receiver.asked[-1]
    assert first.headers["webhook-id"] == last.headers["webhook-id"]
    stamp = int(last.headers["webhook-timestamp"])
    assert last.headers["webhook-signature"] == sign(last.headers["webhook-id"], stamp, last.body, secret)

    page.goto("/admin/webhooks/")
    expect(page.get_by_role("cell", name="Builder")).to_be_visible()
    look(page, "index")
    assert violations(page) == []
    page.get_by_role("link", name="Builder").first.click()
    expect(page.get_by_role("button", name="Send a test")).to_be_visible()
    look(page, "webhook")
    assert violations(page) == []
    page.get_by_role("link", name="All deliveries").click()
    expect(page.get_by_role("cell", name="webhook.test", exact=True)).to_be_visible()
    look(page, "log")
    # Wagtail's own button of filters says how many there are, and is not called so.
    assert violations(page, "#listing-results") == []
