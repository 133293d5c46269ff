"""The reference front end, ``frontend/site``: built, beside the whole of Darkroom, in a real browser."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import LOG_IN
from tests.browser.front_end import front_end
from tests.browser.site_content import FILMS, HEIGHT, PASSWORD, WIDTH
from tests.browser.spheres import OF_THE_BROWSER, changes, looks, panorama
from tests.processes import free_port
from tests.stack import Stack

DEVELOP_SECONDS = 120

EMPTY_BLOG = """
from wagtail.models import Page, Site
from blog.models import BlogIndexPage
index = BlogIndexPage(title="Journal", slug="journal")
Page.get_first_root_node().add_child(instance=index)
Site.objects.update(root_page=index)
"""
FILL = f"""
import json
{EMPTY_BLOG}
{LOG_IN}
from tests.browser.site_content import make_site
print(json.dumps(make_site()))
"""
UNREADY = """
from media_library.models import Asset
print(Asset.objects.exclude(status="ready").count())
"""

PATHS = (
    "/",
    "/tide-table/",
    "/category/coast",
    "/search?q=tide",
    "/seven-tides/",
    "/ada/",
    "/open-darkroom/",
    "/contact/",
    "/all-around/",
)

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: 'layout-shift', buffered: true});
window.largest = null;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.element) window.largest = entry.element;
}).observe({type: 'largest-contentful-paint', buffered: true});
"""


@dataclass(frozen=True)
class Site:
    """A running front end, the stack behind it, and what is on it."""

    url: str
    stack: Stack
    session_key: str
    ids: dict[str, Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    with Stack(folder / "data", {"ADMIN_PASSWORD": PASSWORD, "FRONTEND_URL": f"http://127.0.0.1:{port}"}) as stack:
        stack.manage("prepare", "--no-demo")
        session_key, ids = stack.manage("shell", "-v", "0", "-c", FILL).strip().splitlines()
        with front_end(port, stack.url, folder / "site.log") as url:
            _wait_until_developed(stack)
            yield Site(url, stack, session_key, json.loads(ids))


def _wait_until_developed(stack: Stack) -> None:
    deadline = time.monotonic() + DEVELOP_SECONDS
    while True:
        images = requests.get(f"{stack.url}/api/v2/images/?fields=status", timeout=10).json()["items"]
        films = requests.get(f"{stack.url}/api/v2/videos/?fields=status", timeout=10).json()["items"]
        if images and len(films) == FILMS and all(one["status"] == "ready" for one in [*images, *films]):
            return
        assert time.monotonic() < deadline, [one["status"] for one in [*images, *films]]
        time.sleep(0.5)


@pytest.fixture
def open_window(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a window of a visitor; none of them may see an error of scripts, or break the policy."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_it(*, admin: bool = False, base_url: str = site.url, **options: Any) -> Page:
        context = browser.new_context(base_url=base_url, **{"viewport": {"width": 1280, "height": 900}} | options)
        context.set_default_timeout(30_000)
        if admin:
            context.add_cookies([{"name": "sessionid", "value": site.session_key, "url": site.stack.url}])
        context.add_init_script(SHIFTS)
        contexts.append(context)
        page = context.new_page()
        if not admin:
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda line: problems.append(line.text) if _is_problem(line) else None)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert problems == []


def _is_problem(line: Any) -> bool:
    # The browser tells of a page that answers 404 or 422 as well; that is looked at where it is expected.
    is_expected = any(words in line.text for words in ("the server responded with a status of 4", *OF_THE_BROWSER))
    return line.type in ("error", "warning") and not is_expected


@pytest.fixture
def visitor(open_window: Callable[..., Page]) -> Page:
    return open_window()


def scroll_through(page: Page) -> None:
    """As a reader does, so that what loads late has its chance to push the rest about."""
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 600) {"
        " scrollTo(0, y); await new Promise((done) => setTimeout(done, 60)); } }"
    )
    page.wait_for_load_state("networkidle")


def wait_for(page: Page, expression: str) -> None:
    """Until it is true. Playwright's own way is an `eval` in the page, which the policy forbids."""
    deadline = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def test_home_shows_the_newest_posts_and_leads_to_older_ones(visitor: Page) -> None:
    visitor.goto("/")
    expect(visitor).to_have_title("Silver & Salt")
    expect(visitor.locator(".card")).to_have_count(12)
    expect(visitor.locator(".card h2").first).to_have_text("The tide table")
    expect(visitor.locator(".masthead nav a")).to_have_text(["About us", "Seven tides", "Open darkroom", "Search"])
    visitor.get_by_role("link", name="Older").click()
    expect(visitor).to_have_url(re.compile(r"/\?p=2$"))
    expect(visitor.locator(".card h2").last).to_have_text("All around")


