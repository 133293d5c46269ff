"""The admin under its Content-Security-Policy: whatever a policy forbids ends a test (``page`` in conftest.py)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import UNTIL_ALL_IS_READY
from tests.stack import Stack

SEED = """
import datetime
from django.contrib.auth.models import Group
from wagtail.models import Workflow
from blog.models import BlogIndexPage, FormPage
from tests.blog.content import make_category, make_image, make_person, make_post, image_block, rich_text_block, block
index = BlogIndexPage.objects.get()
image = make_image("Quay", size=400)
category, person = make_category(), make_person()
workflow = Workflow.objects.get(name="Review")
other = make_post(index, 1, title="Neap tide")
post = make_post(
    index, 2, title="High tide", featured_image=image, category=category,
    body=[rich_text_block("<p>Water.</p>"), image_block(image), block("code", {"language": "python", "code": "1"})],
)
print(post.pk, image.pk, category.pk, person.pk, index.pk, workflow.pk, Group.objects.first().pk)
"""

ROOMS = (
    "/admin/",
    "/admin/pages/",
    "/admin/pages/search/?q=tide",
    "/admin/pages/{index}/",
    "/admin/pages/{post}/history/",
    "/admin/pages/{post}/move/",
    "/admin/pages/{post}/copy/",
    "/admin/pages/add/blog/formpage/{index}/",
    "/admin/media/",
    "/admin/media/add/",
    "/admin/media/dashboard/",
    "/admin/media/health/",
    "/admin/media/trash/",
    "/admin/media/operations/",
    "/admin/media/collections/new/",
    "/admin/images/{image}/",
    "/admin/images/{image}/edit-picture/",
    "/admin/snippets/blog/category/edit/{category}/",
    "/admin/snippets/blog/person/edit/{person}/",
    "/admin/redirects/add/",
    "/admin/reports/workflow/",
    "/admin/reports/site-history/",
    "/admin/reports/aging-pages/",
    "/admin/reports/most-read/",
    "/admin/reports/processing/",
    "/admin/workflows/edit/{workflow}/",
    "/admin/settings/blog/sitesettings/",
    "/admin/settings/blog/menus/",
    "/admin/sites/new/",
    "/admin/users/new/",
    "/admin/groups/edit/{group}/",
    "/admin/collections/add/",
    "/admin/account/",
    "/admin/api-tokens/new/",
)


@pytest.fixture(scope="module")
def made(stack: Stack) -> dict[str, str]:
    ids = stack.manage("shell", "-v", "0", "-c", SEED + UNTIL_ALL_IS_READY).split()
    names = ("post", "image", "category", "person", "index", "workflow", "group")
    return dict(zip(names, ids, strict=True))


def test_no_room_of_the_admin_breaks_the_policy(page: Page, made: dict[str, str]):
    for room in ROOMS:
        answer = page.goto(room.format(**made))
        assert answer.status == 200, room
        assert "script-src 'self';" in answer.headers["content-security-policy"] + ";"
        expect(page.locator("main, [role=main]").first).to_be_visible()


def test_page_is_written_with_every_kind_of_field(page: Page, made: dict[str, str]):
    page.goto(f"/admin/pages/{made['post']}/edit/")
    date = page.get_by_label("Date", exact=False).first
    body = page.locator("#panel-child-content-body-section")
    for kind in ("Heading", "Text", "Quote", "Code", "Image", "Gallery", "Video", "Audio", "Embed"):
        body.get_by_role("button", name="Insert a block").last.click()
        page.get_by_role("option", name=kind, exact=True).last.click()
    date.click()
    page.locator(".xdsoft_datetimepicker:visible td.xdsoft_date").first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Add author", re.I)).first.click()
    page.get_by_role("button", name="Choose person").last.click()
    page.get_by_role("link", name="Ada Example").click()
    expect(page.locator("#panel-child-content-about_this_post-section").get_by_text("Ada Example")).to_be_visible()

    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("iframe#w-preview-iframe, .w-preview__iframe").last
    expect(preview.get_by_role("heading", name="High tide")).to_be_visible()
