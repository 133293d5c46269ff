"""A file is replaced, compared with the former one, and restored; two pictures that look alike are merged."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import UNTIL_ALL_IS_READY, Running
from tests.media import transparent_png
from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from tests.media import photo_bytes, smaller
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomImage
for title, data in (("Harbour", photo_bytes(640, 480)), ("Copy", smaller(photo_bytes(640, 480)))):
    image = CustomImage(title=title, alt_text=title, file=ContentFile(data, title.lower() + ".jpg"))
    image.save()
post = PostPage(title="Low tide", slug="low-tide", featured_image=image)
BlogIndexPage.objects.get().add_child(instance=post)
"""


@pytest.fixture(autouse=True)
def _library(stack: Stack, running: Running) -> None:
    running.untouched.restore()
    stack.manage("shell", "-v", "0", "-c", f"{SEED}{UNTIL_ALL_IS_READY}post.save_revision().publish()")


def _id(stack: Stack, title: str) -> int:
    code = f"from media_library.models import Asset; print(Asset.objects.get(title='{title}').pk)"
    return int(stack.manage("shell", "-v", "0", "-c", code).strip())


def test_file_is_replaced_compared_and_restored(page: Page, stack: Stack, tmp_path: Path):
    (tmp_path / "quay.png").write_bytes(transparent_png())
    page.goto(f"/admin/media/{_id(stack, 'Copy')}/replace-file/")
    expect(page.locator(".version-used")).to_contain_text("Low tide")
    page.get_by_label("New file").set_input_files(tmp_path / "quay.png")
    page.get_by_label("Reason").fill("Better light")
    assert violations(page) == []
    page.get_by_role("button", name="Replace the file").click()
    expect(page.locator(".messages")).to_contain_text("has a new file: version 2")
    # Without the message, which is still fading in.
    page.reload()
    expect(page.locator(".version")).to_have_count(2)
    assert violations(page) == []

    page.get_by_role("link", name="Compare version 1 with the current one").click()
    slider = page.get_by_role("slider", name="Slide between version 1 and version 2")
    # Its script brings it.
    expect(slider).to_be_visible()
    slider.focus()
    slider.press("End")
    expect(page.locator("[data-version-overlay-target=top]")).to_have_css("clip-path", re.compile(r"inset\(0px 0%"))
    expect(page.get_by_role("row", name="File name")).to_contain_text("quay.png")
    assert violations(page) == []

    page.get_by_role("link", name="Restore this one").click()
    restore = page.get_by_role("button", name="Restore version 1")
    expect(restore).to_be_visible()
    assert violations(page) == []
    restore.click()
    expect(page.locator(".version").first).to_contain_text("copy.jpg")
    expect(page.locator(".version")).to_have_count(3)


def test_pictures_that_look_alike_are_merged(page: Page):
    page.goto("/admin/media/duplicates/")
    group = page.get_by_role("region", name="Duplicates of “Copy”")
    expect(group).to_contain_text("Looks alike")
    assert violations(page) == []

    group.get_by_role("link", name="Merge… Harbour").click()
    page.get_by_role("link", name="Keep the other one").click()
    page.get_by_role("row", name="Title").get_by_label("Copy").check()
    expect(page.locator(".version-used")).to_contain_text("Low tide")
    assert violations(page) == []
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".messages")).to_contain_text("is in the trash")
    expect(page.locator(".duplicate-group")).to_have_count(0)
