"""The pages that document the APIs, in a real browser under a strict Content-Security-Policy."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.stack import Stack

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/api/v3/docs/", "/api/media/docs/"])
def test_documentation_is_shown_from_this_server_alone(browser: Browser, stack: Stack, path: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": POLICY})

    page.route(f"**{path}", add_policy)
    page.goto(stack.url + path)
    expect(page.locator(".opblock").first).to_be_visible()
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()

    assert complaints == []
    assert [url for url in asked if not url.startswith((stack.url, "data:"))] == []
    page.close()
