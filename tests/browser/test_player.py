"""Films play in the player, in a real browser: every rung of the ladder, captions, thumbnails, and by keyboard."""

import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visitors import visiting
from tests.hls import CAPTION, TILE_COLOURS
from tests.media import film_bytes
from tests.stack import Stack

SECONDS = 12

PUBLISH = """
from pathlib import Path
from django.core.files.base import ContentFile
from blog.models import BlogIndexPage
from media_library.models import Asset, Video
from tests.blog.content import make_post, video_block
from tests.hls import add_captions, add_storyboard, publish_ladder
folder = Path({folder!r})
file = ContentFile((folder / "film.mp4").read_bytes(), "tide.mp4")
film = Video(title="Tide", alt_text="A box crosses a gradient", file=file)
film.save()
Asset.objects.filter(pk=film.pk).update(width=640, height=360, duration={seconds})
film.refresh_from_db()
publish_ladder(film, folder / "film.mp4", folder)
add_storyboard(film, {seconds})
add_captions(film, {seconds})
make_post(BlogIndexPage.objects.get(), 1, body=[video_block(film)])
make_post(BlogIndexPage.objects.get(), 2, body=[])
print(film.pk)
"""


WORKERS = ("worker_images", "worker_video")


@pytest.fixture(scope="module")
def stack(stack: Stack) -> Iterator[Stack]:
    """A post that shows a film with everything; no worker makes anything of it."""
    for name in WORKERS:
        stack.kill(name)
    yield stack
    for name in WORKERS:
        stack.start(name)


