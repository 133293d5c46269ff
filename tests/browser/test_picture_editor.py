"""Editing a picture with a real mouse and a real keyboard, and what workers make of it."""

import base64
from io import BytesIO

import pytest
import requests
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

CANVAS = ".picture-editor__frame canvas"

UPLOAD = """
from media_library.models import CustomImage
from tests.media import photo_file
CustomImage(title="Quay", file=photo_file(width=1600, height=1200, orientation=6)).save()
"""


@pytest.fixture(scope="module")
def image_id(stack: Stack) -> int:
    """A photograph of 1600 by 1200 pixels, shared by all tests."""
    stack.manage("shell", "-v", "0", "-c", UPLOAD + UNTIL_ALL_IS_READY)
    return requests.get(f"{stack.url}/api/v2/images/", timeout=10).json()["items"][0]["id"]


@pytest.fixture
def editor(page: Page, image_id: int) -> Page:
    """The editor of the photograph, which is unedited here, whatever the tests before have saved."""
    page.goto(f"/admin/images/{image_id}/edit-picture/")
    expect(page.locator("form.picture-editor[data-ready]")).to_be_visible()
    expect(size(page)).not_to_be_empty()
    if tool(page, "Reset to original").is_enabled():
        tool(page, "Reset to original").click()
    expect(tool(page, "Reset to original")).to_be_disabled()
    expect(size(page)).to_have_text("1600 × 1200")
    return page


def painted(page: Page) -> None:
    """Wait until the page shows what was changed: it is painted before the next frame, and not by the event itself."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def size(page: Page) -> Locator:
    return page.locator("#picture-size")


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def handle(page: Page, name: str) -> Locator:
    return tool(page, f"{name} of the crop")


def drag(page: Page, what: Locator, right: float, down: float) -> None:
    """Drag by fractions of the picture."""
    painted(page)
    begin, picture = what.bounding_box(), page.locator(CANVAS).bounding_box()
    x, y = begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right * picture["width"] / 2, y + down * picture["height"] / 2)
    page.mouse.move(x + right * picture["width"], y + down * picture["height"])
    page.mouse.up()
    painted(page)


def type_number(page: Page, label: str, number: float) -> None:
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(str(number))
    field.press("Tab")


def seen(page: Page) -> Image.Image:
    """What lies inside the crop on the canvas."""
    painted(page)
    data = page.locator(CANVAS).evaluate("canvas => canvas.toDataURL('image/png')")
    picture = Image.open(BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB")
    canvas, crop = page.locator(CANVAS).bounding_box(), page.locator(".picture-editor__crop").bounding_box()
    scale = picture.width / canvas["width"]
    left, top = (crop["x"] - canvas["x"]) * scale, (crop["y"] - canvas["y"]) * scale
    return picture.crop(
        (round(left), round(top), round(left + crop["width"] * scale), round(top + crop["height"] * scale))
    )


def save(page: Page) -> None:
    tool(page, "Save the picture").click()
    expect(page.get_by_text("The picture is saved.")).to_be_visible()
    expect(page.get_by_text("You have unsaved edits")).to_be_hidden()
    expect(page.locator("[data-asset-status]")).to_contain_text("Ready", timeout=90_000)


def published(page: Page, stack: Stack) -> tuple[dict, Image.Image]:
    image_id = page.url.rstrip("/").split("/")[-2]
    image = requests.get(f"{stack.url}/api/v2/images/{image_id}/", timeout=10).json()
    return image, Image.open(BytesIO(requests.get(image["src"], timeout=10).content)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures, 0 to 255, at a size at which compression and grain don't count."""
    small = [picture.resize((80, 60), Image.Resampling.BOX) for picture in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean)


def corner_colours(picture: Image.Image) -> list[tuple[int, ...]]:
    small = picture.resize((40, 40), Image.Resampling.BOX)
    return [small.getpixel(place) for place in ((1, 1), (38, 1), (1, 38), (38, 38))]


def test_workers_make_what_the_canvas_showed(editor: Page, stack: Stack):
    tool(editor, "Turn right").click()
    tool(editor, "Flip vertically").click()
    drag(editor, handle(editor, "Top left corner"), 0.1, 0.05)
    handle(editor, "Bottom edge").focus()
    for _ in range(3):
        editor.keyboard.press("Shift+ArrowUp")
    type_number(editor, "Straighten", 4)
    type_number(editor, "Brightness", 15)
    type_number(editor, "Contrast", -20)
    type_number(editor, "Saturation", 40)
    type_number(editor, "Blur", 12)
    editor.get_by_label("Mark", exact=True).select_option("text")
    painted(editor)
    unmarked = editor.locator(CANVAS).evaluate("canvas => canvas.toDataURL('image/png')")
    editor.get_by_label("Text", exact=True).fill("© Harbour Press")
    editor.wait_for_function(
        f"unmarked => document.querySelector('{CANVAS}').toDataURL('image/png') !== unmarked", arg=unmarked
    )
    shown, shown_size = seen(editor), size(editor).inner_text()

    save(editor)

    image, made = published(editor, stack)
    assert f"{image['width']} × {image['height']}" == shown_size
    assert made.width / made.height == pytest.approx(image["width"] / image["height"], rel=0.01)
    assert difference(shown, made) < 3
    for one, other in zip(corner_colours(shown), corner_colours(made), strict=True):
        assert one == pytest.approx(other, abs=12)


