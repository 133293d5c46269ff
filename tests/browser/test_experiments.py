"""Two pictures on a post, in the admin: begun from the post, and the result as an editor sees it."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.test_board import LINES, darken, shown, strictly
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
"""


@pytest.fixture(scope="module")
def made(stack: Stack) -> tuple[int, int]:
    """The ids of a post and of the experiment on it."""
    code = MAKE + UNTIL_ALL_IS_READY + "print(json.dumps([post.pk, experiment.pk]))"
    post, experiment = json.loads(stack.manage("shell", "-v", "0", "-c", code).strip().splitlines()[-1])
    return post, experiment


def test_result_is_seen_and_read_in_any_theme_and_width(page: Page, made: tuple[int, int]) -> None:
    refused = strictly(page, f"/admin/experiments/inspect/{made[1]}/")
    said = "B is clicked more often: by +3.0 percentage points (95%: +1.9 to +4.1)."
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("heading", name="B: Gulls · ahead")).to_be_visible()
    chart = page.get_by_role("region", name="Clicks by those who saw it", exact=True)
    canvas = chart.get_by_role("img")
    shown(page, canvas, "() => true")
    canvas.focus()
    page.keyboard.press("End")
    assert shown(page, canvas, LINES) == ["Clicked: 8%", "At least: 7.2%", "At most: 8.9%"]
    assert violations(page) == []

    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    expect_no_sideways_scrolling(page)
    assert violations(page) == []
    assert refused == []


def test_editor_begins_one_from_the_post_and_finds_it_there(page: Page, made: tuple[int, int]) -> None:
    page.goto(f"/admin/pages/{made[0]}/edit/#tab-promote")
    panel = page.locator("section").filter(has_text="Try two pictures").last
    expect(panel.get_by_role("link", name="Boats or gulls")).to_be_visible()
    panel.get_by_role("link", name="Try two pictures").click()
    expect(page).to_have_url(re.compile(f"post={made[0]}"))
    expect(page.get_by_role("heading", name="Experiment", exact=False).first).to_be_visible()
    chosen = page.locator("#id_variant_a-chooser")
    expect(chosen).to_contain_text("Boats")
    expect(chosen.locator(".asset-thumbnail img")).to_be_visible()
    assert violations(page) == []
