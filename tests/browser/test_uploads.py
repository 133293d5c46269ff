"""Files dropped on the library: a whole folder of them, over a connection that breaks, and across a reload."""

import base64
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import violations
from tests.browser.uploading import ADD, row, rows, upload
from tests.media import film_bytes, other_photo_bytes, photo_bytes, sound_bytes, transparent_png

PARTS = "**/admin/media/uploads/*-*-*/"

DROP = """
([target, folder, files]) => {
  const entry = ({ name, data, type }) => ({
    isFile: true,
    isDirectory: false,
    name,
    file: (resolve) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      resolve(new File([bytes], name, { type, lastModified: 1000 }));
    },
  });
  const reader = () => {
    // As Chrome does: some at a time, and none at the end.
    const rest = files.map(entry);
    return { readEntries: (resolve) => resolve(rest.splice(0, 30)) };
  };
  const directory = { isFile: false, isDirectory: true, name: folder, createReader: reader };
  const item = { kind: 'file', webkitGetAsEntry: () => directory, getAsFile: () => null };
  const event = new Event('drop', { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ['Files'], items: [item], files: [] };
  document.querySelector(target).dispatchEvent(event);
}
"""
"""No browser lets a script make the entries of a real folder; everything behind ``webkitGetAsEntry`` is as it is."""


def drop_folder(page: Page, target: str, folder: str, files: dict[str, bytes]) -> None:
    told = [{"name": name, "data": base64.b64encode(data).decode(), "type": ""} for name, data in files.items()]
    page.evaluate(DROP, [target, folder, told])


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Photographs, films, sounds, documents, and two that are broken; no two of them alike."""
    folder = tmp_path_factory.mktemp("fifty")
    files = {f"photo {number}.jpg": other_photo_bytes(number) for number in range(36)}
    films = [film_bytes(folder, seconds=0.2 + number / 10) for number in range(2)]
    files |= {f"film {number}.mp4": data for number, data in enumerate(films)}
    files |= {f"sound {number}.mp3": sound_bytes("mp3", seconds=0.2 + number / 10) for number in range(3)}
    files |= {f"paper {number}.pdf": b"%PDF-1.4\n%" + bytes([65 + number]) * 500 for number in range(7)}
    files["broken.jpg"] = photo_bytes(200, 150)[:2000]
    files["broken.mp4"] = b"nothing of a film" * 100
    assert len(files) == 50
    return files


def test_folder_of_fifty_mixed_files_is_taken_in_but_for_two(page: Page, fifty: dict[str, bytes]):
    page.goto(ADD)
    expect(page.get_by_text("Drop files or whole folders here")).to_be_visible()
    page.get_by_label("Names of folders").select_option("tags")
    drop_folder(page, "[data-upload-target]", "Regatta", fifty)

    counts = page.locator("[data-uploader-counts]")
    expect(counts).to_contain_text("48 of 50 files done, 2 with problems", timeout=60_000)
    expect(page.locator("[data-uploader-spoken]")).to_have_text("Finished. 2 files need your attention.")
    page.get_by_role("button", name="Problems 2").click()
    expect(page.locator(".upload-row")).to_have_count(2)
    expect(row(page, "broken.jpg")).to_contain_text("damaged or cut off")
    expect(row(page, "broken.mp4")).to_contain_text("not recognised")
    assert violations(page) == []

    page.get_by_role("button", name="Done 48").click()
    photo = row(page, "photo 7")
    photo.get_by_role("button", name="Describe photo 7.jpg").click()
    expect(photo.get_by_label("Tags")).to_have_value("Regatta")
    assert violations(page) == []


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Two parts and a bit."""
    path = tmp_path / "minutes.pdf"
    path.write_bytes(b"%PDF-1.4\n" + bytes(20 * 1024 * 1024))
    return path


@contextlib.contextmanager
def held_after_the_first_part(page: Page) -> Iterator[threading.Event]:
    """The connection breaks at the second part of each upload, until the block is left."""
    cut = threading.Event()

    def pass_on(route: Route) -> None:
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            cut.set()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(PARTS, pass_on)
    yield cut
    page.unroute(PARTS)


