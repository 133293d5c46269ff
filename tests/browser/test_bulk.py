"""An editor does something to many files at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

MAKE = """
from django.core.files.base import ContentFile
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomDocument, CustomImage
from tests.media import photo_file
for number in range(50):
    file = ContentFile(f"High water {number}".encode(), name=f"tides-{number}.txt")
    CustomDocument(title=f"Tide table {number}", file=file).save()
for title in ("Quay", "Pier"):
    CustomImage(title=title, file=photo_file(f"{title}.jpg", width=64, height=48)).save()
post = BlogIndexPage.objects.get().add_child(instance=PostPage(title="Low tide", slug="low-tide"))
post.featured_image = CustomImage.objects.get(title="Quay")
post.save_revision()
"""


@pytest.fixture(scope="module")
def library(stack: Stack) -> str:
    """The library with more documents than a page shows, and two pictures, of which a draft uses one; its address."""
    stack.manage("shell", "-v", "0", "-c", MAKE + UNTIL_ALL_IS_READY)
    return "/admin/media/"


def select(page: Page, *titles: str) -> None:
    for title in titles:
        page.get_by_role("checkbox", name=f"Select {title}", exact=True).check()


def press(page: Page, name: str) -> None:
    page.locator(".selection-bar").get_by_role("button", name=name, exact=True).click()


def test_all_that_match_are_tagged(page: Page, library: str):
    page.goto(f"{library}?kind=document")
    select(page, "Tide table 49", "Tide table 48")
    page.get_by_role("button", name="Select all 50 that match").click()
    press(page, "Add tags")
    dialog = page.get_by_role("dialog", name="Add tags")
    expect(dialog).to_contain_text("Document 50")
    expect(dialog.get_by_role("textbox").first).to_be_focused()
    assert violations(page, "#bulk-dialog") == []
    page.keyboard.type("fog, low tide,")
    dialog.get_by_role("button", name="Add tags: 50 files").click()

    # More than are done at once: a worker does it, while the dialog shows how far it is.
    expect(dialog).to_contain_text("50 files have been changed.", timeout=90_000)
    assert violations(page, "#bulk-dialog") == []
    dialog.get_by_role("button", name="Close", exact=True).click()
    page.goto(f"{library}?tag=low+tide")
    expect(page.locator("[data-asset-id]").first).to_be_visible()
    expect(page.get_by_text("50 files", exact=False).first).to_be_visible()


def test_texts_are_edited_in_a_table(page: Page, library: str):
    page.goto(f"{library}?kind=image")
    select(page, "Quay", "Pier")
    press(page, "Edit texts")
    expect(page.get_by_role("table")).to_be_visible()
    assert violations(page) == []

    page.get_by_label("Alt text: Quay").fill("A quay at low tide")
    page.get_by_label("Title: Pier").fill("")
    page.keyboard.press("Control+s")
    expect(page.locator(".bulk-texts")).to_contain_text("This field is required.")
    assert violations(page, ".bulk-texts") == []
    page.get_by_label("Title: Pier").fill("Pier")
    page.keyboard.press("Control+s")

    expect(page.get_by_role("main")).to_contain_text("2 rows are done.")
    assert violations(page, ".bulk-operation") == []
    page.goto(f"{library}?q=quay+low+tide")
    expect(page.locator("[data-asset-id]", has_text="Quay")).to_have_count(1)


def test_what_is_used_stays_and_says_where(page: Page, library: str):
    page.goto(f"{library}?kind=image")
    select(page, "Quay", "Pier")
    press(page, "Delete")
    dialog = page.get_by_role("dialog", name="Delete files")
    expect(dialog.get_by_role("link", name="Low tide")).to_be_visible()
    dialog.get_by_role("button", name="Delete: 1 file").click()

    expect(dialog).to_contain_text("1 file is in the trash. 1 stays as it was.")
    expect(dialog.get_by_role("link", name="Where it is used")).to_be_visible()
    expect(page.locator("[data-asset-id]", has_text="Pier")).to_have_count(0)
    dialog.get_by_role("button", name="Undo: restore these files").click()
    expect(page.get_by_role("main")).to_contain_text("1 file is back in the library.")
