"""The main job, end to end, in a real browser against the real stack."""

from io import BytesIO
from pathlib import Path

import av
import pytest
import requests
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.uploading import upload
from tests.media import film_bytes, photo_bytes
from tests.stack import Stack

PHOTOS = ("harbour", "meadow", "summit")
TYPES = {"image/avif": "AVIF", "image/webp": "WEBP", "image/jpeg": "JPEG"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three photographs, turned as cameras turn them, and a film."""
    folder = tmp_path_factory.mktemp("files")
    for name, orientation in zip(PHOTOS, (1, 6, 3), strict=True):
        (folder / f"{name}.jpg").write_bytes(photo_bytes(1600, 1200, orientation=orientation))
    (folder / "tide.mp4").write_bytes(film_bytes(folder, seconds=3, width=640, height=360, fps=24))
    (folder / "broken.jpg").write_bytes(photo_bytes()[:4000])
    return folder


def _everything_is_ready(page: Page, address: str, count: int) -> None:
    """Watch the listing, without a reload, until each status says ready."""
    page.goto(address)
    statuses = page.locator("[data-asset-status]")
    expect(statuses).to_have_count(count)
    for index in range(count):
        expect(statuses.nth(index)).to_contain_text("Ready", timeout=90_000)


def _describe(page: Page, title: str, alt_text: str) -> None:
    """Say in the library what can be seen: without that, a featured picture is not published."""
    page.goto("/admin/images/")
    page.locator("#main").get_by_role("link", name=title).first.click()
    page.get_by_label("Alt text").fill(alt_text)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("updated")


def _sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _add_block(page: Page, name: str) -> None:
    page.locator("#panel-child-content-body-section").get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def _choose(page: Page, section: str, button: str, title: str) -> None:
    page.locator(f"#panel-child-content-{section}-section").get_by_role("button", name=button).last.click()
    dialog = page.locator(".modal-dialog")
    dialog.get_by_text(title, exact=True).first.click()
    expect(dialog).to_be_hidden()


def test_editor_drops_media_writes_a_post_previews_and_publishes_it(page: Page, stack: Stack, files: Path):
    _sign_in(page)
    # Drop three photographs, and one that is broken.
    upload(page, *(files / f"{name}.jpg" for name in PHOTOS), files / "broken.jpg", done=3)
    expect(page.get_by_text("damaged or cut off")).to_be_visible()
    # Drop a film.
    upload(page, files / "tide.mp4")

    _everything_is_ready(page, "/admin/images/", 3)
    _everything_is_ready(page, "/admin/videos/", 1)
    _describe(page, "harbour", "Boats in a harbour")

    # Write a post with both.
    index_id = requests.get(f"{stack.url}/api/v2/pages/", timeout=30).json()["items"][0]["id"]
    page.goto(f"/admin/pages/add/blog/postpage/{index_id}/", wait_until="networkidle")
    page.locator("#id_title").fill("A day by the sea")
    page.keyboard.press("Tab")
    expect(page.locator("#id_slug")).to_have_value("a-day-by-the-sea")
    _choose(page, "featured_image", "Choose an image", "harbour")
    _add_block(page, "Image")
    _choose(page, "body", "Choose an image", "summit")
    page.locator("#panel-child-content-body-section").get_by_label("Alt text").fill("A summit under snow")
    _add_block(page, "Video")
    _choose(page, "body", "Choose a video", "tide")

    # Preview what nobody has published.
    page.get_by_role("button", name="Toggle preview").click()
    draft = page.frame_locator("#w-preview-iframe")
    expect(draft.get_by_role("heading", name="A day by the sea")).to_be_visible()
    expect(draft.get_by_alt_text("A summit under snow")).to_be_attached()
    expect(draft.locator("video")).to_be_attached()
    assert requests.get(f"{stack.url}/api/v2/pages/?slug=a-day-by-the-sea", timeout=30).json()["items"] == []

    # Publish, once Wagtail has saved the draft by itself: a click in the middle of that is refused.
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("published.").first).to_be_visible()

    _api_gives_the_whole_post(stack)
    _page_shows_picture_and_plays_film(page)


def _api_gives_the_whole_post(stack: Stack) -> None:
    listing = requests.get(f"{stack.url}/api/v2/pages/?type=blog.PostPage&slug=a-day-by-the-sea&fields=*", timeout=30)
    post = listing.json()["items"][0]
    blocks = {block["type"]: block["value"] for block in post["body"]}
    featured, placed, film = post["featured_image"], blocks["image"], blocks["video"]

    assert featured["title"] == "harbour"
    assert placed["alt"] == "A summit under snow"
    for image in (featured, placed, film["poster"]):
        assert [source["type"] for source in image["sources"]] == ["image/avif", "image/webp"]
        for source in [*image["sources"], {"type": "image/jpeg", "srcset": image["srcset"]}]:
            _each_url_decodes_to_its_stated_width(source)
    assert film["sources"][0]["type"] == "application/vnd.apple.mpegurl"
    _film_plays(next(source for source in film["sources"] if source["type"] == "video/mp4"))


def _each_url_decodes_to_its_stated_width(source: dict) -> None:
    candidates = [candidate.rsplit(" ", 1) for candidate in source["srcset"].split(", ")]
    assert candidates
    for url, width in candidates:
        answer = requests.get(url, timeout=30)
        image = Image.open(BytesIO(answer.content))
        image.load()
        assert answer.status_code == 200
        # Where AVIF would be larger, WebP stands in for it.
        assert answer.headers["Content-Type"] in (source["type"], "image/webp")
        assert (f"{image.width}w", image.format) == (width, TYPES[answer.headers["Content-Type"]])


def _film_plays(source: dict) -> None:
    answer = requests.get(source["src"], timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, source["type"])
    with av.open(BytesIO(answer.content)) as container:
        frame = next(container.decode(video=0))
        assert (frame.width, frame.height) == (source["width"], source["height"])


def _page_shows_picture_and_plays_film(page: Page) -> None:
    page.goto("/a-day-by-the-sea/")
    picture = page.locator("main picture img").first
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('main picture img').naturalWidth > 0")
    assert "format-avif" in picture.evaluate("image => image.currentSrc")
    # The player is made when the film comes near the window.
    page.locator("video").first.scroll_into_view_if_needed()
    page.get_by_role("button", name="Play Video").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