@pytest.fixture(scope="module")
def film_id(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("film")
    film_bytes(folder, seconds=SECONDS, width=640, height=360)
    return int(stack.manage("shell", "-v", "0", "-c", PUBLISH.format(folder=str(folder), seconds=SECONDS)))


@pytest.fixture
def visitor(browser: Browser, stack: Stack, film_id: int) -> Iterator[Page]:
    """A window of somebody who isn't logged in, under a strict policy."""
    with visiting(browser, stack) as page:
        yield page


@pytest.fixture
def asked(visitor: Page) -> list[str]:
    """The addresses that the page has asked for so far."""
    addresses: list[str] = []
    visitor.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.fixture
def player(visitor: Page) -> Locator:
    """The film of the post in its player, paused at its beginning."""
    visitor.goto("/post-1/")
    found = visitor.get_by_role("region", name="A box crosses a gradient")
    expect(found).to_be_visible()
    return found


def _play(player: Locator) -> None:
    player.get_by_role("button", name="Play Video").click()
    _wait(player, "video => video.currentTime > 0.5 && !video.paused")


def _wait(player: Locator, condition: str) -> None:
    video = player.locator("video").element_handle()
    player.page.wait_for_function(condition, arg=video)


def _point_at_controls(player: Locator) -> None:
    """As visitors do: they hide after two seconds, and let the pointer through, but not from who points at them."""
    controls = player.locator(".vjs-control-bar")
    box, deadline, right = controls.bounding_box(), time.monotonic() + 30, 0
    while not controls.evaluate("controls => controls.matches(':hover')"):
        assert time.monotonic() < deadline, "they stay hidden"
        right = (right + 40) % int(box["width"])
        player.page.mouse.move(box["x"] + right, box["y"] + box["height"] / 2)
        player.page.wait_for_timeout(100)


def _time(player: Locator) -> float:
    return player.locator("video").evaluate("video => video.currentTime")


def _paused(player: Locator) -> bool:
    return player.locator("video").evaluate("video => video.paused")


def test_film_plays(player: Locator):
    _play(player)

    before = _time(player)
    _wait(player, f"video => video.currentTime > {before + 1}")


def test_film_is_streamed_by_the_player_and_not_as_one_file(asked: list[str], player: Locator):
    _play(player)

    assert any(".m3u8" in url for url in asked)
    assert not any("/mp4-" in url for url in asked)
    assert player.locator("video").get_attribute("src").startswith("blob:")


def test_visitor_chooses_another_rung(player: Locator):
    _play(player)
    menu = player.get_by_role("button", name="Quality")
    _point_at_controls(player)

    for lines in (180, 360):
        menu.click()
        player.get_by_role("menuitemradio", name=f"{lines}p", exact=True).click()
        _wait(player, f"video => video.videoHeight === {lines}")

    menu.click()
    expect(player.get_by_role("menuitemradio", name="360p", checked=True)).to_be_visible()
    expect(player.get_by_role("menuitemradio", name="Automatic")).not_to_be_checked()


def test_caption_that_is_on_by_itself_is_shown(player: Locator):
    _play(player)

    expect(player.locator(".vjs-text-track-cue")).to_have_text(CAPTION)


def test_captions_are_switched_off_in_the_menu(player: Locator):
    _play(player)
    _point_at_controls(player)
    player.get_by_role("button", name="Captions").click()
    player.get_by_role("menuitemradio", name="captions off").click()

    expect(player.locator(".vjs-text-track-cue")).to_have_count(0)


def test_pointer_over_the_seek_bar_shows_the_picture_of_that_moment(player: Locator):
    _play(player)
    bar = player.get_by_role("slider", name="Progress Bar")
    box = bar.bounding_box()

    for number, colour in enumerate(TILE_COLOURS):
        player.page.mouse.move(box["x"] + box["width"] * (number + 0.5) / len(TILE_COLOURS), box["y"] + 2)
        thumbnail = player.locator(".film-player__thumbnail")
        expect(thumbnail).to_be_visible()
        expect(thumbnail).to_have_css("background-position", f"{-160 * number}px 0px")
        _until_it_has_come(thumbnail, colour)


def _until_it_has_come(thumbnail: Locator, colour: tuple[int, int, int]) -> None:
    """A picture has its place before it is there."""
    deadline = time.monotonic() + 30
    while not _is_colour(thumbnail, colour):
        assert time.monotonic() < deadline, f"never of colour {colour}"
        thumbnail.page.wait_for_timeout(100)


def _is_colour(element: Locator, colour: tuple[int, int, int]) -> bool:
    shot = Image.open(BytesIO(element.screenshot())).convert("RGB")
    seen = shot.getpixel((shot.width // 2, shot.height // 2))
    return all(abs(one - other) < 20 for one, other in zip(seen, colour, strict=True))


def test_arrows_on_the_seek_bar_show_the_picture_too(player: Locator):
    _play(player)
    player.page.keyboard.press("Tab")
    bar = player.get_by_role("slider", name="Progress Bar")
    bar.focus()
    player.page.keyboard.press("ArrowRight")

    expect(player.locator(".film-player__thumbnail")).to_be_visible()


def test_film_is_played_by_keyboard_alone(player: Locator):
    page = player.page
    button = player.get_by_role("button", name="Play Video")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    _wait(player, "video => !video.paused && video.currentTime > 0.2")

    page.keyboard.press("k")
    _wait(player, "video => video.paused")
    before = _time(player)
    page.keyboard.press("ArrowRight")
    _wait(player, f"video => video.currentTime > {before + 4}")
    page.keyboard.press("ArrowLeft")
    _wait(player, f"video => video.currentTime < {before + 1}")
    page.keyboard.press("m")
    _wait(player, "video => video.muted")
    page.keyboard.press("Space")
    _wait(player, "video => !video.paused")


def test_length_is_shown_before_anything_is_loaded(player: Locator):
    expect(player.locator(".vjs-duration-display")).to_have_text("0:12")


def test_post_without_a_film_loads_no_player(visitor: Page, asked: list[str]):
    visitor.goto("/post-2/", wait_until="networkidle")

    assert [url for url in asked if "player" in url or "video" in url] == []


def test_player_is_loaded_only_when_its_film_comes_near(visitor: Page, asked: list[str]):
    # As a stylesheet of the site: the film stands far below.
    visitor.route(
        "**/frame.css", lambda route: route.fulfill(body="main { padding-top: 5000px }", content_type="text/css")
    )
    visitor.goto("/post-1/", wait_until="networkidle")
    assert not any("video.min.js" in url for url in asked)

    visitor.mouse.wheel(0, 5000)

    expect(visitor.locator(".video-js")).to_be_visible()


def test_without_scripts_the_film_is_a_plain_video(browser: Browser, stack: Stack, film_id: int):
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/post-1/")
    video = page.locator("video")

    assert video.get_attribute("controls") is not None
    assert [source.get_attribute("type") for source in video.locator("source").all()] == [
        "application/vnd.apple.mpegurl",
        "video/mp4",
    ]
    assert video.locator("track").get_attribute("srclang") == "en"
    context.close()


def test_editor_picks_the_poster_at_a_moment_of_the_film(page: Page, stack: Stack, film_id: int):
    page.goto(f"/admin/videos/edit/{film_id}/")
    player = page.locator(".video-js")
    _play(player)
    _point_at_controls(player)
    player.get_by_role("button", name="Pause").click()
    bar = player.get_by_role("slider", name="Progress Bar")
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 2)
    _wait(player, f"video => Math.abs(video.currentTime - {SECONDS / 2}) < 1")

    page.get_by_role("button", name="Use this moment as the poster").click()

    picker = page.get_by_role("region", name="Poster")
    expect(picker).to_contain_text("The moment 0:06")
    expect(picker.get_by_role("status")).to_contain_text("being drawn")
    picker.get_by_role("button", name="Automatic").click()
    expect(picker).to_contain_text("Found by itself")
    expect(picker.get_by_role("button", name="Automatic")).to_be_hidden()
