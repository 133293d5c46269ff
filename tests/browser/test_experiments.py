"""Two pictures on a post, in the admin: begun from the post, and the result as an editor sees it."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.test_board import darken, strictly
from tests.stack import Stack

MAKE = """
import json
from datetime import timedelta
from django.utils import timezone
from blog.models import BlogIndexPage, Experiment, ExperimentCounts
from tests.blog.content import make_image, make_post
boats, gulls = make_image("Boats"), make_image("Gulls", size=60)
post = make_post(BlogIndexPage.objects.get(), 1, featured_image=boats)
now = timezone.now()
experiment = Experiment.objects.create(
    name="Boats or gulls", post=post, variant_a=boats, variant_b=gulls, starts_at=now - timedelta(days=3)
)
ExperimentCounts.objects.create(
    experiment=experiment, day=timezone.localdate(), a_shown=4000, a_clicked=200, b_shown=4000, b_clicked=320
)
print(json.dumps([post.pk, experiment.pk]))
"""


@pytest.fixture(scope="module")
def made(stack: Stack) -> tuple[int, int]:
    """The ids of a post and of the experiment on it."""
    post, experiment = json.loads(stack.manage("shell", "-v", "0", "-c", MAKE).strip().splitlines()[-1])
    return post, experiment


def test_result_is_seen_and_read_in_any_theme_and_width(page: Page, made: tuple[int, int]) -> None:
    refused = strictly(page, f"/admin/experiments/inspect/{made[1]}/")
    said = "B is clicked more often: by +3.0 percentage points (95%: +1.9 to +4.1)."
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("heading", name="B: Gulls · ahead")).to_be_visible()
    chart = page.get_by_role("region", name="Clicks by those who saw it", exact=True)
    chart.get_by_role("img").focus()
    page.keyboard.press("End")
    shown = "canvas => Chart.getChart(canvas).tooltip.body.flatMap(one => one.lines)"
    assert chart.get_by_role("img").evaluate(shown) == ["Clicked: 8%", "At least: 7.2%", "At most: 8.9%"]
    assert violations(page) == []

    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    assert violations(page) == []
    assert refused == []


def test_editor_begins_one_from_the_post_and_finds_it_there(page: Page, made: tuple[int, int]) -> None:
    page.goto(f"/admin/pages/{made[0]}/edit/#tab-promote")
    panel = page.locator("section").filter(has_text="Try two pictures").last
    expect(panel.get_by_role("link", name="Boats or gulls")).to_be_visible()
    panel.get_by_role("link", name="Try two pictures").click()
    expect(page.get_by_role("heading", name="Experiment", exact=False).first).to_be_visible()
    assert f"post={made[0]}" in page.url
    chosen = page.locator("#id_variant_a-chooser")
    expect(chosen).to_contain_text("Boats")
    expect(chosen.locator(".asset-thumbnail img")).to_be_visible()
    assert violations(page) == []
