"""A visitor sends a form without JavaScript, and an editor reads it and fetches the file, in a real browser."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import expect_no_sideways_scrolling, violations
from tests.stack import Stack

FORM = """
from blog.models import BlogIndexPage, FormField, FormPage
page = FormPage(title="Write to us", slug="write", intro="<p>We read it all.</p>", thank_you_text="<p>Thank you.</p>")
page.form_fields = [
    FormField(sort_order=0, label="Your name", field_type="singleline", required=True, help_text="As on letters."),
    FormField(sort_order=1, label="Paper", field_type="radio", required=False, choices="Matt, Gloss"),
    FormField(sort_order=2, label="Letter", field_type="file", required=False),
]
BlogIndexPage.objects.get().add_child(instance=page)
print(page.pk)
"""


@pytest.fixture(scope="module")
def form_id(stack: Stack) -> int:
    return int(stack.manage("shell", "-v", "0", "-c", FORM).strip())


def picture(page: Page, name: str) -> None:
    """For whoever wants to look: SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_visitor_sends_a_letter_and_an_editor_saves_it(
    stack: Stack, browser: Browser, page: Page, form_id: int, tmp_path: Path
):
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7\n%letter")
    visitor = browser.new_context(base_url=stack.url, java_script_enabled=False).new_page()
    visitor.goto("/write/")
    expect(visitor.locator('input[name="website"]')).to_be_hidden()
    visitor.get_by_label("Your name").fill("Ada")
    visitor.get_by_label("Gloss").check()
    visitor.get_by_label("Letter").set_input_files(letter)
    picture(visitor, "form")
    # As long as people read.
    visitor.wait_for_timeout(2_200)
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("Thank you.")).to_be_visible()
    visitor.context.close()

    page.goto(f"/admin/forms/submissions/{form_id}/")
    row = page.locator("table.listing tbody tr")
    expect(row).to_contain_text("Gloss")
    picture(page, "answers")
    with page.expect_download() as download:
        row.get_by_role("link", name="letter.pdf").click()
    assert Path(download.value.path()).read_bytes() == letter.read_bytes()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 420)])
def test_form_can_be_used_by_everybody(stack: Stack, page: Page, form_id: int, scheme: str, width: int):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/write/")

    assert violations(page, "main") == []
    expect_no_sideways_scrolling(page, width)
    picture(page, f"form-{scheme}-{width}")


@pytest.mark.parametrize("width", [1280, 420])
def test_editor_is_told_what_a_question_lacks(page: Page, form_id: int, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/admin/pages/{form_id}/edit/")
    page.locator('[name="form_fields-1-choices"]').fill("")
    page.get_by_role("button", name="Save draft").first.click()

    expect(page.get_by_text("Write what can be chosen, each in a line of its own.")).to_be_visible()
    picture(page, f"editor-{width}")