def test_post_has_its_picture_author_blocks_and_what_to_read_next(visitor: Page) -> None:
    visitor.goto("/tide-table/")
    expect(visitor.locator("h1")).to_have_text("The tide table")
    expect(visitor.locator(".opening")).to_contain_text("Ada Example")
    expect(visitor.locator(".wall li")).to_have_count(3)
    expect(visitor.locator("blockquote")).to_contain_text("You wait for it.")
    expect(visitor.locator("pre")).to_have_text("print(32 / 8)")
    expect(visitor.get_by_role("region", name="Read on").locator(".card")).to_have_count(3)
    data = json.loads(visitor.locator('script[type="application/ld+json"]').first.text_content() or "")
    assert data
    assert visitor.locator('link[rel="canonical"]').get_attribute("href") == visitor.url


def test_film_is_loaded_when_somebody_plays_it(visitor: Page) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto("/tide-table/")
    visitor.wait_for_load_state("networkidle")
    assert not [url for url in asked if re.search(r"\.(mp4|m3u8|m4s|webm)|/hls\.", url)]
    visitor.get_by_role("button", name="Play: Waves").click()
    wait_for(visitor, "document.querySelector('video').currentTime > 0.3")


def test_film_plays_through_hls_where_the_browser_has_none(open_window: Callable[..., Page]) -> None:
    page = open_window()
    page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    page.goto("/tide-table/")
    page.get_by_role("button", name="Play: Waves").focus()
    page.keyboard.press("Enter")
    wait_for(page, "document.querySelector('video').currentTime > 0.3")
    assert page.evaluate("document.querySelector('video').src").startswith("blob:")


def test_gallery_opens_over_the_window_and_is_read_by_keyboard(visitor: Page) -> None:
    visitor.goto("/seven-tides/")
    visitor.locator(".wall a").first.focus()
    visitor.keyboard.press("Enter")
    dialog = visitor.get_by_role("dialog")
    expect(dialog.locator(".caption")).to_have_text(re.compile(r"^1 of 3 · .*© Ada Example$"))
    visitor.keyboard.press("ArrowRight")
    expect(dialog.locator("img")).to_have_attribute("alt", "Dunes here")
    visitor.keyboard.press("ArrowLeft")
    visitor.keyboard.press("ArrowLeft")
    expect(dialog.locator("img")).to_have_attribute("alt", "Mast here")
    visitor.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visitor.locator(".wall a").last).to_be_focused()


def test_panorama_is_looked_around_in_by_keyboard(visitor: Page) -> None:
    visitor.goto("/all-around/")
    canvas = panorama(visitor, "Square here")
    looks(canvas, "front")
    canvas.focus()
    for _step in range(9):
        canvas.press("ArrowRight")
    looks(canvas, "right")


def test_panorama_of_a_gallery_is_looked_around_in_over_the_window(visitor: Page) -> None:
    visitor.goto("/all-around/")
    visitor.locator(".wall a").click()
    dialog = visitor.get_by_role("dialog")
    canvas = dialog.get_by_role("application", name="Square here (360°)")
    looks(canvas, "front")
    canvas.focus()
    for _step in range(9):
        canvas.press("ArrowLeft")
    looks(canvas, "left")
    visitor.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_film_all_around_is_turned_and_controlled_by_keyboard(visitor: Page) -> None:
    visitor.goto("/all-around/")
    visitor.get_by_role("button", name="Play: Walk").focus()
    visitor.keyboard.press("Enter")
    canvas = visitor.get_by_role("application", name="A walk (360°)")
    expect(canvas).to_be_visible()
    controls = visitor.get_by_role("group", name="Walk")
    play = controls.get_by_role("button", name="Play")
    expect(play).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(play).to_have_attribute("aria-pressed", "false")
    assert visitor.evaluate("document.querySelector('.sphere .film video').paused")

    before = canvas.screenshot()
    canvas.focus()
    for _step in range(4):
        canvas.press("ArrowLeft")
    changes(canvas, before)

    slider = controls.get_by_role("slider")
    slider.focus()
    visitor.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "0:06 of 0:06")


