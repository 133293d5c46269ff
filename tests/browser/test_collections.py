"""Putting a media collection together, with the mouse and without one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.stack import Stack

THERE = """
import io
from django.core.files.base import ContentFile
from media_library import media_collections
from media_library.models import CustomDocument, MediaCollection
papers = [CustomDocument.objects.filter(title=title).first()
          or CustomDocument.objects.create(title=title, file=ContentFile(title.encode(), name=title + ".txt"))
          for title in ("Anchor", "Buoy", "Cable", "Dinghy")]
MediaCollection.objects.all().delete()
collection = MediaCollection.objects.create(title="Summer at sea")
media_collections.add(collection, papers[:3])
print(collection.pk)
"""

ORDER = """
from media_library.models import MediaCollection
print(" ".join(item.asset.title[0] for item in MediaCollection.objects.get().items.select_related("asset")))
"""


@pytest.fixture
def address(stack: Stack) -> str:
    """The page of a collection that holds three of four documents."""
    return f"/admin/media/collections/edit/{stack.manage('shell', '-v', '0', '-c', THERE).strip()}/"


@pytest.fixture
def stored(stack: Stack) -> Callable[[], str]:
    """The first letters of what is in the collection, as the database has them."""
    return lambda: stack.manage("shell", "-v", "0", "-c", ORDER).strip()


def test_files_are_put_in_order_by_dragging_and_by_keys(
    page: Page, stack: Stack, address: str, stored: Callable[[], str]
) -> None:
    page.goto(stack.url + address)
    tiles, status = page.locator("[data-item]"), page.locator("[data-media-collection-target=status]")
    assert violations(page) == []

    with page.expect_response("**/items/move/"):
        tiles.nth(2).locator(".curating__handle").drag_to(tiles.nth(0).locator(".curating__picture"))
    expect(status).to_contain_text("“Cable” is now number 1 of 3.")

    anchor = page.locator("[data-item][data-title=Anchor]")
    anchor.get_by_role("button", name="Later").focus()
    with page.expect_response("**/items/move/"):
        page.keyboard.press("Alt+ArrowRight")
    expect(status).to_contain_text("“Anchor” is now number 3 of 3.")
    expect(anchor.get_by_role("button", name="Later")).to_be_focused()
    with page.expect_response("**/items/move/"):
        page.keyboard.press("Alt+Home")
    expect(status).to_contain_text("“Anchor” is now number 1 of 3.")

    assert stored() == "A C B"


def test_files_are_added_from_the_library_and_taken_out(
    page: Page, stack: Stack, address: str, stored: Callable[[], str]
) -> None:
    page.goto(stack.url + address)

    page.get_by_role("button", name="Add from the library").click()
    page.get_by_role("checkbox", name="Dinghy").check()
    page.get_by_role("button", name="Confirm selection").click()
    expect(page.locator("[data-item][data-title=Dinghy]")).to_be_visible()
    expect(page.locator(".curating__count")).to_have_text("4")

    page.locator("[data-item][data-title=Buoy]").get_by_role("button", name="Take out of the collection").click()
    expect(page.locator("[data-item][data-title=Buoy]")).to_have_count(0)
    expect(page.locator(".curating__count")).to_have_text("3")

    assert sorted(stored().split()) == ["A", "C", "D"]
