"""Windows of people who aren't logged in."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route

from tests.stack import Stack

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self'; media-src 'self' blob:; worker-src blob:; base-uri 'none'; form-action 'self'"
)
"""The strictest Content-Security-Policy under which players work; docs/front-end.md names it."""


@contextmanager
def visiting(browser: Browser, stack: Stack, but: tuple[str, ...] = ()) -> Iterator[Page]:
    """A window in which posts have `POLICY`; it must log no error and no breach of it, ``but`` what has such words."""
    context = browser.new_context(base_url=stack.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": POLICY})

    page.route(lambda url: "/post-" in url, add_policy)
    yield page
    context.close()
    assert [one for one in problems if not any(words in one for words in but)] == []
