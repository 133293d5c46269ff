"""Files through the uploader, as an editor chooses them."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ADD = "/admin/media/add/"


def row(page: Page, name: str) -> Locator:
    """The row of an upload."""
    return page.locator(".upload-row").filter(has_text=name)


def rows(page: Page, state: str) -> Locator:
    """All rows in this state: done, duplicate, failed, refused, uploading …"""
    return page.locator(f".upload-row[data-state={state}]")


def upload(page: Page, *paths: Path, done: int | None = None) -> None:
    """Choose files on the page that adds media, and wait until all or ``done`` of them are in the library.

    Pictures of the tests look alike, so they may be told to be there already.
    """
    page.goto(ADD)
    page.locator("input[type=file]").first.set_input_files([str(path) for path in paths])
    there = rows(page, "done").or_(rows(page, "duplicate"))
    expect(there).to_have_count(len(paths) if done is None else done)