def test_captions_of_a_film_all_around_are_written_above_it(visitor: Page) -> None:
    visitor.goto("/all-around/")
    visitor.get_by_role("button", name="Play: Walk").click()
    cue = visitor.locator(".cue")
    expect(cue).to_be_hidden()
    visitor.get_by_role("button", name="Captions").click()
    expect(cue).to_have_text("Left, then right")
    expect(cue.locator("i")).to_have_text("right")
    visitor.get_by_role("button", name="Captions").click()
    expect(cue).to_be_hidden()


def test_film_all_around_has_its_own_controls_where_nothing_can_be_drawn(open_window: Callable[..., Page]) -> None:
    page = open_window()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/all-around/")
    page.get_by_role("button", name="Play: Walk").click()
    wait_for(page, "document.querySelector('.sphere .film video').currentTime > 0.3")
    assert page.evaluate("document.querySelector('.sphere .film video').controls")
    expect(page.get_by_role("group", name="Walk")).to_be_hidden()


def test_motion_photo_moves_for_who_points_at_it_and_by_keyboard(visitor: Page) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto("/all-around/")
    photo = visitor.locator("[data-motion]")
    photo.scroll_into_view_if_needed()
    visitor.wait_for_load_state("networkidle")
    assert not [url for url in asked if ".mp4" in url]

    photo.get_by_role("img").hover()
    expect(photo).to_have_class(re.compile("moving"))
    visitor.mouse.move(0, 0)
    expect(photo).not_to_have_class(re.compile("moving"))

    photo.get_by_role("button", name="Play motion photo").focus()
    visitor.keyboard.press("Shift+Tab")
    visitor.keyboard.press("Tab")
    expect(photo).to_have_class(re.compile("moving"))
    visitor.keyboard.press("Enter")
    expect(photo).not_to_have_class(re.compile("moving"))


def test_motion_photo_stands_still_for_who_wants_less_motion_until_asked(open_window: Callable[..., Page]) -> None:
    page = open_window(reduced_motion="reduce")
    page.goto("/all-around/")
    photo = page.locator("[data-motion]")
    button = photo.get_by_role("button", name="Play motion photo")
    photo.get_by_role("img").hover()
    page.wait_for_timeout(500)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(photo).to_have_class(re.compile("moving"))


def test_visitor_sees_one_of_two_pictures_that_are_tried_on_cards_and_as_a_poster(visitor: Page) -> None:
    places = (
        ("/", ".card"),
        ("/category/coast", ".card"),
        ("/search?q=tide", ".hit"),
        ("/all-around/", ".card"),
        ("/tide-table/", ".film"),
    )
    for path, place in places:
        visitor.goto(path)
        found = visitor.locator(f"{place} [data-experiment]")
        expect(found).to_have_count(2)
        expect(found.filter(visible=True)).to_have_count(1)


def test_category_lists_its_posts_and_the_narrower_ones(visitor: Page) -> None:
    visitor.goto("/category/coast")
    expect(visitor.locator("h1")).to_have_text("Coast")
    expect(visitor.locator(".card")).to_have_count(12)
    visitor.get_by_role("link", name="Harbours").click()
    expect(visitor.locator("h1")).to_have_text("Harbours")
    expect(visitor.locator("main")).to_contain_text("Nothing has been published here yet.")


def test_search_finds_pages_and_narrows_them(visitor: Page) -> None:
    visitor.goto("/search")
    visitor.get_by_role("searchbox").fill("tide")
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".hit h2").first).to_have_text(re.compile("tide", re.IGNORECASE))
    visitor.locator(".facets").get_by_role("link", name="Post 1", exact=True).click()
    expect(visitor.locator(".hit h2")).to_have_text(["The tide table"])


def test_person_has_a_face_and_posts(visitor: Page) -> None:
    visitor.goto("/ada/")
    expect(visitor.locator("h1")).to_have_text("Ada Example")
    expect(visitor.get_by_role("img", name="What Mast shows")).to_be_visible()
    expect(visitor.locator(".card h3")).to_have_text(["The tide table"])


