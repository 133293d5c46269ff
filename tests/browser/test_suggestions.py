"""What was found out about a picture is looked through, put right, taken over and rejected."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from media_library.models import CustomImage
image = CustomImage(title="Collins", file=ContentFile(open({path!r}, "rb").read(), "collins.jpg"))
image.save()
"""

# Beat or we, whoever comes first when nothing else is to be done.
LOOK = """
import time
from media_library import jobs
while not image.suggestions.filter(source="focus"):
    for job in jobs.enqueue_suggesting():
        jobs.run(job.pk)
    time.sleep(0.2)
print(image.pk)
"""


@pytest.fixture(scope="module")
def image_id(stack: Stack) -> int:
    path = str(Path(__file__).parents[1] / "portraits" / "eileen-collins.jpg")
    code = SEED.format(path=path) + UNTIL_ALL_IS_READY + LOOK
    return int(stack.manage("shell", "-v", "0", "-c", code).split()[-1])


def test_suggestions_are_reworded_accepted_and_rejected(page: Page, stack: Stack, image_id: int):
    page.goto("/admin/media/suggested/")
    row = page.get_by_role("region", name="Collins").get_by_role("listitem")
    people = row.filter(has=page.get_by_role("checkbox", name="Tag: people"))
    people.get_by_role("textbox").fill("Astronauts")
    expect(page.get_by_role("img", name="The picture, and in a frame what crops should keep")).to_be_visible()
    assert violations(page) == []
    people.get_by_role("button", name="Accept").press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 suggestion accepted.")

    page.goto(f"/admin/images/{image_id}/")
    page.locator("summary").filter(has_text="suggestions for this file").click()
    panel = page.locator(".suggestions-panel")
    point = panel.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name="Focal point: 44% 21%"))
    point.get_by_role("button", name="Accept").click()
    expect(page.locator(".messages")).to_contain_text("1 suggestion accepted.")
    expect(page.locator("#id_focal_point_x")).to_have_value(re.compile(r"^1[67]\d$"))
    expect(page.locator("#id_tags")).to_have_value(re.compile("Astronauts"))

    panel.locator("summary").click()
    # Ticks the others once its script has come.
    page.wait_for_load_state()
    panel.get_by_label("All of them").check()
    # The rest of the page is Wagtail's own form.
    assert violations(page, ".suggestions-panel") == []
    panel.get_by_role("button", name="Reject those ticked").click()
    expect(page.locator(".messages")).to_contain_text("It will not come back.")
    expect(panel).to_have_count(0)

    page.goto("/admin/media/suggested/")
    expect(page.get_by_text("Nothing is suggested just now.")).to_be_visible()
