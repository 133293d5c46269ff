"""Beacons of a front end, and the charts that come of them, in a real browser under a strict policy."""

import json
import time
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"

UPLOAD = """
from media_library.models import CustomImage
from tests.media import photo_file
image = CustomImage(title="Harbour", file=photo_file())
image.save()
"""

COUNTED = """
from media_library.models import AssetStatistics
print(sum(AssetStatistics.objects.values_list("views", flat=True)))
"""

ENGAGED = """
from django.utils import timezone
from media_library.models import AssetEngagement, Video
from tests.media import film_bytes
from django.core.files.base import ContentFile
from pathlib import Path
import tempfile
clicks = [0] * 100
clicks[22], clicks[57] = 9, 4
day = timezone.localdate()
AssetEngagement.objects.create(asset_id={picture}, day=day, counts=dict(clicks=clicks, widths=[1, 5, 9, 30, 8, 2, 0]))
film = Video(title="Tide", file=ContentFile(film_bytes(Path(tempfile.mkdtemp())), name="tide.mp4"))
film.save()
reached = [400, 390, 371, 320, 240, 220, 201, 180, 160, 150]
AssetEngagement.objects.create(
    asset_id=film.pk,
    day=day,
    counts=dict(viewings=[400], reached=reached, milliseconds=[one * 100 for one in reached]),
)
"""

CELLS = """canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const [wide, high] = [canvas.width / 10, canvas.height / 10];
    const at = ([across, down]) => data[4 * ((down + 0.5) * high * canvas.width + (across + 0.5) * wide) + 3];
    const cells = Array.from({ length: 100 }, (_, place) => [place % 10, Math.floor(place / 10)]);
    return cells.filter((cell) => at(cell)).sort((one, two) => at(two) - at(one));
}"""

COLOURS = """canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const found = {};
    for (let i = 0; i < pixels.length; i += 4) {
        if (pixels[i + 3] === 255) {
            const colour = `rgb(${pixels[i]}, ${pixels[i + 1]}, ${pixels[i + 2]})`;
            found[colour] = (found[colour] ?? 0) + 1;
        }
    }
    return Object.entries(found).sort((one, two) => two[1] - one[1])[0][0];
}"""


LINES = "canvas => Chart.getChart(canvas).tooltip.body?.flatMap(one => one.lines)"


@pytest.fixture(scope="module")
def picture(stack: Stack) -> int:
    """A picture that was seen a thousand times, as two web processes were told."""
    image_id = int(stack.manage("shell", "-v", "0", "-c", UPLOAD + UNTIL_ALL_IS_READY + "print(image.pk)").strip())
    body = json.dumps({"events": [{"id": image_id, "type": "view", "bytes": 1}] * 50})
    for _ in range(20):
        assert requests.post(f"{stack.url}/api/media/beacon/", data=body, timeout=30).status_code == 204
    deadline = time.monotonic() + 120
    while (counted := stack.manage("shell", "-v", "0", "-c", COUNTED).strip()) != "1000":
        assert time.monotonic() < deadline, counted
        time.sleep(0.5)
    return image_id


def shown(page: Page, chart: Locator, script: str) -> Any:
    """What a script finds in a chart, once it is drawn and there is something: its first answer that is true."""
    canvas = chart.element_handle()
    return page.wait_for_function(f"canvas => Chart.getChart(canvas) && ({script})(canvas)", arg=canvas).json_value()


def strictly(page: Page, path: str) -> list[Any]:
    """Open a page under the policy; return what of ours the browser refuses, as it does so."""
    refused: list[Any] = []

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})

    page.expose_function("refused", lambda file: refused.append(file))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) => "
        "/media_library|vendor/.test(event.sourceFile + event.blockedURI) && refused(event.sourceFile))"
    )
    page.route(f"**{path}", answer)
    page.goto(path)
    return refused


