"""Choosing media in a page, as an editor does: with search, keys, an upload, what was recent and what is similar."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.test_board import darken
from tests.media import photo_bytes
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from tests.media import photo_bytes
from wagtail.models import Collection
from media_library.models import CustomImage
harbour = Collection.get_first_root_node().add_child(name="Harbour")
for title, width in (("Pier", 800), ("Boats at dawn", 640), ("Boats at dusk", 480), ("Gulls", 400)):
    file = ContentFile(photo_bytes(width), "a.jpg")
    image = CustomImage(title=title, alt_text=f"{title}, seen from the quay", file=file)
    image.collection = harbour if title == "Gulls" else Collection.get_first_root_node()
    image.save()
    if title.startswith("Boats"):
        image.tags.add("sea")
"""


@pytest.fixture(scope="module", autouse=True)
def _library(stack: Stack) -> None:
    stack.manage("shell", "-v", "0", "-c", SEED + UNTIL_ALL_IS_READY)


@pytest.fixture
def post(page: Page, stack: Stack) -> Locator:
    """The body of a new post."""
    page.goto(f"/admin/pages/add/blog/postpage/{_index_id(stack)}/", wait_until="networkidle")
    return page.locator("#panel-child-content-body-section")


@pytest.fixture
def body(page: Page, post: Locator) -> Locator:
    """The same, with an empty image block."""
    _add_block(page, post, "Image")
    return post


def _add_block(page: Page, body: Locator, name: str) -> None:
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def _index_id(stack: Stack) -> int:
    code = "from blog.models import BlogIndexPage; print(BlogIndexPage.objects.get().pk)"
    return int(stack.manage("shell", "-v", "0", "-c", code).strip())


def _open(page: Page, body: Locator) -> Locator:
    body.get_by_role("button", name="Choose an image").click()
    modal = page.locator(".media-chooser-modal")
    expect(modal.get_by_role("searchbox")).to_be_focused()
    return modal


def _titles(within: Locator) -> list[str]:
    return within.locator(".media-card__title").all_text_contents()