def test_upload_over_a_connection_that_breaks_goes_on_where_it_stopped(page: Page, large: Path):
    offsets: list[str] = []
    page.on(
        "request",
        lambda request: offsets.append(request.headers["upload-offset"]) if request.method == "PATCH" else None,
    )
    page.goto(ADD)
    with held_after_the_first_part(page):
        page.locator("input[type=file]").first.set_input_files(large)
        expect(row(page, "minutes.pdf")).to_contain_text("No connection. Goes on by itself.")
        # What is written meanwhile is not lost.
        row(page, "minutes.pdf").get_by_role("button", name="Describe").click()
        row(page, "minutes.pdf").get_by_label("Title").fill("Minutes of May")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(row(page, "Minutes of May")).to_have_attribute("data-state", "done")
    assert offsets.count("0") == 1
    assert offsets[-1] == str(16 * 1024 * 1024)


def test_upload_goes_on_after_a_reload(page: Page, tmp_path: Path):
    path = tmp_path / "protocol.pdf"
    path.write_bytes(b"%PDF-1.4\n%again" + bytes(20 * 1024 * 1024))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(ADD)
    with held_after_the_first_part(page) as cut:
        page.locator("input[type=file]").first.set_input_files(path)
        expect(row(page, "protocol.pdf")).to_contain_text("No connection")
        assert cut.is_set()
        # Until the file is kept.
        page.wait_for_function(
            """() => new Promise((resolve) => {
              const opening = indexedDB.open('darkroom-uploads');
              opening.onsuccess = () => {
                const count = opening.result.transaction('files').objectStore('files').count();
                count.onsuccess = () => resolve(count.result === 1);
              };
            })"""
        )
        # Before the connection is back: what has arrived is remembered no longer.
        page.goto("/admin/")

    # On another page, the tray goes on with it.
    expect(page.locator("[data-upload-tray]").get_by_text("All files are in the library.")).to_be_attached()
    expect(rows(page, "done")).to_have_count(1)
    assert violations(page, "[data-upload-tray]") == []


def test_same_file_again_is_told_and_the_existing_one_is_used(page: Page, tmp_path: Path):
    for name in ("quay.jpg", "copy.jpg"):
        (tmp_path / name).write_bytes(photo_bytes(300, 200))
    upload(page, tmp_path / "quay.jpg")
    upload(page, tmp_path / "copy.jpg")

    copy = rows(page, "duplicate")
    expect(copy).to_contain_text("the same file was there already")
    expect(copy.get_by_role("link", name="quay")).to_be_visible()
    assert violations(page) == []
    copy.get_by_role("button", name="Use the existing one").click()

    expect(rows(page, "done")).to_contain_text("The one that was there is used.")
    page.goto("/admin/images/")
    expect(page.get_by_role("link", name="copy")).to_have_count(0)


def test_picture_dropped_on_the_page_editor_is_uploaded_in_the_tray(page: Page):
    index = page.request.get("/api/v2/pages/").json()["items"][0]["id"]
    page.goto(f"/admin/pages/add/blog/postpage/{index}/", wait_until="networkidle")
    expect(page.locator("#id_title")).to_be_visible()
    drop_folder(page, "#id_title", "Regatta", {"mole.jpg": other_photo_bytes(99)})

    tray = page.locator("[data-upload-tray]")
    expect(tray.locator(".upload-row[data-state=done]")).to_contain_text("mole")
    assert violations(page, "[data-upload-tray]") == []
    tray.get_by_role("button", name="Show or hide").press("Enter")
    expect(tray.locator(".upload-row")).to_be_hidden()


def test_picture_dropped_onto_the_library_appears_in_it(page: Page):
    page.goto("/admin/media/")
    drop_folder(page, ".library__main", "Regatta", {"buoy.jpg": other_photo_bytes(98)})

    expect(page.locator("[data-asset-id]").filter(has_text="buoy")).to_be_visible()
    expect(page.locator("[data-upload-tray] .upload-row")).to_contain_text("In the library")


COPY_PICTURE = """
async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const item = new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) });
  await navigator.clipboard.write([item]);
}
"""


def test_picture_pasted_from_the_clipboard_onto_the_library_appears_in_it(page: Page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/admin/media/")
    page.evaluate(COPY_PICTURE, base64.b64encode(transparent_png()).decode())
    page.locator(".library__main").press("Control+v")

    expect(page.locator("[data-upload-tray] .upload-row[data-state=done]")).to_contain_text("In the library")
    expect(page.locator("[data-asset-id]").filter(has_text="Pasted")).to_be_visible()
