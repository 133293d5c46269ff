"""Editors read what the front end needs, where a picture is too small for it, and go back to an earlier manifest."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.browser.test_board import darken
from tests.browser.uploading import ADD, row
from tests.media import photo_bytes
from tests.stack import Stack

SEED = """
from django.utils import timezone
from media_library import manifests
from media_library.imaging.slots import Slot
from media_library.models import PresetDemand
manifests.post([Slot("card", "3:2", (320, 640), minimum=640)], None)
manifests.post([
    Slot("card", "3:2", (320, 640), minimum=100),
    Slot("hero", "16:9", (640, 1280, 1920), description="On top of a post", minimum=1920),
], None)
today = timezone.localdate()
PresetDemand.objects.create(name="hero", day=today, width=1920, asked=1200, in_vain=0)
PresetDemand.objects.create(name="hero", day=today, width=2560, asked=80, in_vain=80)
PresetDemand.objects.create(name="", day=today, width=1280, asked=400, in_vain=31)
PresetDemand.objects.create(name="unsigned:fill-600x400", day=today, width=0, asked=0, in_vain=12)
"""

SMALL_AND_LARGE = """
from django.core.files.base import ContentFile
from tests.media import photo_bytes
from media_library.models import CustomImage
for title, width, height in (("Small quay", 640, 480), ("Large quay", 1920, 1080)):
    CustomImage(title=title, file=ContentFile(photo_bytes(width, height), "a.jpg")).save()
"""

NO_MORE = """
from media_library import manifests
from media_library.models import PresetDemand
manifests.post(None, None)
PresetDemand.objects.all().delete()
"""


@pytest.fixture
def manifest(stack: Stack):
    stack.manage("shell", "-v", "0", "-c", SEED)
    yield
    # Other tests share the server.
    stack.manage("shell", "-v", "0", "-c", NO_MORE)


def test_editors_learn_what_the_front_end_needs(page: Page, stack: Stack, manifest: None):
    page.goto("/admin/media/presets/")
    slots = page.get_by_role("region", name="What the front end needs")
    expect(slots.get_by_role("row", name="hero")).to_contain_text("1280")
    expect(slots.get_by_role("row", name="card")).to_contain_text("Nobody asks for it")
    expect(page.get_by_role("region", name="Asked for in vain")).to_contain_text(
        "Slot hero, wider than its largest file"
    )
    expect(page.get_by_role("region", name="Sizes at wrong addresses").get_by_role("row").nth(1)).to_contain_text(
        "fill-600x400"
    )
    assert violations(page) == []

    page.get_by_role("button", name="Go back to it").first.press("Enter")
    expect(page.locator(".messages")).to_contain_text("is in force now")
    expect(slots.get_by_role("row", name="hero")).to_have_count(0)
    page.get_by_role("button", name="Go back to it").first.press("Enter")
    expect(slots.get_by_role("row", name="hero")).to_have_count(1)

    page.goto(ADD)
    photo = {"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(width=1500, height=900)}
    page.locator("input[type=file]").first.set_input_files([photo])
    uploaded = row(page, "quay")
    warning = "Too small for hero (On top of a post): 420 pixels of width and 180 of height are missing."
    expect(uploaded).to_contain_text(warning)
    page.goto(uploaded.locator("[data-row=name]").get_attribute("href"))
    expect(page.locator(".size-warnings")).to_contain_text(warning)
    assert violations(page, ".size-warnings") == []


def test_chooser_marks_pictures_that_are_too_small(page: Page, stack: Stack, manifest: None):
    stack.manage("shell", "-v", "0", "-c", SMALL_AND_LARGE + UNTIL_ALL_IS_READY)
    page.goto("/admin/snippets/blog/person/add/", wait_until="networkidle")
    page.get_by_role("button", name="Choose an image").click()
    small = page.locator(".media-card", has_text="Small quay")

    expect(small.get_by_role("link")).to_have_accessible_name(re.compile("Small quay.*Too small for hero"))
    expect(page.locator(".media-card", has_text="Large quay")).not_to_contain_text("Too small")
    assert violations(page, ".media-chooser-modal") == []
    page.set_viewport_size({"width": 420, "height": 900})
    darken(page)
    assert violations(page, ".media-chooser-modal") == []
    mark = small.locator(".media-card__warning")
    assert mark.evaluate("mark => mark.scrollWidth <= mark.parentElement.clientWidth")
