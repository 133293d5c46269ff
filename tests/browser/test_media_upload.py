"""Files of all kinds dropped together, and a sound that is heard, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.uploading import ADD, row, upload
from tests.media import film_bytes, photo_bytes, sound_bytes


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "harbour.jpg").write_bytes(photo_bytes(800, 600))
    (folder / "tide.mp4").write_bytes(film_bytes(folder))
    (folder / "bells.mp3").write_bytes(
        sound_bytes("mp3", seconds=3, cover=photo_bytes(400, 400), tags={"title": "The bell tower", "artist": "Ada"})
    )
    # Another sound: what is there already is taken with a notice in place of its form.
    (folder / "chimes.mp3").write_bytes(
        sound_bytes("mp3", seconds=3.2, cover=photo_bytes(300, 300), tags={"title": "The chimes", "artist": "Ada"})
    )
    (folder / "notes.txt").write_text("Low tide at six.")
    (folder / "broken.mp4").write_bytes(b"nothing of a film" * 100)
    return folder


def test_files_of_all_kinds_are_taken_together_and_described_on_the_same_page(page: Page, files: Path):
    page.goto(ADD)
    expect(page.get_by_text("MP4, QuickTime, WebM or Matroska, up to")).to_be_visible()
    names = ["harbour.jpg", "tide.mp4", "broken.mp4", "bells.mp3", "notes.txt"]
    page.locator("input[type=file]").first.set_input_files([files / name for name in names])

    expect(row(page, "broken.mp4")).to_contain_text("What is in this file is not recognised")
    for name in ("harbour", "tide", "bells", "notes"):
        # Watched without a reload, while workers are at it.
        expect(row(page, name).locator("[data-asset-status]")).to_contain_text("Ready", timeout=90_000)
    for name in ("harbour", "tide", "bells"):
        expect(row(page, name).locator(".asset-thumbnail img")).to_be_visible()

    # The title in the form is still the name of the file; the worker has found a better one since.
    bells = row(page, "bells")
    bells.get_by_role("button", name="Describe").press("Enter")
    bells.get_by_label("Caption").fill("Recorded at dawn")
    expect(bells.get_by_text("Saved")).to_be_visible()
    page.goto("/admin/audio/")
    expect(page.get_by_role("link", name="The bell tower").first).to_be_visible()


def test_sound_is_heard_on_its_edit_page_and_the_waveform_follows(page: Page, files: Path):
    upload(page, files / "chimes.mp3")
    expect(page.locator(".upload-row [data-asset-status]")).to_contain_text("Ready", timeout=90_000)
    page.goto("/admin/audio/")
    page.get_by_role("link", name="The chimes").first.click()

    waveform, sound = page.locator(".sound-player__waveform"), page.locator("audio")
    expect(waveform).to_be_visible()
    expect(page.locator(".sound-player__cover")).to_be_visible()
    expect(page.locator(".recording-preview__facts")).to_contain_text("Ada")
    sound.evaluate("sound => { sound.muted = true; return sound.play() }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    sound.evaluate("sound => sound.pause()")
    box = waveform.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)

    page.wait_for_function("() => Math.abs(document.querySelector('audio').currentTime - 1.6) < 0.2")
    played = "Number(document.querySelector('.sound-player__waveform rect').getAttribute('width'))"
    whole = "document.querySelector('.sound-player__waveform').viewBox.baseVal.width"
    page.wait_for_function(f"() => Math.abs({played} / {whole} - 0.5) < 0.1")
