"""A photographed sign is found by what stands on it, before somebody has looked at it and after."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.media import picture
from tests.signs import Sign
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from media_library.models import CustomImage
image = CustomImage(title="Quay", file=ContentFile(open({path!r}, "rb").read(), "quay.jpg"))
image.save()
"""

# Beat or we, whoever comes first when nothing else is to be done.
LOOK = """
import time
from media_library import jobs
until = time.monotonic() + 90
while not image.suggestions.filter(source="text") and time.monotonic() < until:
    for job in jobs.enqueue_suggesting():
        jobs.run(job.pk)
    time.sleep(0.2)
print(image.pk)
"""


@pytest.mark.skipif(not shutil.which("tesseract"), reason="python -m tests.tesseract says how to install it")
def test_picture_is_found_by_words_in_it_that_are_then_put_right(page: Page, stack: Stack, tmp_path: Path):
    path = tmp_path / "quay.jpg"
    Sign(("HARBOUR OFFICE", "closed on Monday"), letters=40, paint=1).on(picture(800, 600)).save(path)
    image_id = int(
        stack.manage("shell", "-v", "0", "-c", SEED.format(path=str(path)) + UNTIL_ALL_IS_READY + LOOK).split()[-1]
    )

    page.goto("/admin/media/?q=office")
    expect(page.get_by_role("link", name="Quay").first).to_be_visible()

    page.goto(f"/admin/images/{image_id}/")
    page.locator("summary").filter(has_text="for this file").click()
    row = page.locator(".suggestions-panel").get_by_role("listitem").filter(has_text="Words in it")
    words = row.get_by_role("textbox", name="Words in it")
    expect(words).to_have_value(re.compile("HARBOUR OFFICE"))
    words.fill("Harbour office: closed on Mondays")
    assert violations(page, ".suggestions-panel") == []
    row.get_by_role("button", name="Accept").press("Enter")

    expect(page.locator(".messages")).to_contain_text("1 suggestion accepted.")
    expect(page.get_by_label("Words in the picture")).to_have_value("Harbour office: closed on Mondays")
