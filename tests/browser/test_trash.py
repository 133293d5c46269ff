"""What is used is refused; it is replaced everywhere, goes to the trash, comes back, and ends."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from tests.media import photo_bytes
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomImage
for title, width in (("Old quay", 640), ("New quay", 480)):
    image = CustomImage(title=title, alt_text=title, file=ContentFile(photo_bytes(width), "quay.jpg"))
    image.save()
    if title.startswith("Old"):
        index = BlogIndexPage.objects.get()
        live = index.add_child(instance=PostPage(title="High tide", slug="high-tide", featured_image=image))
        draft = index.add_child(instance=PostPage(title="Low tide", slug="low-tide", live=False))
        draft.featured_image = image
        draft.save_revision()
"""


@pytest.fixture(scope="module", autouse=True)
def _library(stack: Stack) -> None:
    stack.manage("shell", "-v", "0", "-c", f"{SEED}{UNTIL_ALL_IS_READY}live.save_revision().publish()")


def _id(stack: Stack, title: str) -> int:
    code = f"from media_library.models import Asset; print(Asset.objects.get(title='{title}').pk)"
    return int(stack.manage("shell", "-v", "0", "-c", code).strip())


def test_used_picture_is_replaced_everywhere_deleted_brought_back_and_ended(page: Page, stack: Stack):
    page.goto(f"/admin/images/{_id(stack, 'Old quay')}/delete/")
    expect(page.get_by_role("alert")).to_contain_text("“Old quay” is used in 2 places")
    expect(page.get_by_role("button", name="Yes, delete")).to_have_count(0)
    expect(page.get_by_role("link", name="Low tide")).to_be_visible()

    page.get_by_role("link", name="Replace everywhere with …").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    # The chooser opens once its script has come.
    page.wait_for_load_state()
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".media-chooser-modal").get_by_text("New quay").click()
    expect(page.locator(".media-choice")).to_contain_text("New quay")
    assert violations(page) == []
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(page.locator("#main").get_by_role("heading", name="Replaced in 2 places")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="Delete it").click()
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.locator(".messages")).to_contain_text("“Old quay” is in the trash")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messages")).to_contain_text("“Old quay” is back in the library.")

    page.goto(f"/admin/images/{_id(stack, 'Old quay')}/delete/")
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.locator(".messages")).to_contain_text("“Old quay” is in the trash")
    page.get_by_role("link", name="Trash", exact=True).last.click()
    expect(page.get_by_role("cell", name="Old quay Image")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Restore Old quay").press("Enter")
    expect(page.locator(".messages")).to_contain_text("“Old quay” is back in the library.")
    expect(page.get_by_text("The trash is empty.")).to_be_visible()

    page.goto(f"/admin/images/{_id(stack, 'Old quay')}/delete/")
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.locator(".messages")).to_contain_text("“Old quay” is in the trash")
    page.goto("/admin/media/trash/")
    page.get_by_role("link", name="Empty the trash").click()
    yes = page.get_by_role("button", name="Yes, delete for good")
    expect(yes).to_be_visible()
    assert violations(page) == []
    yes.click()
    expect(page.locator(".messages")).to_contain_text("1 file has been deleted for good.")
