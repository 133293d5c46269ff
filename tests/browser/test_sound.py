"""A sound in a post, developed by the real workers and played by a real browser."""

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.media import photo_bytes, sound_bytes
from tests.stack import Stack

WRITE = """
import datetime
from pathlib import Path
from django.core.files.base import ContentFile
from blog.models import BlogIndexPage, PostPage
from media_library.models import Audio
audio = Audio(title="bells.mp3", file=ContentFile(Path({path!r}).read_bytes(), name="bells.mp3"))
audio.save()
post = PostPage(title="Noon", slug="noon", summary="Bells.", date=datetime.date(2026, 1, 1))
block = {{"type": "audio", "value": {{"audio": audio.pk, "caption": "From the tower"}}}}
post.body = PostPage._meta.get_field("body").stream_block.to_python([block])
BlogIndexPage.objects.get().add_child(instance=post)
"""


def _wait_until_ready(page: Page) -> None:
    deadline = time.monotonic() + 90
    while (sound := page.request.get("/api/v2/audio/").json()["items"][0])["status"] != "ready":
        assert time.monotonic() < deadline, sound
        page.wait_for_timeout(200)


def test_sound_plays_from_the_page_and_can_be_sought(page: Page, stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "bells.mp3"
    file.write_bytes(sound_bytes("mp3", seconds=8, tags={"title": "Noon bells"}, cover=photo_bytes(400, 400)))
    stack.manage("shell", "-v", "0", "-c", WRITE.format(path=str(file)))
    _wait_until_ready(page)
    page.goto("/noon/")

    sound = page.get_by_label("Noon bells")
    expect(sound).to_be_visible()
    page.wait_for_function("() => document.querySelector('.sound__cover img').naturalWidth > 0")
    sound.evaluate("sound => { sound.muted = true; return sound.play() }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    assert sound.evaluate("sound => sound.currentSrc").endswith(".webm")
    assert abs(sound.evaluate("sound => sound.duration") - 8) < 0.1
    sound.evaluate("sound => { sound.currentTime = 6 }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 6.2")
    for source in page.locator("audio source").evaluate_all("found => found.map((one) => one.src)"):
        answer = page.request.get(source, headers={"Range": "bytes=0-99"})
        assert (answer.status, len(answer.body())) == (206, 100)
