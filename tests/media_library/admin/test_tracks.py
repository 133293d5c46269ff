"""Captions and chapters of a film in the admin, without the script; that is in tests/browser/test_tracks.py."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from media_library.deletion import delete_asset, remove_superseded_files
from media_library.models import CustomImage, SupersededFile, Track, Video
from media_library.video.tracks import save_track
from tests.tracks import CAPTIONS, make_track

SRT = b"1\n00:00:00,000 --> 00:00:01,000\nThe tide is out.\n"
BACKWARDS = "WEBVTT\n\n00:04.000 --> 00:01.000\nx"


def add_url(video: Video) -> str:
    return reverse("media_library_add_track", args=(video.pk,))


def url(name: str, track: Track) -> str:
    return reverse(f"media_library_{name}_track", args=(track.pk,))


def download(track: Track, form: str) -> str:
    return reverse("media_library_download_track", args=(track.pk, form))


def panel(client: Client, video: Video) -> str:
    page = client.get(reverse("media_library_videos:edit", args=(video.pk,))).content.decode()
    return page.partition('id="tracks-section"')[2].partition("</section>")[0]


def add(client: Client, video: Video, data: bytes | None = SRT, name: str = "tide.srt", **fields: str):
    upload = {} if data is None else {"upload": SimpleUploadedFile(name, data)}
    return client.post(add_url(video), {"kind": "captions", "language": "en", **upload, **fields})


def edit(client: Client, track: Track, **fields: object):
    stored = Track.objects.get(pk=track.pk)
    sent = {
        "kind": stored.kind,
        "language": stored.language,
        "label": stored.label,
        "text": stored.text,
        "base": stored.file.name,
    }
    return client.post(url("edit", track), sent | fields)


def errors(response) -> str:
    return str(response.context["form"].errors)


@pytest.fixture
def track(film: Video) -> Track:
    track = make_track(film)
    save_track(track)
    return track


def test_panel_of_a_film_without_tracks_says_what_they_are_for(admin_client: Client, film: Video):
    assert "let people follow who can't hear" in panel(admin_client, film)
    assert add_url(film) in panel(admin_client, film)


def test_panel_lists_the_tracks(admin_client: Client, film: Video, track: Track):
    content = panel(admin_client, film)

    for shown in ("English", "Captions", "<td>1</td>", url("edit", track), url("delete", track)):
        assert shown in content


def test_subrip_becomes_a_track_in_webvtt(admin_client: Client, film: Video):
    response = add(admin_client, film, is_default="on")

    track = film.tracks.get()
    assert response.url == reverse("media_library_videos:edit", args=(film.pk,)) + "#tracks-section"
    assert (track.kind, track.language, track.label, track.is_default) == ("captions", "en", "English", True)
    assert track.text == CAPTIONS
    assert Path(track.file.path).read_text() == CAPTIONS


@pytest.mark.parametrize(
    ("language", "stored", "label"),
    [("FR", "fr", "Français"), ("pt-br", "pt-BR", "Português Brasileiro"), ("tlh", "tlh", "tlh")],
)
def test_label_is_the_name_of_the_language_by_itself(
    admin_client: Client, film: Video, language: str, stored: str, label: str
):
    add(admin_client, film, language=language)

    assert (film.tracks.get().language, film.tracks.get().label) == (stored, label)


def test_label_may_be_written(admin_client: Client, film: Video):
    add(admin_client, film, label="English (for children)")

    assert film.tracks.get().label == "English (for children)"


def test_without_a_file_an_empty_text_is_opened(admin_client: Client, film: Video):
    response = add(admin_client, film, data=None)

    track = film.tracks.get()
    assert track.cue_count == 0
    assert response.url == url("edit", track)
    assert admin_client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (BACKWARDS.encode(), {}, "Line 3: The end of this cue"),
        (b"\x00\x01\x02", {}, "no text that can be read"),
        (b"Dear editor", {}, "There are no captions in this file"),
        (b"WEBVTT\n", {}, "not one cue"),
        (SRT * 40_000, {}, "more than 1024 KB"),
        (SRT, {"language": "in English, please"}, "Write it as in en"),
        (SRT, {"kind": "metadata"}, "metadata"),
    ],
)
def test_bad_upload_is_refused_and_leaves_nothing(
    admin_client: Client, film: Video, public_files: Callable[[], set[str]], data: bytes, fields: dict, words: str
):
    response = add(admin_client, film, data, **fields)

    assert words in errors(response)
    assert not Track.objects.exists()
    assert public_files() == set()


def test_file_in_windows_1252_is_taken_with_a_warning(admin_client: Client, film: Video):
    data = SRT.replace(b"tide", "Fähre".encode("windows-1252"))

    response = admin_client.post(
        add_url(film),
        {"kind": "captions", "language": "de", "upload": SimpleUploadedFile("a.srt", data)},
        follow=True,
    )

    assert "read as Windows-1252" in response.content.decode()
    assert "Fähre" in film.tracks.get().text


def test_one_track_of_a_kind_and_language_is_enough(admin_client: Client, film: Video, track: Track):
    response = add(admin_client, film)

    assert "in this language already" in errors(response)
    assert film.tracks.count() == 1


def test_same_one_added_in_the_same_moment_is_told(admin_client: Client, film: Video, monkeypatch):
    def after_another(track: Track) -> None:
        save_track(Track(asset=film, kind=track.kind, language=track.language, text="WEBVTT\n"))
        save_track(track)

    monkeypatch.setattr("media_library.admin.tracks.views.save_track", after_another)

    response = add(admin_client, film)

    assert "in this language already" in errors(response)
    assert not film.tracks.exists()


def test_only_one_of_captions_and_subtitles_is_on_by_itself(admin_client: Client, film: Video):
    add(admin_client, film, is_default="on")
    add(admin_client, film, kind="chapters", is_default="on")
    add(admin_client, film, kind="subtitles", language="de", is_default="on")

    on = film.tracks.filter(is_default=True).values_list("kind", flat=True)
    assert set(on) == {"chapters", "subtitles"}


def test_text_is_edited(admin_client: Client, track: Track):
    response = edit(admin_client, track, text="00:00:02.000 --> 00:00:03.000\r\nIt comes & goes.")

    track.refresh_from_db()
    assert response.url == url("edit", track)
    assert track.text == "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\nIt comes &amp; goes.\n"


def test_mistake_in_the_text_is_named_and_the_text_kept_for_correction(admin_client: Client, track: Track):
    response = edit(admin_client, track, text=BACKWARDS)

    content = response.content.decode()
    track.refresh_from_db()
    assert "Line 3: The end of this cue" in errors(response)
    assert 'data-track-editor-line-value="3"' in content
    assert "00:04.000 --&gt; 00:01.000" in content
    assert track.text == CAPTIONS


def test_empty_first_lines_count(admin_client: Client, track: Track):
    assert "Line 5" in errors(edit(admin_client, track, text="\n\n" + BACKWARDS))


def test_captions_that_overlap_do_not_become_chapters(admin_client: Client, track: Track):
    text = "WEBVTT\n\n00:00.000 --> 00:05.000\nOne\n\n00:04.000 --> 00:06.000\nTwo"

    response = edit(admin_client, track, text=text, kind="chapters")

    assert "may not overlap" in errors(response)


def test_new_file_takes_the_place_of_the_text(admin_client: Client, track: Track):
    edit(admin_client, track, text="nonsense", upload=SimpleUploadedFile("b.srt", SRT.replace(b"out", b"in")))

    track.refresh_from_db()
    assert "The tide is in." in track.text


def test_label_follows_the_language_unless_it_was_written(admin_client: Client, track: Track):
    edit(admin_client, track, language="de")
    track.refresh_from_db()
    assert track.label == "Deutsch"

    edit(admin_client, track, label="Auf Deutsch")
    edit(admin_client, track, language="fr")
    track.refresh_from_db()
    assert track.label == "Auf Deutsch"


def test_what_another_editor_has_changed_is_not_overwritten(admin_client: Client, track: Track):
    base = track.file.name
    edit(admin_client, track, text=CAPTIONS.replace("out", "in"))

    response = edit(admin_client, track, base=base, text=CAPTIONS.replace("out", "away"))

    track.refresh_from_db()
    assert "Someone else has changed" in errors(response)
    assert "The tide is in." in track.text


def test_former_file_stays_until_caches_have_forgotten_it(
    admin_client: Client, track: Track, public_files: Callable[[], set[str]], django_capture_on_commit_callbacks
):
    former = track.file.name
    with django_capture_on_commit_callbacks(execute=True):
        edit(admin_client, track, text=CAPTIONS.replace("out", "in"))

    track.refresh_from_db()
    assert public_files() == {former, track.file.name}
    SupersededFile.objects.update(delete_after=timezone.now())
    remove_superseded_files()
    assert public_files() == {track.file.name}


def test_text_that_comes_back_keeps_its_file(admin_client: Client, track: Track, public_files: Callable[[], set[str]]):
    edit(admin_client, track, text=CAPTIONS.replace("out", "in"))
    edit(admin_client, track, text=CAPTIONS)

    SupersededFile.objects.update(delete_after=timezone.now())
    remove_superseded_files()
    track.refresh_from_db()
    assert public_files() == {track.file.name}


def test_deleting_asks_first(admin_client: Client, track: Track):
    content = admin_client.get(url("delete", track)).content.decode()

    assert "Delete “English”, with its one cue?" in content
    assert Track.objects.exists()


def test_deleted_track_is_gone_and_its_file_stays_for_a_while(
    admin_client: Client, film: Video, track: Track, public_files: Callable[[], set[str]]
):
    response = admin_client.post(url("delete", track))

    assert response.url == reverse("media_library_videos:edit", args=(film.pk,)) + "#tracks-section"
    assert not Track.objects.exists()
    assert public_files() == {track.file.name}
    SupersededFile.objects.update(delete_after=timezone.now())
    remove_superseded_files()
    assert public_files() == set()


def test_tracks_go_with_their_film(film: Video, track: Track, public_files, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(film)

    assert not Track.objects.exists()
    assert public_files() == set()


def test_history_of_the_film_tells_what_happened(admin_client: Client, film: Video):
    add(admin_client, film)
    edit(admin_client, film.tracks.get(), label="In English")
    admin_client.post(url("delete", film.tracks.get()))

    content = admin_client.get(reverse("media_library_videos:history", args=(film.pk,))).content.decode()
    for sentence in ("Captions “English” added", "Captions “In English” edited", "Captions “In English” deleted"):
        assert sentence in content
    assert set(ModelLogEntry.objects.values_list("user__username", flat=True)) == {"ada"}


@pytest.mark.parametrize(
    ("form", "content_type", "content"),
    [("vtt", "text/vtt", CAPTIONS.encode()), ("srt", "application/x-subrip", SRT)],
)
def test_text_is_downloaded(admin_client: Client, track: Track, form: str, content_type: str, content: bytes):
    response = admin_client.get(download(track, form))

    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="tide.en.{form}"'
    assert response.content == content


def test_check_answers_with_the_text_in_order(admin_client: Client, track: Track):
    answer = admin_client.post(url("check", track), {"kind": "captions", "text": SRT.decode()})

    assert answer.json() == {"text": CAPTIONS, "cues": 1}


def test_check_answers_with_the_line_of_a_mistake(admin_client: Client, track: Track):
    answer = admin_client.post(url("check", track), {"kind": "captions", "text": BACKWARDS})

    assert answer.json()["line"] == 3
    assert answer.json()["message"].startswith("Line 3: ")


def test_player_of_the_edit_page_has_the_track(
    admin_client: Client, film: Video, track: Track, develop: Callable[..., None]
):
    develop(film)

    content = admin_client.get(reverse("media_library_videos:preview", args=(film.pk,))).content.decode()

    assert f'<track kind="captions" src="{track.file.url}" srclang="en" label="English">' in content


def test_text_stands_beside_the_film(admin_client: Client, film: Video, track: Track, develop: Callable[..., None]):
    before = admin_client.get(url("edit", track)).content.decode()
    develop(film)
    after = admin_client.get(url("edit", track)).content.decode()

    assert "<video" not in before
    offered = film.transcodes.filter(playlist="").exclude(preset="hls")
    assert offered
    assert all(transcode.url in after for transcode in offered)


def test_page_has_nothing_inline(admin_client: Client, track: Track):
    page = admin_client.get(url("edit", track)).content.decode().partition('class="track-editor"')[2]

    assert " style=" not in page
    assert " onclick=" not in page


PAGES = ("edit", "delete")


@pytest.mark.parametrize("page", PAGES)
def test_editor_opens_tracks_of_their_collection(editor_client: Client, ours: Video, page: str):
    track = make_track(ours)
    save_track(track)

    assert editor_client.get(url(page, track)).status_code == 200
    assert editor_client.get(add_url(ours)).status_code == 200


def test_editor_is_refused_tracks_of_another_collection(editor_client: Client, theirs: Video):
    track = make_track(theirs)
    save_track(track)

    answers = [
        editor_client.get(add_url(theirs)),
        add(editor_client, theirs, language="de"),
        *(editor_client.get(url(page, track)) for page in PAGES),
        edit(editor_client, track, text="WEBVTT"),
        editor_client.post(url("delete", track)),
        editor_client.post(url("check", track), {"kind": "captions", "text": "WEBVTT"}),
        editor_client.get(download(track, "vtt")),
    ]

    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {
        (302, reverse("wagtailadmin_home"))
    }
    assert list(Track.objects.values_list("text", flat=True)) == [CAPTIONS]


def test_visitor_is_asked_to_log_in(client: Client, track: Track):
    assert client.get(url("edit", track)).url.startswith(reverse("wagtailadmin_login"))


def test_pictures_have_no_tracks(admin_client: Client, photo: CustomImage):
    assert admin_client.get(add_url(photo)).status_code == 404


def test_public_name_of_the_file_holds_a_hash(track: Track):
    assert settings.MEDIA_URL + track.file.name == track.file.url
    assert track.file.name.startswith(f"{track.asset_id}/tracks/captions-en-")