def test_event_says_when_and_where(visitor: Page) -> None:
    visitor.goto("/open-darkroom/")
    expect(visitor.locator(".facts")).to_contain_text("Tuesday, 1 June 2027")
    expect(visitor.locator(".facts")).to_contain_text("The old pump house")
    expect(visitor.get_by_role("link", name="Get a ticket")).to_have_attribute("href", "https://tickets.example.org/")
    expect(visitor.locator("[data-film]")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_form_says_what_is_wrong_and_is_sent(open_window: Callable[..., Page], tmp_path: Path, scripts: bool) -> None:
    page = open_window(java_script_enabled=scripts)
    page.goto("/contact/")
    page.locator("form").evaluate("form => { form.noValidate = true; }") if scripts else None
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("E-mail").fill("grace@example.org" if not scripts else "nobody")
    page.get_by_label("Sea").check()
    page.get_by_label("Message").fill("<b>Hello</b>")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    if scripts:
        page.get_by_role("button", name="Send").click()
        email = page.get_by_label("E-mail")
        expect(email).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{email.get_attribute('id')}-error")).to_contain_text("valid")
        expect(page.get_by_label("Message")).to_have_value("<b>Hello</b>")
        expect(page.get_by_label("Sea")).to_be_checked()
        email.fill("grace@example.org")
    # People take their time; programs do not, and what they send is thanked for and thrown away.
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you.")
    expect(page).to_have_url(re.compile(r"\?sent$"))


def test_page_with_a_password_opens_with_it_and_is_in_no_cache(visitor: Page, site: Site) -> None:
    visitor.goto("/curtain/")
    assert "Behind the curtain" not in visitor.content()
    visitor.get_by_label("Password").fill("wrong")
    visitor.get_by_role("button", name="Open").click()
    expect(visitor.get_by_role("alert")).to_be_visible()
    visitor.get_by_label("Password").fill(PASSWORD)
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Open").click()
    expect(visitor.locator("h1")).to_have_text("Behind the curtain")
    answer = visitor.reload()
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    expect(visitor.locator("h1")).to_have_text("Behind the curtain")
    assert requests.get(f"{site.url}/curtain/", timeout=10).status_code == 401


def test_unknown_page_is_404_with_a_way_on(visitor: Page) -> None:
    answer = visitor.goto("/nowhere/at-all/")
    assert answer is not None
    assert answer.status == 404
    expect(visitor.get_by_label("Search for it")).to_be_visible()
    assert answer.headers["cache-control"] == "no-store"


def test_redirects_of_editors_are_followed(site: Site) -> None:
    answer = requests.get(f"{site.url}/old/tides/", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{site.url}/tide-table/")
    answer = requests.get(f"{site.url}/tide-table", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/tide-table/")


def test_feed_sitemap_robots_and_embeds_are_those_of_darkroom(site: Site) -> None:
    for name, kind in (
        ("feed.xml", "xml"),
        ("feed.json", "json"),
        ("sitemap.xml", "xml"),
        ("robots.txt", "text/plain"),
    ):
        answer = requests.get(f"{site.url}/{name}", timeout=10)
        assert (answer.status_code, kind in answer.headers["Content-Type"]) == (200, True), name
    assert f"{site.url}/tide-table/" in requests.get(f"{site.url}/sitemap.xml", timeout=10).text
    embedded = requests.get(f"{site.url}/oembed/", params={"url": f"{site.url}/tide-table/"}, timeout=10).json()
    assert (embedded["type"], embedded["provider_url"]) == ("link", f"{site.url}/")


def test_page_is_kept_in_caches_for_a_moment_under_a_strict_policy(site: Site) -> None:
    headers = requests.get(f"{site.url}/tide-table/", timeout=10).headers
    assert "s-maxage=60" in headers["Cache-Control"]
    policy = dict(one.split(" ", 1) for one in headers["Content-Security-Policy"].split("; "))
    assert (policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_jumps_while_media_come(visitor: Page, path: str) -> None:
    visitor.goto(path)
    scroll_through(visitor)
    assert visitor.evaluate("window.shifts") < 0.005


@pytest.mark.parametrize(("width", "density"), [(1280, 1), (420, 2)])
def test_largest_picture_is_an_avif_of_the_right_width(
    open_window: Callable[..., Page], width: int, density: int
) -> None:
    page = open_window(viewport={"width": width, "height": 900}, device_scale_factor=density)
    page.goto("/tide-table/")
    wait_for(page, "Boolean(window.largest?.currentSrc)")
    found = page.evaluate(
        "() => ({src: largest.currentSrc, shown: largest.clientWidth, loading: largest.loading,"
        " priority: largest.fetchPriority, widths: largest.parentElement.querySelector('source').srcset})"
    )
    widths = {url: int(size[:-1]) for url, size in (one.split(" ") for one in found["widths"].split(", "))}
    needed = found["shown"] * density
    best = min((one for one in widths.values() if one >= needed), default=max(widths.values()))
    assert found["src"].endswith(".avif")
    assert widths[found["src"]] == best
    assert (found["loading"], found["priority"]) == ("eager", "high")


def test_pictures_have_their_place_and_their_colours_before_they_come(visitor: Page, site: Site) -> None:
    html = requests.get(f"{site.url}/tide-table/", timeout=10).text
    assert f'width="{WIDTH}" height="{HEIGHT}"' in html
    assert 'src="data:image/png;base64,' in html
    assert " style=" not in html
    assert "<style" not in html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_barriers(open_window: Callable[..., Page], scheme: Any) -> None:
    page = open_window(color_scheme=scheme)
    for path in (*PATHS, "/about/", "/nowhere/", "/curtain/"):
        page.goto(path)
        assert violations(page, "html") == [], path


def test_narrow_window_has_nothing_beside_it(open_window: Callable[..., Page]) -> None:
    page = open_window(viewport={"width": 420, "height": 800})
    for path in (*PATHS, "/about/", "/nowhere/", "/curtain/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 420, path


def test_keyboard_skips_to_the_content_and_sees_where_it_is(visitor: Page) -> None:
    visitor.goto("/")
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="Skip to the content")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(re.compile("#"))
    visitor.keyboard.press("Tab")
    focused = visitor.locator(":focus")
    expect(focused).to_have_text("The tide table")
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_views_are_told_and_counted(visitor: Page, site: Site) -> None:
    with visitor.expect_request(lambda request: request.url.endswith("/api/v2/views/")) as told:
        visitor.goto("/tide-table/")
    answer = told.value.response()
    assert answer is not None
    assert answer.status == 204
    assert json.loads(told.value.post_data or "")["page"] == site.ids["post"]


# Preview


@pytest.fixture
def editor(open_window: Callable[..., Page], site: Site) -> Page:
    """The admin, at the post, with its side panel for previews open."""
    page = open_window(admin=True, base_url=site.stack.url, viewport={"width": 1500, "height": 900})
    page.goto(f"/admin/pages/{site.ids['post']}/edit/")
    page.get_by_role("button", name="Toggle preview").click()
    return page


def _type(page: Page, title: str) -> None:
    """As people write: Wagtail misses a single change that comes while it is still showing the one before."""
    page.wait_for_timeout(1000)
    page.locator("#id_title").clear()
    page.locator("#id_title").press_sequentially(title, delay=100)


def test_side_panel_shows_what_is_typed_and_keeps_the_place(editor: Page, site: Site) -> None:
    draft = editor.frame_locator("#w-preview-iframe")
    expect(draft.locator("h1")).to_have_text("The tide table")
    expect(draft.locator(".draft-note")).to_be_visible()
    draft.locator("body").evaluate("() => window.scrollTo(0, 1200)")
    _type(editor, "Not out yet")
    expect(draft.locator("h1")).to_have_text("Not out yet")
    draft.locator("body").evaluate(
        "() => new Promise((done) => { const look = () => scrollY > 1000 ? done() : setTimeout(look, 50); look(); })"
    )
    assert "Not out yet" not in requests.get(f"{site.url}/tide-table/", timeout=10).text


def test_new_page_has_its_preview_too(open_window: Callable[..., Page], site: Site) -> None:
    page = open_window(admin=True, base_url=site.stack.url, viewport={"width": 1500, "height": 900})
    page.goto(f"/admin/pages/add/blog/postpage/{site.ids['blog']}/")
    page.get_by_role("button", name="Toggle preview").click()
    title = page.frame_locator("#w-preview-iframe").locator("h1")
    expect(title).to_have_text("Placeholder title")
    _type(page, "Brand new")
    expect(title).to_have_text("Brand new")


def test_draft_is_private(site: Site) -> None:
    query = urlencode({"content_type": "blog.postpage", "token": site.ids["token"]})
    answer = requests.get(f"{site.url}/preview?{query}", timeout=10)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert f"frame-ancestors {site.stack.url}" in answer.headers["Content-Security-Policy"]
    assert '<base target="_blank">' in answer.text


@pytest.mark.parametrize("which", ["none", "forged", "expired"])
def test_preview_with_a_wrong_token_says_what_to_do(visitor: Page, site: Site, which: str) -> None:
    token = {"none": "", "forged": f"{site.ids['token']}x", "expired": site.ids["expired"]}[which]
    answer = visitor.goto(f"/preview?{urlencode({'content_type': 'blog.postpage', 'token': token})}")
    assert answer is not None
    assert answer.status == 400
    assert answer.headers["cache-control"] == "no-store"
    expect(visitor.locator("h1")).to_have_text("This preview can’t be shown")
    expect(visitor.locator("main")).to_contain_text("open the preview again")
