"""A drawing that carries scripts, opened by itself in a real browser, runs nothing and fetches nothing."""

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page

from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.uploading import upload
from tests.stack import Stack

HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" onload="document.title = 'ran'">
<script>document.title = "ran"</script>
<script href="/media/999999/1/script.js"/>
<foreignObject width="100" height="100"><body xmlns="http://www.w3.org/1999/xhtml">
<img src="/fetched.png" onerror="document.title = 'ran'"/><iframe src="javascript:parent.document.title = 'ran'"/>
</body></foreignObject>
<style>@import url(/fetched.css); rect { background: url(/fetched.png); fill: rgb(1, 2, 3) }</style>
<image href="/fetched.jpg" width="10" height="10"/>
<rect id="drawn" width="100" height="50"/></svg>"""


LATEST = """
from media_library.models import CustomImage
print(CustomImage.objects.latest("pk").pk)
"""


@pytest.fixture
def fetched(page: Page) -> list[str]:
    """What the page asked for by itself."""
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    return asked


def _assert_drawn_and_still(page: Page, address: str, fetched: list[str]) -> None:
    fetched.clear()
    page.goto(address, wait_until="networkidle")
    assert page.evaluate("getComputedStyle(document.querySelector('rect')).fill") == "rgb(1, 2, 3)"
    assert page.title() != "ran"
    assert [url for url in fetched if "fetched" in url or "script.js" in url] == []


def test_hostile_drawing_that_an_editor_uploads_is_harmless(page: Page, stack: Stack, tmp_path: Path, fetched):
    (tmp_path / "logo.svg").write_text(HOSTILE)
    upload(page, tmp_path / "logo.svg")

    # What visitors get is made by a worker.
    image_id = stack.manage("shell", "-v", "0", "-c", UNTIL_ALL_IS_READY + LATEST).strip()
    (public,) = (stack.data_dir / "media" / image_id).rglob("original*.svg")

    address = f"{stack.url}/media/{public.relative_to(stack.data_dir / 'media')}"
    assert "ran" not in requests.get(address, timeout=30).text.replace("transparent", "")
    _assert_drawn_and_still(page, address, fetched)


def test_hostile_drawing_that_got_past_everything_is_harmless(page: Page, stack: Stack, fetched, forbidden: list[str]):
    # Of no asset, or its worker would tidy up there.
    folder = stack.data_dir / "media" / "999999" / "1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "raw.svg").write_text(HOSTILE)
    (folder / "script.js").write_text("document.title = 'ran'")

    _assert_drawn_and_still(page, f"{stack.url}/media/999999/1/raw.svg", fetched)
    assert forbidden, "the policy of drawings has stopped nothing"
    forbidden.clear()
