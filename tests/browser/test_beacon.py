"""What the client tells of a visitor, from a page of a front end in a real browser: read as the beacon reads it."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from blog.experiments.counting import Outcomes, read_outcomes
from media_library.statistics.events import Event, EventType, read_events
from tests.frontend.tools import CLIENT, run
from tests.media import photo_bytes, sound_bytes

FRONT_END = "https://front.example/"

PAGE = """<!doctype html><html><body style="margin: 0">
<a href="#harbour"><img data-asset="12" src="{photo}" style="width: 200px; height: 100px; object-fit: cover"></a>
<img data-asset="12" src="{photo}" style="width: 320px; height: 240px">
<img data-asset="13" src="{photo}" style="margin-top: 3000px">
<audio data-asset="31" data-plays controls src="{sound}" style="position: fixed; top: 400px; left: 0"></audio>
<a href="#paper" data-downloads="50" style="position: fixed; top: 500px; left: 0">Tides</a>
<article data-experiment-area style="position: fixed; top: 400px; left: 400px">
  <div data-experiment="12" data-variant="a"><img alt="Boats" src="{photo}" width="60"></div>
  <div data-experiment="12" data-variant="b" hidden><img alt="Gulls" src="{photo}" width="60"></div>
  <a href="#post">The post</a>
</article>
</body></html>"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The client's beacon as a script of a page, which keeps what it would send."""
    folder = tmp_path_factory.mktemp("beacon")
    entry = folder / "entry.ts"
    entry.write_text(f"import * as beacon from '{CLIENT / 'src/beacon.ts'}'; Object.assign(window, beacon);")
    run("esbuild", entry, "--bundle", f"--outfile={folder / 'entry.js'}", "--format=iife")
    keep = "window.sent = []; navigator.sendBeacon = (url, body) => window.sent.push([url, body]) > 0; void 0;"
    return Path(folder / "entry.js").read_text() + keep


@pytest.fixture
def visit(browser: Browser, script: str) -> Iterator[Callable[..., Page]]:
    context = browser.new_context(viewport={"width": 800, "height": 600}, device_scale_factor=2)

    def open_page(watch: str = "watchMedia") -> Page:
        page = context.new_page()
        photo = "data:image/jpeg;base64," + base64.b64encode(photo_bytes(400, 400)).decode()
        sound = "data:audio/wav;base64," + base64.b64encode(sound_bytes("wav", seconds=2, rate=8000)).decode()

        def answer(route: Route) -> None:
            route.fulfill(body=PAGE.format(photo=photo, sound=sound), content_type="text/html")

        page.route(f"{FRONT_END}**", answer)
        page.goto(FRONT_END)
        page.evaluate(script)
        page.evaluate(f"({watch})('https://cms.example')")
        # Who looks out for elements later is told later of what is in sight.
        page.evaluate("() => new Promise((done) => new IntersectionObserver(() => done()).observe(document.body))")
        return page

    yield open_page
    context.close()


def sent(page: Page, path: str) -> list[bytes]:
    """What is sent there, and nowhere else, once the page isn't looked at any more."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    found = page.evaluate("window.sent.splice(0)")
    assert {url for url, _body in found} <= {f"https://cms.example{path}"}
    return [body.encode() for _url, body in found]


def told(page: Page) -> list[Event]:
    return [event for body in sent(page, "/api/media/beacon/") for event in read_events(body)]


def test_what_was_in_sight_is_told_once_with_its_largest_width(visit: Callable[..., Page]):
    page = visit()
    assert [one for one in told(page) if one.asset_id in (12, 13)] == [Event(12, EventType.VIEW, width=640)]
    assert told(page) == []


def test_click_is_told_where_it_was_on_the_whole_picture(visit: Callable[..., Page]):
    page = visit()
    # A square picture in a box twice as wide as it is high: a quarter of it is cut off above.
    page.locator("img").first.click(position={"x": 50, "y": 2})
    page.get_by_text("Tides").click()
    page.get_by_role("link").first.press("Enter")
    clicks = [one for one in told(page) if one.type == EventType.CLICK]
    assert clicks == [Event(12, EventType.CLICK, cell=22)]


def test_download_is_told(visit: Callable[..., Page]):
    page = visit()
    page.get_by_text("Tides").click()
    assert Event(50, EventType.DOWNLOAD) in told(page)


def test_sound_that_is_played_tells_what_of_it_was_heard(visit: Callable[..., Page]):
    page = visit()
    page.evaluate("document.querySelector('audio').muted = true")
    page.evaluate("document.querySelector('audio').play()")
    page.wait_for_function("document.querySelector('audio').ended")
    events = told(page)
    assert [one.type for one in events if one.asset_id == 31] == [EventType.PLAY, EventType.VIEW, EventType.WATCH]
    watched = events[-1]
    assert (watched.begins, watched.tenths) == (True, tuple(range(10)))
    assert sum(watched.seconds) == pytest.approx(2, abs=0.2)

    page.evaluate("document.querySelector('audio').play()")
    page.wait_for_function("document.querySelector('audio').ended")
    (again,) = told(page)
    assert (again.type, again.begins, again.tenths) == (EventType.WATCH, False, ())


def outcomes(page: Page) -> list[tuple[int, Outcomes]]:
    return [event for body in sent(page, "/api/v2/experiments/") for event in read_outcomes(body)]


@pytest.mark.parametrize(("value", "variant"), [("value-2-ü", "a"), ("value-0-ü", "b")])
def test_visitor_sees_one_of_two_pictures_and_only_that_is_told(visit: Callable[..., Page], value: str, variant: str):
    page = visit("(url) => { sessionStorage.setItem('darkroom-experiments', '" + value + "'); runExperiments(url); }")
    expect(page.get_by_alt_text("Boats")).to_be_visible(visible=variant == "a")
    expect(page.get_by_alt_text("Gulls")).to_be_visible(visible=variant == "b")
    page.get_by_text("The post").click()
    page.get_by_text("The post").click()
    assert outcomes(page) == [(12, Outcomes(**{f"{variant}_{kind}": 1})) for kind in ("shown", "clicked")]


def test_visitor_sees_the_same_picture_for_the_whole_session(visit: Callable[..., Page]):
    page = visit("runExperiments")
    value, boats = page.evaluate("sessionValue()"), page.get_by_alt_text("Boats").is_visible()
    assert outcomes(page) == [(12, Outcomes(a_shown=boats, b_shown=not boats))]
    page.reload()
    assert page.evaluate("sessionStorage.getItem('darkroom-experiments')") == value
    assert len(value) == 32
