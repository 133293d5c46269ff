"""An editor tries to delete a picture that a draft has just begun to use."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.uploading import upload
from tests.media import photo_bytes
from tests.stack import Stack

USE_IT = """
from blog.models import BlogIndexPage, PostPage
from media_library.models import CustomImage
image = CustomImage.objects.get(title="quay")
post = BlogIndexPage.objects.get().add_child(instance=PostPage(title="Low tide", slug="low-tide"))
post.featured_image = image
post.save_revision()
"""


@pytest.fixture
def uploaded(page: Page, stack: Stack, tmp_path: Path) -> Page:
    """The upload page, with a picture that somebody has begun to use in the meantime."""
    (tmp_path / "quay.jpg").write_bytes(photo_bytes(640, 480))
    upload(page, tmp_path / "quay.jpg")
    stack.manage("shell", "-v", "0", "-c", USE_IT)
    return page


def test_refusal_says_where_it_is_used_and_leads_there(uploaded: Page):
    page = uploaded
    page.goto("/admin/images/")
    page.locator("a[href*='/admin/images/']", has_text="quay").first.click()
    page.goto(page.url.split("?")[0] + "delete/")
    expect(page.get_by_role("alert")).to_contain_text("“quay” is used in 1 place")
    expect(page.get_by_role("button", name="Yes, delete")).to_have_count(0)

    page.get_by_role("link", name="Featured image").click()
    expect(page.get_by_role("textbox", name="Title*")).to_have_value("Low tide")
