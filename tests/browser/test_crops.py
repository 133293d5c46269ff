"""All crops of a picture beside one another, as the focal point moves, and what workers make of it."""

import base64
import time
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.test_board import darken
from tests.browser.test_picture_editor import CANVAS, difference, painted, save, tool
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from media_library.models import CustomImage
image = CustomImage(title="Hopper", file=ContentFile(open({path!r}, "rb").read(), "hopper.jpg"))
image.save()
"""

SEED_FILM = """
import tempfile
from pathlib import Path
from django.core.files.base import ContentFile
from media_library.models import Video
from tests.media import film_bytes
with tempfile.TemporaryDirectory() as folder:
    film = Video(title="Tide", file=ContentFile(film_bytes(Path(folder)), "tide.mp4"))
film.save()
"""


@pytest.fixture
def film_id(stack: Stack) -> int:
    return int(stack.manage("shell", "-v", "0", "-c", SEED_FILM + UNTIL_ALL_IS_READY + "print(film.pk)").split()[-1])


@pytest.fixture
def image_id(stack: Stack) -> int:
    """A portrait for each test: they edit it."""
    path = str(Path(__file__).parents[1] / "portraits" / "grace-hopper.jpg")
    code = SEED.format(path=path) + UNTIL_ALL_IS_READY + "print(image.pk)"
    return int(stack.manage("shell", "-v", "0", "-c", code).split()[-1])


IS_DRAWN = """canvas => {
  const middle = [Math.floor(canvas.width / 2), Math.floor(canvas.height / 2), 1, 1];
  return canvas.getContext('2d').getImageData(...middle).data[3] === 255;
}"""

# Each text that a panel's status has had: one is there for the second that crops take.
HEAR_STATUS = """panel => {
  window.said = [];
  new MutationObserver(() => {
    const text = panel.querySelector('[role=status]').textContent;
    if (text !== window.said.at(-1)) window.said.push(text);
  }).observe(panel, { childList: true, characterData: true, subtree: true });
}"""


def drawn(crop: Locator) -> Image.Image:
    """What a crop shows, once it shows anything."""
    crop.page.wait_for_function(IS_DRAWN, arg=crop.element_handle())
    data = crop.evaluate("canvas => canvas.toDataURL('image/png')")
    return Image.open(BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB")


def drawn_anew(crop: Locator, before: Image.Image) -> Image.Image:
    """What a crop shows, once that is clearly another picture than before. Fails when it stays the same."""
    until = time.monotonic() + 30
    while difference(before, now := drawn(crop)) <= 10:
        assert time.monotonic() < until, "the crop is as it was"
        crop.page.wait_for_timeout(50)
    return now


def test_crops_follow_the_focal_area_that_is_drawn_on_the_page(page: Page, image_id: int):
    page.goto(f"/admin/images/{image_id}/")
    page.locator("summary").filter(has_text="All crops").press("Enter")
    hero = page.get_by_role("img", name="Crop hero")
    expect(page.locator(".media-crops")).to_contain_text("Too small, not enlarged: 512 × 288")
    before = drawn(hero)

    page.locator(".jcrop-holder").scroll_into_view_if_needed()
    picture = page.locator(".jcrop-holder").bounding_box()
    page.mouse.move(picture["x"] + picture["width"] * 0.3, picture["y"] + picture["height"] * 0.75)
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"] * 0.7, picture["y"] + picture["height"] * 0.95, steps=4)
    page.mouse.up()

    drawn_anew(hero, before)
    assert violations(page, ".media-crops") == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    assert violations(page, ".media-crops") == []
    assert page.locator(".media-crops").evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def test_workers_make_the_crops_that_the_editor_showed(page: Page, stack: Stack, image_id: int):
    page.goto(f"/admin/images/{image_id}/edit-picture/")
    expect(page.locator("form.picture-editor[data-ready]")).to_be_visible()
    hero = page.get_by_role("img", name="Crop hero")
    page.locator(CANVAS).wait_for()
    painted(page)
    before = drawn(hero)

    tool(page, "Turn right").click()
    tool(page, "Set on the picture").press("Enter")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    painted(page)
    shown = drawn(hero)
    save(page)

    image = requests.get(f"{stack.url}/api/v2/images/{image_id}/", timeout=30).json()
    made = Image.open(BytesIO(requests.get(image["presets"]["hero"]["src"], timeout=30).content)).convert("RGB")
    assert difference(before, shown) > 10
    # Of 80 pixels in height, enlarged.
    assert difference(shown, made) < 6


def test_crops_of_a_poster_follow_the_area_that_is_drawn_on_it(page: Page, stack: Stack, film_id: int):
    page.goto(f"/admin/videos/edit/{film_id}/", wait_until="networkidle")
    page.locator("summary").filter(has_text="All crops of the poster").press("Enter")
    square = page.get_by_role("img", name="Crop square")
    before = drawn(square)

    poster = page.get_by_role("button", name="Focal area of the poster")
    poster.scroll_into_view_if_needed()
    box = poster.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    by_pointer = drawn_anew(square, before)
    for _ in range(16):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("Its middle is 85 percent from the left")).to_be_visible()
    shown = drawn_anew(square, by_pointer)

    page.locator(".media-crops").evaluate(HEAR_STATUS)
    page.get_by_role("button", name="Save the focal area").press("Enter")
    page.wait_for_function(
        "() => said.at(-2) === 'Saved. The crops are being made.' && said.at(-1) === ''", timeout=90_000
    )
    found = requests.get(f"{stack.url}/api/v2/videos/{film_id}/", timeout=30).json()["poster"]
    made = Image.open(BytesIO(requests.get(found["presets"]["square"]["src"], timeout=30).content)).convert("RGB")
    assert difference(shown, made.resize(shown.size)) < 6
    assert found["focal_point"]["x"] == pytest.approx(0.85, abs=0.02)

    assert violations(page, ".media-crops") == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    assert violations(page, ".media-crops") == []
    assert page.locator(".media-crops").evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def test_panel_shows_the_new_poster_when_another_moment_is_picked(page: Page, film_id: int):
    page.goto(f"/admin/videos/edit/{film_id}/", wait_until="networkidle")
    page.locator("summary").filter(has_text="All crops of the poster").press("Enter")
    poster = page.get_by_role("button", name="Focal area of the poster")
    address = poster.locator("img").get_attribute("src")
    poster.focus()
    page.keyboard.press("+")
    expect(page.locator(".poster-focus__area")).to_be_visible()

    page.locator("video").evaluate("video => { video.currentTime = 0.9 }")
    page.get_by_role("button", name="Use this moment as the poster").click()
    poster.focus()

    expect(poster.locator("img")).not_to_have_attribute("src", address, timeout=90_000)
    # Still open, with the focus where it was, and nothing is kept of the poster before.
    expect(poster).to_be_focused()
    expect(page.locator(".media-crops")).to_have_attribute("open", "")
    expect(page.locator(".poster-focus__area")).to_be_hidden()
