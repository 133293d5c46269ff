from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library.admin.sound_facts import sound_facts
from media_library.models import Asset, Audio
from tests.media import sound_bytes


def url(name: str, audio: Audio) -> str:
    return reverse(f"media_library_audio:{name}", args=(audio.pk,))


@pytest.mark.parametrize("view", ["edit", "preview"])
def test_finished_sound_can_be_heard_with_its_waveform(
    admin_client: Client, sound: Audio, develop: Callable[..., None], view: str
):
    before = admin_client.get(url(view, sound)).content.decode()
    develop(sound)
    content = admin_client.get(url(view, sound)).content.decode()

    assert "<audio" not in before
    assert "when the sound is ready" in before
    assert "<audio" in content
    assert sound.transcodes.exists()
    for transcode in sound.transcodes.all():
        assert f'<source src="{transcode.url}" type="{transcode.mime_type}">' in content
    assert f'data-waveform-url-value="{sound.sidecars.get().url}"' in content


def test_edit_page_gives_no_address_of_the_original(admin_client: Client, sound: Audio, develop: Callable[..., None]):
    develop(sound)

    assert sound.file.name not in admin_client.get(url("edit", sound)).content.decode()


def test_edit_page_shows_what_the_file_says_of_itself(admin_client: Client, sound: Audio):
    Asset.objects.filter(pk=sound.pk).update(
        duration=71.2, metadata={"artist": "Ada", "album": "Low tide", "track_number": 3}
    )
    sound = Audio.objects.get(pk=sound.pk)

    facts = dict(sound_facts(sound))

    assert (facts["Artist"], facts["Album"], facts["Track"], facts["Duration"]) == ("Ada", "Low tide", "3", "1:11")
    assert "Dimensions" not in facts
    assert "Low tide" in admin_client.get(url("edit", sound)).content.decode()


def test_edit_page_shows_the_chapters_of_a_sound(sound: Audio):
    chapters = [{"start": 0.0, "end": 62.0, "title": "Gulls"}, {"start": 62.0, "end": 70.0, "title": ""}]
    sound.metadata = {"chapters": chapters}

    assert ("Chapters", "0:00 Gulls\n1:02") in sound_facts(sound)


def test_what_a_file_says_of_itself_is_no_markup(admin_client: Client, sound: Audio):
    Asset.objects.filter(pk=sound.pk).update(metadata={"artist": "<script>alert(1)</script>"})

    assert "<script>alert" not in admin_client.get(url("edit", sound)).content.decode()


def test_edit_page_shows_why_a_sound_failed(admin_client: Client, sound: Audio):
    Asset.objects.filter(pk=sound.pk).update(status=Asset.Status.FAILED, status_reason="It is cut off.")

    content = admin_client.get(url("edit", sound)).content.decode()

    assert "It is cut off." in content
    assert "There is nothing to play." in content


def test_saving_the_form_changes_the_sound_and_notes_it_in_the_history(admin_client: Client, sound: Audio):
    response = admin_client.post(url("edit", sound), {"title": "Great bells", "tags": "church"}, follow=True)

    sound = Audio.objects.get(pk=sound.pk)
    assert response.redirect_chain[-1][0] == "/admin/media/?kind=audio"
    assert "Audio &#x27;Great bells&#x27; updated." in response.content.decode()
    assert (sound.title, list(sound.tags.names()), sound.version) == ("Great bells", ["church"], 1)
    assert "Edited" in admin_client.get(url("history", sound)).content.decode()


def shown_in(content: str, prefix: str = "") -> str:
    """What the form says that it shows."""
    field = content.partition(f'name="{prefix}as_shown" value="')[2].partition('"')[0]
    return unescape(field)


def test_saving_keeps_what_a_worker_has_found_since_the_form_was_shown(admin_client: Client, sound: Audio):
    as_shown = shown_in(admin_client.get(url("edit", sound)).content.decode())
    Audio.objects.filter(pk=sound.pk).update(title="The bell tower", credit="Ada")

    admin_client.post(url("edit", sound), {"title": "Bells", "credit": "", "caption": "Mine", "as_shown": as_shown})

    sound = Audio.objects.get(pk=sound.pk)
    assert (sound.title, sound.credit, sound.caption) == ("The bell tower", "Ada", "Mine")


def test_what_an_editor_writes_counts_whatever_a_worker_has_found(admin_client: Client, sound: Audio):
    as_shown = shown_in(admin_client.get(url("edit", sound)).content.decode())
    Audio.objects.filter(pk=sound.pk).update(title="The bell tower", credit="Ada")

    admin_client.post(url("edit", sound), {"title": "My bells", "credit": "Eva", "as_shown": as_shown})

    sound = Audio.objects.get(pk=sound.pk)
    assert (sound.title, sound.credit) == ("My bells", "Eva")


@pytest.mark.parametrize("as_shown", ["[1]", "{", "null", '{"status": "ready"}', '{"title": 3}'])
def test_form_that_tells_nonsense_about_what_it_showed_changes_nothing_else(
    admin_client: Client, sound: Audio, as_shown: str
):
    response = admin_client.post(url("edit", sound), {"title": "My bells", "as_shown": as_shown})

    assert response.status_code in (200, 302)
    assert Audio.objects.get(pk=sound.pk).status == "uploaded"


def test_new_file_is_a_new_version_that_waits_for_its_workers(admin_client: Client, sound: Audio):
    upload = SimpleUploadedFile("other.wav", sound_bytes("wav", seconds=0.2))

    admin_client.post(url("edit", sound), {"title": sound.title, "file": upload})

    sound = Audio.objects.get(pk=sound.pk)
    assert (sound.version, sound.filename, sound.status) == (2, "other.wav", Asset.Status.UPLOADED)


def test_film_is_no_new_file_of_a_sound(admin_client: Client, sound: Audio, small_film: bytes):
    upload = SimpleUploadedFile("tide.mp4", small_film)

    response = admin_client.post(url("edit", sound), {"title": sound.title, "file": upload})

    assert "This file holds a video (MP4)" in response.content.decode()
    assert Audio.objects.get(pk=sound.pk).version == 1


def test_delete_asks_and_leads_to_the_trash(admin_client: Client, sound: Audio):
    assert "It goes to the trash" in admin_client.get(url("delete", sound)).content.decode()

    admin_client.post(url("delete", sound))

    assert Audio.objects.get().trashed_at


def test_admin_knows_where_a_sound_is_edited(admin_user, sound: Audio):
    assert AdminURLFinder(admin_user).get_edit_url(sound) == url("edit", sound)