def test_charts_are_drawn_under_a_strict_policy_and_in_the_colours_of_the_theme(page: Page, picture: int) -> None:
    refused = strictly(page, "/admin/media/dashboard/")
    uploads = page.get_by_role("img", name="Uploads, as a chart")
    expect(page.get_by_text("1,000").first).to_be_visible()
    light = shown(page, uploads, COLOURS)
    assert violations(page) == []

    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.classList.replace('w-theme-light', 'w-theme-dark')")
    page.evaluate("document.documentElement.classList.add('w-theme-dark')")
    shown(page, uploads, f"canvas => ({COLOURS})(canvas) !== {json.dumps(light)}")
    assert violations(page) == []
    assert refused == []


def test_numbers_are_there_as_a_table_and_by_the_keyboard(page: Page, picture: int) -> None:
    page.goto("/admin/media/dashboard/?days=7")
    views = page.get_by_role("region", name="Views", exact=True)
    chart = views.get_by_role("img")
    points = "canvas => Chart.getChart(canvas).tooltip.dataPoints?.map(one => one.formattedValue).join()"
    shown(page, chart, "() => true")
    chart.focus()
    page.keyboard.press("End")
    assert shown(page, chart, points) == "1,000"
    page.keyboard.press("ArrowLeft")
    shown(page, chart, f"canvas => !({points})(canvas)?.includes('1,000')")

    views.get_by_text("Show as a table").click()
    expect(views.get_by_role("row").last).to_contain_text("1,000")
    page.get_by_role("link", name="Harbour").first.click()
    expect(page.get_by_role("region", name="Bandwidth").get_by_role("img")).to_be_visible()
    assert violations(page) == []


def test_health_board_leads_to_the_pictures_behind_a_number(page: Page, picture: int) -> None:
    page.goto("/admin/media/health/")
    missing = page.get_by_role("listitem").filter(has_text="Without alt text")
    expect(missing).to_contain_text("0% of pictures have one")
    assert violations(page) == []


@pytest.fixture(scope="module")
def film(stack: Stack, picture: int) -> int:
    """A film that was watched; the picture was clicked on, too."""
    code = ENGAGED.format(picture=picture) + UNTIL_ALL_IS_READY + "print(film.pk)"
    return int(stack.manage("shell", "-v", "0", "-c", code).strip())


def darken(page: Page) -> None:
    page.evaluate("document.documentElement.classList.replace('w-theme-light', 'w-theme-dark')")
    page.evaluate("document.documentElement.classList.add('w-theme-dark')")
    page.wait_for_function("() => new Promise((done) => requestAnimationFrame(() => done(true)))")


def test_clicks_lie_over_the_picture_and_in_a_table(page: Page, picture: int, film: int) -> None:
    refused = strictly(page, f"/admin/media/{picture}/statistics/")
    heat = page.get_by_role("region", name="Where it is clicked", exact=True)
    page.wait_for_function(f"canvas => ({CELLS})(canvas).length", arg=heat.get_by_role("img").element_handle())
    assert heat.get_by_role("img").evaluate(CELLS) == [[2, 2], [7, 5]]
    heat.get_by_text("Show as a table").click()
    expect(heat.get_by_role("row").nth(3).get_by_role("cell").nth(2)).to_have_text("9")
    assert violations(page) == []

    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    expect_no_sideways_scrolling(page)
    assert violations(page) == []
    assert refused == []


def test_who_stays_to_watch_is_a_curve_with_its_confidence(page: Page, film: int) -> None:
    page.goto(f"/admin/media/{film}/statistics/")
    region = page.get_by_role("region", name="Who stays to watch", exact=True)
    chart = region.get_by_role("img")
    shown(page, chart, "() => true")
    chart.focus()
    page.keyboard.press("End")
    assert shown(page, chart, LINES) == ["Saw something of it: 37.5%", "At least: 32.9%", "At most: 42.3%"]
    assert violations(page) == []