def test_a_picture_is_found_and_chosen_with_the_keyboard_alone(page: Page, body: Locator):
    modal = _open(page, body)
    results = modal.locator("#search-results")
    assert violations(page, ".modal-dialog") == []
    # Others may have uploaded one more.
    expect(results.get_by_role("status")).to_have_text(re.compile(r"\d files"))

    page.keyboard.type("boats")
    expect(results.get_by_text("2 files")).to_be_visible()
    assert set(_titles(results)) == {"Boats at dawn", "Boats at dusk"}
    page.keyboard.press("ArrowDown")
    first, second = _titles(results)
    expect(results.get_by_role("link", name=first)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(results.get_by_role("link", name=second)).to_be_focused()
    page.keyboard.press("Enter")

    expect(modal).to_be_hidden()
    expect(body.locator("[data-chooser-title]")).to_have_text(second)
    # Wagtail's script for the block takes the library's alt text.
    expect(body.get_by_label("Alt text")).to_have_value(f"{second}, seen from the quay")
    expect(body.locator(".media-choice img")).to_be_visible()

    # Chosen again: the other one is similar, and this one is recent.
    body.get_by_role("button", name="Actions").first.click()
    page.get_by_role("button", name="Choose another image").click()
    modal.get_by_role("tab", name="Recent").click()
    expect(modal.locator("#tab-media-recent").get_by_role("link", name=second)).to_have_attribute(
        "aria-current", "true"
    )
    modal.get_by_role("tab", name="Similar").click()
    similar = modal.locator("#tab-media-similar")
    expect(similar.get_by_text("Tagged sea")).to_be_visible()
    assert violations(page, ".modal-dialog") == []
    similar.get_by_role("link", name=first).click()
    expect(body.locator("[data-chooser-title]")).to_have_text(first)
    expect(body.get_by_label("Alt text")).to_have_value(f"{first}, seen from the quay")


def test_pictures_are_offered_for_the_page_that_is_being_written(page: Page, body: Locator):
    page.locator('[name="title"]').fill("Gulls at the pier")
    modal = _open(page, body)

    modal.get_by_role("tab", name="Recent").click()
    page.keyboard.press("ArrowRight")
    fitting = modal.locator("#tab-media-fitting")
    expect(fitting.get_by_text("Has “gulls”")).to_be_visible()
    assert set(_titles(fitting)) >= {"Gulls", "Pier"}
    assert violations(page, ".modal-dialog") == []

    window = page.viewport_size
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    expect_no_sideways_scrolling(page)
    assert violations(page, ".modal-dialog") == []
    page.set_viewport_size(window)
    fitting.get_by_role("link", name="Gulls").click()
    expect(body.locator("[data-chooser-title]")).to_have_text("Gulls")


def test_nothing_is_offered_for_a_page_where_none_is_written(page: Page):
    page.goto("/admin/snippets/blog/person/add/", wait_until="networkidle")
    page.get_by_role("button", name="Choose an image").click()
    modal = page.locator(".media-chooser-modal")
    expect(modal.get_by_role("tab", name="Recent")).to_be_visible()
    expect(modal.get_by_role("tab", name="For this page")).to_have_count(0)


def test_a_folder_narrows_the_list(page: Page, body: Locator):
    modal = _open(page, body)

    modal.get_by_role("radio", name="Harbour").check(force=True)

    expect(modal.locator("#search-results").get_by_text("1 file", exact=True)).to_be_visible()
    assert _titles(modal.locator("#search-results")) == ["Gulls"]


def test_several_are_chosen_across_searches_for_a_gallery(page: Page, post: Locator):
    _add_block(page, post, "Gallery")
    post.get_by_role("button", name="Choose several images").click()
    modal = page.locator(".media-chooser-modal")
    confirm = modal.get_by_role("button", name="Confirm selection")
    expect(confirm).to_be_disabled()

    modal.get_by_role("checkbox", name="Pier").check()
    modal.get_by_role("searchbox").fill("gulls")
    expect(modal.locator("#search-results").get_by_text("1 file", exact=True)).to_be_visible()
    modal.locator("#search-results").get_by_role("checkbox", name="Gulls").check()
    assert violations(page, ".modal-dialog") == []
    confirm.click()

    expect(modal).to_be_hidden()
    expect(post.locator("[data-chooser-title]:visible")).to_have_text(["Pier", "Gulls"])
    expect(post.locator("[id$='-alt_text']:visible").first).to_have_value("Pier, seen from the quay")


def test_a_file_is_uploaded_in_the_chooser_and_another_dropped_on_the_field(page: Page, body: Locator, tmp_path: Path):
    file, text = tmp_path / "lighthouse.jpg", tmp_path / "notes.jpg"
    file.write_bytes(photo_bytes(500, 400))
    text.write_bytes(b"no picture at all")
    modal = _open(page, body)

    modal.get_by_role("tab", name="Upload").click()
    modal.locator("input[type=file]").set_input_files(text)
    expect(modal.locator(".media-upload--failed")).to_contain_text("not recognised")
    assert violations(page, ".modal-dialog") == []
    modal.locator("input[type=file]").set_input_files(file)
    expect(body.locator("[data-chooser-title]")).to_have_text("lighthouse")
    expect(body.locator("[data-asset-status='ready']")).to_be_visible(timeout=90_000)

    _drop(body.locator(".media-choice").first, "beacon.png", photo_bytes(300, 200, format="PNG"))
    expect(body.locator("[data-chooser-title]")).to_have_text("beacon")
    _drop(body.locator(".media-choice").first, "broken.png", b"nothing")
    expect(body.locator(".media-choice__upload--failed")).to_be_visible()
    expect(body.locator("[data-chooser-title]")).to_have_text("beacon")


def _drop(target: Locator, name: str, content: bytes) -> None:
    target.evaluate(
        """(target, {name, content}) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(content)], name));
            for (const type of ['dragover', 'drop'])
                target.dispatchEvent(new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}));
        }""",
        {"name": name, "content": list(content)},
    )
