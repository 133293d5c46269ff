"""Words in pictures, read by a real Tesseract; what is broken or slow in place of it is a script."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from cms.models import User
from media_library.admin.library.searching import matching
from media_library.imaging.looking import grey
from media_library.insight import Look, accept, reject
from media_library.insight.text import problem, suggest
from media_library.insight.text.suggesting import words_in
from media_library.insight.text.tesseract import languages
from media_library.models import Asset, CustomImage, ProcessingJob, Suggestion
from tests.media import picture
from tests.signs import Sign, as_file, screenshot

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("tesseract"), reason="python -m tests.tesseract says how to install it"),
]

Field, State = Suggestion.Field, Suggestion.State


@pytest.fixture(autouse=True)
def words_in_pictures() -> None:
    """They are read here."""


@pytest.fixture
def sign(develop: Callable[..., None]) -> CustomImage:
    """A photograph of a sign, ready."""
    scene = on_the_quay("HARBOUR OFFICE", "closed on Monday", letters=40, paint=1)
    image = CustomImage(title="Quay", file=as_file(scene))
    image.save()
    develop(image)
    return image


@pytest.fixture
def quay(photo: CustomImage, develop: Callable[..., None], tesseract: Callable[[str], None]) -> CustomImage:
    """A photograph, ready, in which Tesseract reads what is on a sign."""
    develop(photo)
    tesseract(f"printf '{SIGN}'")
    return photo


@pytest.fixture
def read(backends: Callable, look_for_suggestions: Callable[[], list[ProcessingJob]]) -> Callable[[], ProcessingJob]:
    """What a worker does when it looks at the one picture that there is, for its words only."""
    backends(text="media_library.insight.text.suggest")

    def look() -> ProcessingJob:
        [job] = look_for_suggestions()
        return job

    return look


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """``tesseract(script)``: a program of this name that knows English, and does this when it is asked to read."""

    def replace(script: str) -> None:
        program = tmp_path / "tesseract"
        listing = 'if [ "$1" = --list-langs ]; then printf "List\\neng\\n"; exit; fi\n'
        program.write_text(f"#!/bin/sh\n{listing}{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    yield replace


SIGN = r"5\t1\t1\t1\t1\t1\t10\t10\t90\t30\t96.5\tHARBOUR\n5\t1\t1\t1\t1\t2\t110\t10\t90\t30\t96.5\tOFFICE\n"
"""Two words in a line, as Tesseract tells of them, for printf."""


def on_the_quay(*lines: str, **how: float) -> Image.Image:
    return Sign(lines, **how).on(picture(800, 600))  # type: ignore[arg-type]


def words(scene: Image.Image) -> set[str]:
    return {word.text for word in words_in(grey(np.asarray(scene)))}


def found(words: str) -> list[int]:
    return [asset.pk for asset in matching(Asset.objects.all(), words)]


def test_words_on_a_sign_are_read():
    assert {"HARBOUR", "OFFICE", "closed", "on"} <= words(on_the_quay("HARBOUR OFFICE", "closed on Monday"))


@pytest.mark.parametrize("degrees", [90, 270, 8])
def test_words_on_a_sign_that_hangs_otherwise_are_read(degrees: int):
    scene = on_the_quay("HARBOUR OFFICE", "closed on Monday", degrees=degrees, letters=48, paint=1)

    assert {"HARBOUR", "OFFICE"} <= words(scene)


def test_words_are_read_through_noise():
    assert {"HARBOUR", "OFFICE"} <= words(on_the_quay("HARBOUR OFFICE", noise=25))


def test_nothing_is_read_where_there_are_no_words():
    assert words(picture(480, 360)) == set()


def test_nothing_but_words_is_suggested_as_alt_text(photo: CustomImage, develop: Callable):
    develop(photo)
    look = Look(photo)
    text = ["The", "ferry", "to", "the", "island", "departs", "from", "the", "other", "bridge", "today"]
    look.large_pixels = np.asarray(screenshot(text, letters=72, width=900, height=420))

    assert [one.text for one in suggest(look) if one.field == Field.ALT_TEXT] == [" ".join(text)]


def test_words_on_a_sign_are_suggested_and_are_no_alt_text(sign: CustomImage, read: Callable):
    read()

    [suggestion] = sign.suggestions.all()
    assert suggestion.field == Field.VISIBLE_TEXT
    assert "HARBOUR OFFICE" in suggestion.text


def test_four_hundred_lines_are_eight_suggestions_at_most(
    photo: CustomImage, develop: Callable, read: Callable, tesseract: Callable
):
    develop(photo)
    row = r"5\t1\t%d\t1\t1\t1\t10\t10\t90\t30\t96.5\tlighthouses_%d\n"
    tesseract(f"for n in $(seq 400); do printf '{row}' $n $n; done")

    read()

    rows = photo.suggestions.all()
    assert rows.count() == 8
    assert all(len(row.text) <= Suggestion.LONGEST for row in rows)


def test_picture_is_found_by_suggested_words(quay: CustomImage, read: Callable):
    assert found("office") == []

    read()

    assert found("office") == [quay.pk]


def test_picture_is_found_through_the_api_by_those_who_work_in_the_library_only(
    quay: CustomImage, read: Callable, admin_client: Client
):
    read()

    assert [one["id"] for one in admin_client.get("/api/media/search/?q=office").json()["items"]] == [quay.pk]
    assert Client().get("/api/media/search/?q=office").json()["items"] == []


def test_accepted_words_are_the_picture_s_and_found(quay: CustomImage, read: Callable, admin_user: User):
    read()

    accept(quay.suggestions.get(field=Field.VISIBLE_TEXT), admin_user, text="Harbour master: closed on Monday")

    quay.refresh_from_db()
    assert quay.visible_text == "Harbour master: closed on Monday"
    assert found("master") == [quay.pk]
    assert found("office") == []


def test_accepted_passages_stand_below_each_other(photo: CustomImage, admin_user: User):
    for text in ("Harbour office", "Closed on Monday"):
        row = Suggestion(asset=photo, version=1, field=Field.VISIBLE_TEXT, text=text, confidence=0.9, source="text")
        row.save()
        accept(row, admin_user)

    photo.refresh_from_db()
    assert photo.visible_text == "Harbour office\nClosed on Monday"


def test_picture_is_not_found_by_rejected_words_and_they_do_not_return(
    quay: CustomImage, read: Callable, admin_user: User
):
    read()
    reject(quay.suggestions.get(field=Field.VISIBLE_TEXT), admin_user)

    Asset.objects.update(version=2)
    read()

    assert found("office") == []
    assert quay.suggestions.get().state == State.REJECTED


def test_words_of_a_former_file_are_forgotten(quay: CustomImage, read: Callable, tesseract: Callable):
    read()
    tesseract("exit 0")

    Asset.objects.update(version=2)
    read()

    assert not quay.suggestions.exists()
    assert found("office") == []


def test_markup_on_a_sign_is_shown_as_it_stands_there(
    photo: CustomImage, develop: Callable, read: Callable, tesseract: Callable, admin_client: Client
):
    develop(photo)
    row = r"5\t1\t1\t1\t1\t1\t10\t10\t90\t30\t96.5\t<script>alert(1)</script>\033[31m\n"
    tesseract(f"printf '{row}'")

    read()

    [suggestion] = photo.suggestions.all()
    assert suggestion.text == "<script>alert(1)</script>[31m"
    page = admin_client.get("/admin/media/suggested/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_one_that_hangs_is_ended_and_the_job_says_so(
    photo: CustomImage, develop: Callable, read: Callable, tesseract: Callable, settings: Any
):
    develop(photo)
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_TEXT_SECONDS": 0.5}
    tesseract("sleep 60")

    job = read()

    assert "tesseract was stopped after 0.5 s." in job.log
    photo.refresh_from_db()
    assert photo.status == Asset.Status.READY


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'Error opening data file' >&2; exit 1", "Error opening data file"),
        ("exec yes 'far too much'", "SIGXFSZ"),
        ("kill -SEGV $$", "SIGSEGV"),
    ],
)
def test_one_that_is_broken_leaves_the_asset_ready(
    photo: CustomImage, develop: Callable, read: Callable, tesseract: Callable, script: str, said: str
):
    develop(photo)
    tesseract(script)

    job = read()

    assert said in job.log
    photo.refresh_from_db()
    assert photo.status == Asset.Status.READY


def test_answer_that_is_no_table_is_no_words(photo: CustomImage, develop: Callable, tesseract: Callable):
    develop(photo)
    tesseract(r"printf '5\tone\ttwo\n5\t1\t1\t1\t1\t1\tx\tx\tx\tx\tx\tword\n\377\000'")

    assert list(suggest(Look(photo))) == []


def test_without_it_nothing_is_read_and_a_sentence_says_how_to_install_it(
    photo: CustomImage, develop: Callable, monkeypatch: pytest.MonkeyPatch
):
    develop(photo)
    monkeypatch.setenv("PATH", "")

    assert list(suggest(Look(photo))) == []
    assert "apt-get install tesseract-ocr" in problem()


def test_languages_are_those_of_the_site_that_are_installed(languages_of_site: None):
    assert languages() == ["eng"]


@pytest.fixture
def languages_of_site(tesseract: Callable, settings: Any) -> None:
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en-gb", "English"), ("zh-hans", "Chinese")]
    tesseract("exit 0")


def test_languages_that_are_not_installed_are_named(settings: Any):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"INSIGHT_TEXT_LANGUAGES": ["tlh", "qya"]}

    assert "tlh, qya" in problem()
