"""Captions in a real browser: uploaded, written beside the player, and shown by it."""

import time
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.stack import Stack

SRT = "1\n00:00:00,500 --> 00:00:02,000\nThe tide is out.\n\n2\n00:00:04,000 --> 00:00:05,000\nIt comes back.\n"

UPLOAD = """
import tempfile
from pathlib import Path
from media_library.models import Video
from tests.media import film_file
with tempfile.TemporaryDirectory() as folder:
    Video(title="Tide", file=film_file(Path(folder), seconds=6)).save()
"""

SHOWN = """video => [...video.textTracks].flatMap(
    track => track.mode === "showing" && track.activeCues ? [...track.activeCues].map(cue => cue.text) : []
).join("|")"""

SEEK_UNTIL_SHOWN = """([time, text]) => {
    const video = document.querySelector(".video-js video");
    const shown = document.querySelector(".vjs-text-track-cue")?.textContent.trim() ?? "";
    if (video.readyState >= 1 && !video.seeking) {
        if (shown === text && Math.abs(video.currentTime - time) < 0.3) return true;
        video.currentTime = time + Math.random() / 10;
    }
    return false;
}"""


@pytest.fixture(scope="module")
def film_id(stack: Stack) -> int:
    """A film of six seconds that is ready, shared by all tests."""
    stack.manage("shell", "-v", "0", "-c", UPLOAD)
    # The message may have gone to a worker that another test has killed; it is sent again after two minutes.
    deadline = time.monotonic() + 240
    while (film := videos(stack)[0])["status"] != "ready":
        assert time.monotonic() < deadline, film
        time.sleep(0.5)
    return film["id"]


def videos(stack: Stack) -> list[dict]:
    return requests.get(f"{stack.url}/api/v2/videos/", timeout=10).json()["items"]


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def go_to(page: Page, time: float) -> None:
    """Have the player stand at this second, which it does once its film has come."""
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    page.locator("video").evaluate("(video, time) => { video.currentTime = time; }", time)
    page.wait_for_function("() => !document.querySelector('video').seeking")


def is_shown_at(page: Page, time: float, words: str) -> None:
    """Wait until the player shows these words at this second: its captions come after its film, in their own time."""
    go_to(page, time)
    page.wait_for_function(f"words => ({SHOWN})(document.querySelector('video')) === words", arg=words)


def caret_to(page: Page, words: str) -> None:
    text(page).evaluate(
        "(field, words) => field.setSelectionRange(...Array(2).fill(field.value.indexOf(words)))", words
    )


@pytest.fixture
def editor(page: Page, stack: Stack, film_id: int) -> Page:
    """The page of captions with two cues."""
    write = f"""
from media_library.models import Track
from media_library.video.captions import read_captions
from media_library.video.tracks import save_track
Track.objects.filter(language="en").delete()
text = read_captions({SRT!r}.encode(), "captions")
save_track(Track(asset_id={film_id}, language="en", label="English", text=text))
"""
    stack.manage("shell", "-v", "0", "-c", write)
    page.goto(f"/admin/videos/edit/{film_id}/")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator(".track-editor__count")).to_have_text("2 cues")
    return page


def test_captions_are_uploaded_on_the_page_of_the_film(page: Page, film_id: int, tmp_path: Path) -> None:
    file = tmp_path / "tide.srt"
    file.write_text(SRT)
    page.goto(f"/admin/videos/edit/{film_id}/")
    page.get_by_role("link", name="Add captions or chapters").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Language").fill("de")
    page.get_by_label("On by itself").check()
    button(page, "Add").click()
    expect(page.get_by_text("“Deutsch” is added, with 2 cues.")).to_be_visible()
    player = page.locator(".video-js")
    expect(player).to_be_visible()
    # The film and its captions come in their own time: go to the moment until both are there.
    page.wait_for_function(SEEK_UNTIL_SHOWN, arg=[1, "The tide is out."], polling=300)
    page.wait_for_function(SEEK_UNTIL_SHOWN, arg=[3, ""], polling=300)


def test_player_shows_what_is_being_typed(editor: Page) -> None:
    is_shown_at(editor, 1, "The tide is out.")
    text(editor).fill(text(editor).input_value().replace("is out", "is <b>in</b>"))
    editor.wait_for_function(f"() => ({SHOWN})(document.querySelector('video')) === 'The tide is <b>in</b>.'")


def test_mistake_is_told_and_its_line_selected(editor: Page) -> None:
    text(editor).fill(text(editor).input_value().replace("00:00:05.000", "00:00:03.000"))
    problem = editor.locator(".track-editor__problem")
    expect(problem).to_contain_text("Line 6: The end of this cue")
    button(editor, "Show the line").click()
    selected = text(editor).evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert selected == "00:00:04.000 --> 00:00:03.000"
    # The player goes on with the last text that was right.
    is_shown_at(editor, 4.5, "It comes back.")


def test_mistake_that_is_saved_is_selected_on_the_page_that_comes_back(editor: Page) -> None:
    text(editor).fill("WEBVTT\n\n00:04.000 --> 00:03.000\nx")
    button(editor, "Save").click()
    expect(editor.get_by_text("The captions could not be saved due to errors.")).to_be_visible()
    expect(text(editor)).to_be_focused()
    selected = text(editor).evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert selected == "00:04.000 --> 00:03.000"


def test_cue_is_inserted_at_the_time_of_the_player_and_saved(editor: Page, stack: Stack) -> None:
    go_to(editor, 3)
    button(editor, "Insert cue at the player's time").click()
    editor.keyboard.type("It turns.")
    expect(editor.locator(".track-editor__count")).to_have_text("3 cues")
    is_shown_at(editor, 3.5, "It turns.")
    button(editor, "Save").click()
    expect(editor.get_by_text("“English” is saved.")).to_be_visible()
    (src,) = [track["src"] for track in videos(stack)[0]["tracks"] if track["srclang"] == "en"]
    assert "00:00:03.000 --> 00:00:04.000\nIt turns.\n" in requests.get(src, timeout=10).text


def test_insertion_is_undone_by_the_keyboard(editor: Page) -> None:
    before = text(editor).input_value()
    button(editor, "Insert cue at the player's time").click()
    expect(text(editor)).not_to_have_value(before)
    editor.keyboard.press("Control+z")
    expect(text(editor)).to_have_value(before)


def test_film_plays_from_the_cue_of_the_caret(editor: Page) -> None:
    caret_to(editor, "It comes back")
    button(editor, "Play from this cue").click()
    editor.wait_for_function("() => document.querySelector('video').currentTime > 4")
    caret_to(editor, "WEBVTT")
    expect(button(editor, "Play from this cue")).to_be_disabled()
