"""The user bar on a front end of another origin: another port, here."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

PAGE = """<!doctype html><html lang="en"><head><title>A front end</title></head><body>
<main><h1>Harbour</h1><h4>A heading that skips two levels</h4></main>
<script src="{cms}/static/blog/js/userbar.js" data-page="{page}" defer></script>
</body></html>"""

PUBLISH = """
from wagtail.models import Site
from blog.models import BlogIndexPage, SiteSettings
from tests.blog.content import make_post
post = make_post(BlogIndexPage.objects.get(), 1, title="Harbour")
found = SiteSettings.for_site(Site.objects.get())
found.frontend_url = {front_end!r}
found.save()
print(post.pk)
"""

# Pages of the site itself lead to the front end as long as there is one; later tests look at the pages.
FORGET = """
from wagtail.models import Site
from blog.models import SiteSettings
found = SiteSettings.for_site(Site.objects.get())
found.frontend_url = ""
found.save()
"""


class _OnePage(SimpleHTTPRequestHandler):
    """The same page at every address."""

    def translate_path(self, path: str) -> str:
        return str(Path(self.directory) / "index.html")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def front_end(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a front end that shows one page, which loads the user bar."""
    folder = tmp_path_factory.mktemp("front-end")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_OnePage, directory=str(folder)))
    address = f"{stack.url.rsplit(':', 1)[0]}:{server.server_port}"
    post_id = int(stack.manage("shell", "-v", "0", "-c", PUBLISH.format(front_end=address)))
    (folder / "index.html").write_text(PAGE.format(cms=stack.url, page=post_id))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    stack.manage("shell", "-v", "0", "-c", FORGET)
    server.shutdown()
    server.server_close()


@pytest.fixture
def bar(page: Page, front_end: str) -> Page:
    """The front end as an editor sees it who is logged in to the admin, with the bar open."""
    with page.expect_response(lambda answer: "/userbar/" in answer.url, timeout=90_000) as answered:
        page.goto(f"{front_end}/post-1/")
    assert answered.value.status == 200
    page.get_by_role("button", name="View Wagtail quick actions").click(timeout=90_000)
    return page


def test_editor_sees_the_bar_on_the_front_end_and_goes_to_edit_the_page(bar: Page, stack: Stack) -> None:
    expect(bar.get_by_role("menuitem", name="Show in Explorer")).to_be_visible()
    bar.get_by_role("menuitem", name="Edit this page").click()
    bar.wait_for_url(f"{stack.url}/admin/pages/*/edit/")


def test_checks_find_what_is_wrong_on_the_front_end(bar: Page) -> None:
    bar.get_by_role("menuitem", name="Checks").click()
    expect(bar.get_by_text("Incorrect heading hierarchy").first).to_be_visible()


def test_visitors_see_nothing_of_it(browser: Browser, front_end: str) -> None:
    context = browser.new_context()
    visitor = context.new_page()
    problems: list[str] = []
    visitor.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    with visitor.expect_response(lambda answer: "/userbar/" in answer.url) as answered:
        visitor.goto(f"{front_end}/post-1/")
    assert answered.value.status == 204
    visitor.wait_for_load_state("networkidle")
    assert visitor.locator("wagtail-userbar").count() == 0
    assert [one for one in problems if "favicon" not in one] == []
    context.close()


def test_panel_shows_what_is_wrong_in_the_preview_on_the_front_end(bar: Page) -> None:
    bar.get_by_role("menuitem", name="Edit this page").click()
    # Loaded: the panel opens once its script has come.
    bar.wait_for_url("**/admin/pages/*/edit/")
    bar.get_by_role("button", name="Toggle checks").click()
    expect(bar.locator("[data-side-panel='checks']").get_by_text("Incorrect heading hierarchy")).to_be_visible()
    # The bar itself is for pages of visitors: around the preview, all of it is there.
    preview = bar.frame_locator("#w-preview-iframe")
    expect(preview.locator("h1")).to_have_text("Harbour")
    expect(preview.get_by_role("button", name="View Wagtail quick actions")).to_be_hidden()
