"""Panoramas can be looked around in, in a real browser, on pages and in the admin: by pointer and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.spheres import OF_THE_BROWSER, changes, looks, panorama
from tests.browser.visitors import visiting
from tests.stack import Stack

SEED = (
    """
from pathlib import Path
from django.core.files.base import ContentFile
from blog.models import BlogIndexPage
from media_library.models import CustomImage, Video
from tests.blog.content import image_block, make_post, video_block
from tests.browser.spheres import square
from tests.media import film_bytes
from tests.special_media import film_all_around
square = ContentFile(square(), "square.jpg")
image = CustomImage(title="Square", alt_text="A square in four colours", file=square)
image.save()
walk = film_all_around(film_bytes(Path({folder!r}), seconds=4, width=640, height=320))
film = Video(title="Walk", file=ContentFile(walk, "walk.mp4"))
film.save()
"""
    + UNTIL_ALL_IS_READY
    + """
make_post(BlogIndexPage.objects.get(), 1, body=[image_block(image), video_block(film)])
print(image.pk, film.pk)
"""
)


PAUSE_SOON = """video => {
  video.addEventListener('timeupdate', function look() {
    if (video.currentTime < 0.3) return;
    video.removeEventListener('timeupdate', look);
    video.pause();
  });
}"""
"""By the page itself: its four seconds may be over before a test gets to it."""


@pytest.fixture(scope="module")
def ids(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = str(tmp_path_factory.mktemp("film"))
    seed = SEED.format(folder=folder)
    return stack.manage("shell", "-v", "0", "-c", seed).split()


@pytest.fixture
def post(browser: Browser, stack: Stack, ids: list[str]) -> Iterator[Page]:
    """A window for the post of somebody who isn't logged in, under a strict policy that it doesn't breach."""
    with visiting(browser, stack, but=OF_THE_BROWSER) as page:
        yield page


def test_visitor_looks_around_with_keys_and_pointer(post: Page) -> None:
    post.goto("/post-1/")
    canvas = panorama(post, "Square here")
    looks(canvas, "front")

    canvas.focus()
    for _step in range(9):
        canvas.press("ArrowRight")
    looks(canvas, "right")
    for _step in range(9):
        canvas.press("ArrowRight")
    looks(canvas, "back")
    canvas.press("Home")
    looks(canvas, "front")

    box = canvas.bounding_box()
    y = box["y"] + box["height"] / 2
    post.mouse.move(box["x"] + 100, y)
    post.mouse.down()
    post.mouse.move(box["x"] + 100 + box["height"] * 1.2, y, steps=8)
    post.mouse.up()
    looks(canvas, "left")


def test_film_is_turned_while_it_plays(post: Page) -> None:
    post.goto("/post-1/")
    film = post.locator("[data-sphere]:not([data-src])")
    film.scroll_into_view_if_needed()
    video = film.locator("video")
    video.evaluate(PAUSE_SOON)
    film.get_by_role("button", name="Play Video").click()
    canvas = film.get_by_role("application", name="Walk (360°)")
    expect(canvas).to_be_visible()
    post.wait_for_function("video => video.paused && video.currentTime > 0", arg=video.element_handle())

    paused_at = video.evaluate("video => video.currentTime")
    before = canvas.screenshot()
    canvas.focus()
    for _step in range(4):
        canvas.press("ArrowLeft")
    changes(canvas, before)
    # The arrows have not been taken for seeking.
    assert video.evaluate("video => video.currentTime") == paused_at
    expect(film.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_without_webgl_the_picture_is_flat_and_whole(post: Page) -> None:
    post.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    post.goto("/post-1/")
    post.locator("[data-sphere][data-src]").scroll_into_view_if_needed()
    post.wait_for_timeout(500)

    expect(post.get_by_role("img", name="Square here")).to_be_visible()
    expect(post.locator("canvas")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_editor_looks_around_on_the_page_of_the_asset(page: Page, ids: list[str], theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 420, "height": 900} if theme == "dark" else {"width": 1280, "height": 900})
    page.goto(f"/admin/images/{ids[0]}/")
    canvas = panorama(page, "A square in four colours")
    looks(canvas, "front")

    canvas.focus()
    for _step in range(9):
        canvas.press("ArrowLeft")
    looks(canvas, "left")
    assert violations(page, ".special-media__sphere") == []
