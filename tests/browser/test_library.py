"""The library in a browser: filters without a reload, selection by keyboard, folders, and how it looks everywhere."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

FILL = """
from wagtail.models import Collection
from media_library.models import Asset, CustomImage
from tests.blog.content import make_image
root = Collection.get_first_root_node()
harbour = root.add_child(name="Harbour")
docks = harbour.add_child(name="Docks")
for number in range(1, 8):
    make_image(f"Boat {number}", collection=docks if number < 3 else root, alt_text="" if number == 7 else "A boat")
image = CustomImage.objects.get(title="Boat 1")
image.tags.add("regatta")
image.save()
"""

HEAR = """() => {
    window.heard = [];
    document.addEventListener('library:selection', (event) => window.heard.push(event.detail));
}"""


@pytest.fixture(scope="module")
def filled(stack: Stack) -> None:
    stack.manage("shell", "-v", "0", "-c", FILL + UNTIL_ALL_IS_READY)


@pytest.fixture
def library(page: Page, filled: None) -> Page:
    page.goto("/admin/media/?order=title")
    page.evaluate(HEAR)
    return page


def heard(page: Page) -> dict:
    return json.loads(page.evaluate("JSON.stringify(window.heard.at(-1))"))


def test_filters_search_and_folders_change_the_address_and_back_leads_back(library: Page):
    cards = library.locator(".library-card")
    expect(cards).to_have_count(7)

    library.get_by_role("button", name="Folders in Harbour").click()
    library.get_by_role("link", name="Docks").click()
    expect(cards).to_have_count(2)
    expect(library.get_by_role("link", name="Docks")).to_have_attribute("aria-current", "true")
    library.get_by_role("searchbox").or_(library.get_by_role("combobox", name="Search term")).fill("rega")
    # Wagtail's script searches for what is typed, and writes that into the history.
    expect(library).to_have_url(re.compile("q=rega"))
    library.get_by_role("option", name="Tag regatta").click()
    expect(cards).to_have_count(1)
    expect(library).to_have_url(re.compile("tag=regatta"))
    # Not the header, whose button for filters is Wagtail's own: it shows their number, and its name doesn't say it.
    assert violations(library, ".library") == []

    library.go_back()
    expect(library).to_have_url(re.compile("q=rega"))
    # The address is there before what it leads to.
    expect(library.locator(".library-kinds a").first).to_have_attribute("href", re.compile("q=rega"))
    library.get_by_role("link", name="Clear filters").click()
    expect(cards).to_have_count(7)
    expect(library).not_to_have_url(re.compile("collection"))


def test_files_are_selected_by_keyboard_as_in_a_file_manager(library: Page):
    library.locator(".library-card__link").first.focus()
    keys = library.keyboard
    keys.press("ArrowRight")
    keys.press(" ")
    keys.press("Shift+ArrowRight")
    keys.press("Shift+ArrowRight")
    expect(library.locator(".library-card.is-selected .library-card__link")).to_have_text(
        ["Boat 2", "Boat 3", "Boat 4"]
    )
    expect(library.locator("[data-library-selection-target=announcement]")).to_have_text("3 files selected")

    keys.press("Control+a")
    assert heard(library)["count"] == 7
    assert not heard(library)["all"]
    keys.press("Escape")
    assert (heard(library)["ids"], heard(library)["query"]) == ([], "order=title")

    keys.press("Home")
    keys.press("Enter")
    expect(library.get_by_role("textbox", name="Title*")).to_have_value("Boat 1")
    expect(library).to_have_url(re.compile("next="))


def test_selection_is_counted_once_and_cleared_from_its_bar(library: Page):
    boxes = library.locator(".library-card__check")
    bar = library.locator(".selection-bar")
    boxes.first.check()
    boxes.nth(1).check()
    shown = library.get_by_text("2 files selected").and_(library.locator(":not(.w-sr-only)"))
    expect(shown).to_have_count(1)
    expect(bar).to_contain_text("2 files selected")

    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    assert heard(library)["ids"] == []
    expect(library.locator(".library-card__link").nth(1)).to_be_focused()


@pytest.mark.parametrize(
    ("address", "name"), [("/admin/media/", "Media"), ("/admin/media/collections/", "Media collections")]
)
def test_menu_shows_one_room_as_the_one_that_is_open(page: Page, address: str, name: str):
    page.goto(address)

    active = page.locator(".sidebar-menu-item--active")
    expect(active).to_have_count(1)
    expect(active).to_have_text(name)


@pytest.mark.parametrize("width", [420, 1280])
def test_library_is_free_of_barriers_in_the_dark_and_where_it_is_narrow(library: Page, width: int):
    library.set_viewport_size({"width": width, "height": 800})
    library.emulate_media(color_scheme="dark")
    library.reload()
    expect(library.locator(".library-card")).to_have_count(7)
    library.get_by_role("link", name="As a list").click()
    expect(library.locator(".library-cards--list")).to_be_visible()

    assert violations(library) == []
    expect_no_sideways_scrolling(library, width)
    library.get_by_role("link", name="As a grid").click()
    expect(library.locator(".library-cards--grid")).to_be_visible()
    assert violations(library) == []
