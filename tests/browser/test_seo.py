"""A card is made of a page that is published, and the editor sees it, and what search engines show, while writing."""

import base64
import os
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from tests.media import photo_bytes
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomImage
index = BlogIndexPage.objects.get()
image = CustomImage(title="Quay", alt_text="A quay", file=ContentFile(photo_bytes(1600, 1000), "quay.jpg"))
image.save()
index.add_child(instance=PostPage(title="Neap tide", slug="neap-tide", search_description="What the moon does."))
"""

# Wagtail keeps what is written, sooner or later: no test begins with what the one before has left.
POST = """
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomImage
for former in PostPage.objects.filter(slug="high-tide"):
    former.delete()
image = CustomImage.objects.get(title="Quay")
post = PostPage(title="High tide", slug="high-tide", summary="Water.", featured_image=image, live=False)
BlogIndexPage.objects.get().add_child(instance=post)
print(post.pk)
"""

WITHOUT_TITLE = """
from blog.models import PostPage
from media_library.imaging.card import compose
import base64
image = PostPage.objects.get(slug="high-tide").featured_image
with image.get_rendition("fill-1200x630|format-jpeg").file.open("rb") as file:
    print(base64.b64encode(compose(file, "")).decode())
"""


@pytest.fixture(scope="module", autouse=True)
def _library(stack: Stack) -> None:
    stack.manage("shell", "-v", "0", "-c", SEED + UNTIL_ALL_IS_READY)


@pytest.fixture
def post_id(stack: Stack) -> int:
    return int(stack.manage("shell", "-v", "0", "-c", POST).strip())


def _look(page: Page, name: str) -> None:
    """Keep a picture of the panel for whoever wants to see it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.locator(".seo-panel").screenshot(path=Path(folder) / f"{name}.png")


def _to_panel(page: Page, post_id: int) -> None:
    page.goto(f"/admin/pages/{post_id}/edit/")
    page.get_by_role("tab", name="Promote").click()
    page.locator(".seo-panel").scroll_into_view_if_needed()


def test_editor_sees_result_and_card_live(page: Page, post_id: int):
    _to_panel(page, post_id)
    panel = page.locator(".seo-panel")
    expect(panel.locator(".seo-result__title")).to_have_text("High tide")
    expect(panel.locator(".seo-result__address")).to_contain_text("/high-tide/")
    expect(panel.locator(".seo-result__description")).to_have_text("Water.")
    expect(panel.locator(".seo-card img")).to_be_visible()
    expect(panel.get_by_text("The description is short.")).to_be_visible()

    page.get_by_label("Title tag").fill("Neap tide")
    expect(panel.locator(".seo-result__title")).to_have_text("Neap tide")
    expect(panel.get_by_text("“Neap tide”, beside this page, has the same title.")).to_be_visible()
    page.get_by_label("Title tag").fill("The highest tide of the year, and all that it brought to the old quay")
    expect(panel.get_by_text("The title is long")).to_be_visible()
    expect(panel.get_by_text("has the same title")).to_be_hidden()

    page.get_by_label("Meta description").fill("What the moon does.")
    expect(panel.get_by_text("has the same description")).to_be_visible()
    page.get_by_label("Title when shared").fill("Come & <see>")
    expect(panel.locator(".seo-card__headline")).to_have_text("Come & <see>")
    expect(panel.locator(".seo-card__title")).to_have_text("Come & <see>")
    assert violations(page, ".seo-panel") == []
    _look(page, "seo-panel-light")
    page.emulate_media(color_scheme="dark")
    assert violations(page, ".seo-panel") == []
    _look(page, "seo-panel-dark")
    page.set_viewport_size({"width": 420, "height": 900})
    page.wait_for_function("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    _look(page, "seo-panel-narrow")


def test_all_is_well_once_nothing_is_missing(page: Page, post_id: int):
    _to_panel(page, post_id)
    page.get_by_label("Meta description").fill(
        "The water came up to the third step of the quay, and stayed for an hour."
    )
    expect(page.locator(".seo-panel").get_by_text("All is well.")).to_be_visible()


def test_page_that_is_added_has_a_panel(page: Page, stack: Stack):
    code = "from blog.models import BlogIndexPage; print(BlogIndexPage.objects.get().pk)"
    index_id = stack.manage("shell", "-v", "0", "-c", code)
    page.goto(f"/admin/pages/add/blog/postpage/{index_id.strip()}/")
    page.get_by_role("textbox", name="Title*").fill("Ebb")
    page.get_by_role("tab", name="Promote").click()
    panel = page.locator(".seo-panel")
    expect(panel.locator(".seo-result__title")).to_have_text("Ebb")
    expect(panel.locator(".seo-result__address")).to_contain_text("/ebb/")
    expect(panel.get_by_text("There is no description.")).to_be_visible()
    expect(panel.get_by_text("There is no picture")).to_be_visible()


def test_published_page_gets_a_card_with_its_title(page: Page, stack: Stack, post_id: int):
    page.goto(f"/admin/pages/{post_id}/edit/")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("has been published")

    def card() -> str:
        image = page.request.get(f"/api/v2/pages/{post_id}/").json()["seo"]["og"]["image"]
        return image["src"] if image and "/cards/" in image["src"] else ""

    deadline = time.monotonic() + 60
    while not card():
        assert time.monotonic() < deadline, "no card was made"
        page.wait_for_timeout(500)
    drawn = Image.open(BytesIO(page.request.get(urlsplit(card()).path).body()))
    assert (drawn.format, drawn.size) == ("JPEG", (1200, 630))

    bare = Image.open(BytesIO(base64.b64decode(stack.manage("shell", "-v", "0", "-c", WITHOUT_TITLE))))
    above, below = (0, 0, 1200, 200), (0, 380, 1200, 630)
    # White letters at the foot, and the photograph as it is at the head.
    written = ImageChops.difference(drawn.crop(below).convert("L"), bare.crop(below).convert("L"))
    assert sum(written.point(lambda value: value > 100).tobytes()) > 3000
    assert max(drawn.crop(below).convert("L").tobytes()) > 240
    assert len(drawn.crop(above).getcolors(1200 * 200) or [None] * 5000) > 1000
    if folder := os.environ.get("SCREENSHOTS"):
        drawn.save(Path(folder) / "card.png")

    html = page.request.get("/high-tide/").text()
    assert f'{urlsplit(card()).path}">' in html