def test_what_was_saved_is_there_again(editor: Page):
    editor.get_by_role("radio", name="1:1").check()
    editor.get_by_role("radio", name="Sepia").check()
    expect(size(editor)).to_have_text("1200 × 1200")
    save(editor)

    editor.reload()

    expect(size(editor)).to_have_text("1200 × 1200")
    expect(editor.get_by_role("radio", name="Sepia")).to_be_checked()
    expect(tool(editor, "Save the picture")).to_be_disabled()


def test_crop_is_moved_and_resized_by_keyboard(editor: Page):
    handle(editor, "Right edge").focus()
    for _ in range(10):
        editor.keyboard.press("Shift+ArrowLeft")
    expect(size(editor)).to_have_text("800 × 1200")

    editor.get_by_role("button", name="Move the crop with arrow keys").focus()
    editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("ArrowRight")

    expect(editor.get_by_role("spinbutton", name="Left")).to_have_value("88")
    expect(size(editor)).to_have_text("800 × 1200")


def test_preset_keeps_its_aspect_under_the_mouse(editor: Page):
    editor.get_by_role("radio", name="16:9").check()
    expect(size(editor)).to_have_text("1600 × 900")

    drag(editor, handle(editor, "Bottom right corner"), -0.5, -0.1)

    width, height = (int(part) for part in size(editor).inner_text().split(" × "))
    assert width < 1000
    assert width / height == pytest.approx(16 / 9, rel=0.01)


def test_edits_are_undone_and_redone_by_keyboard(editor: Page):
    tool(editor, "Turn left").click()
    expect(size(editor)).to_have_text("1200 × 1600")

    editor.keyboard.press("Control+z")
    expect(size(editor)).to_have_text("1600 × 1200")
    expect(tool(editor, "Redo")).to_be_enabled()

    editor.keyboard.press("Control+Shift+Z")
    expect(size(editor)).to_have_text("1200 × 1600")


def test_holding_shows_the_original(editor: Page):
    before = seen(editor)
    type_number(editor, "Brightness", -80)
    dark = seen(editor)

    tool(editor, "Hold to compare").hover()
    editor.mouse.down()
    expect(editor.locator(".picture-editor__crop")).to_be_hidden()
    data = editor.locator(CANVAS).evaluate("canvas => canvas.toDataURL('image/png')")
    editor.mouse.up()

    held = Image.open(BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB")
    assert difference(before, dark) > 30
    assert difference(before, held) < 2


def test_reset_brings_the_original_back(editor: Page, stack: Stack):
    before = seen(editor)
    tool(editor, "Turn right").click()
    save(editor)

    tool(editor, "Reset to original").click()
    save(editor)

    image, made = published(editor, stack)
    assert (image["width"], image["height"]) == (1600, 1200)
    assert difference(before, made) < 3


def test_focal_point_is_set_by_a_click_and_moved_by_keys(editor: Page, stack: Stack):
    tool(editor, "Set on the picture").click()
    picture = editor.locator(CANVAS).bounding_box()
    editor.mouse.click(picture["x"] + picture["width"] * 0.25, picture["y"] + picture["height"] * 0.5)
    expect(editor.get_by_role("button", name="Focal point")).to_be_focused()
    editor.keyboard.press("Shift+ArrowRight")
    save(editor)

    image, _made = published(editor, stack)
    assert (image["focal_point"]["x"], image["focal_point"]["y"]) == pytest.approx((0.3, 0.5), abs=0.01)


def test_leaving_with_unsaved_edits_asks_first(editor: Page):
    tool(editor, "Turn right").click()
    expect(editor.get_by_text("You have unsaved edits")).to_be_visible()
    asked = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    editor.on("dialog", stay)
    editor.goto("/admin/images/")

    assert asked == ["beforeunload"]


def test_refusal_is_told_in_words_and_loses_nothing(editor: Page):
    editor.get_by_label("Mark", exact=True).select_option("text")
    editor.get_by_label("Text", exact=True).fill("日本")
    expect(editor.get_by_text("The font of watermarks has no 日 本.").first).to_be_visible()

    tool(editor, "Save the picture").click()

    expect(editor.locator(".picture-editor__refusal")).to_contain_text("The font of watermarks has no")
    expect(tool(editor, "Save the picture")).to_be_enabled()
