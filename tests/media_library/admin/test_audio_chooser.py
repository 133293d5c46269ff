import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CASCADE, ForeignKey
from django.test import Client
from django.urls import reverse
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.telepath import JSContext
from wagtail.models import Collection

from media_library.admin.chooser import AdminAudioChooser, AudioChooserBlock
from media_library.models import Audio
from tests.media import sound_bytes


def url(name: str, *args: object) -> str:
    return reverse(f"media_library_audio_chooser:{name}", args=args)


def test_chooser_shows_the_status_and_searches(admin_client: Client, our_sound: Audio, their_sound: Audio):
    modal = admin_client.get(url("choose")).json()["html"]
    found = admin_client.get(url("choose_results"), {"q": "our"}).content.decode()

    assert f'data-asset-status-id-value="{our_sound.pk}"' in modal
    assert "Theirs" in modal
    assert "Theirs" not in found


def test_empty_chooser_offers_to_upload(admin_client: Client):
    modal = admin_client.get(url("choose")).json()["html"]

    assert "There is no audio yet." in modal
    assert "upload one now" in modal


def test_sound_uploaded_in_the_chooser_is_chosen_at_once(listener: Client, harbour: Collection):
    answer = listener.post(
        url("create"),
        {
            "audio-chooser-upload-title": "Bells",
            "audio-chooser-upload-file": SimpleUploadedFile("bells.mp3", sound_bytes("mp3")),
        },
    ).json()

    audio = Audio.objects.get()
    assert (answer["step"], answer["result"]["id"]) == ("chosen", str(audio.pk))
    assert answer["result"]["edit_url"] == reverse("media_library_audio:edit", args=(audio.pk,))
    assert (audio.uploaded_by_user.username, audio.collection) == ("lydia", harbour)


def test_film_in_the_chooser_of_sounds_is_explained_in_its_form(admin_client: Client, small_film: bytes):
    answer = admin_client.post(
        url("create"),
        {
            "audio-chooser-upload-title": "Tide",
            "audio-chooser-upload-file": SimpleUploadedFile("tide.mp4", small_film),
        },
    ).json()

    assert answer["step"] == "reshow_creation_form"
    assert "a video (MP4)" in answer["htmlFragment"]


def test_field_with_a_chosen_sound_follows_its_status(sound: Audio):
    html = AdminAudioChooser().render("audio", sound.pk, attrs={"id": "id_audio"})

    assert "Bells" in html
    assert f'data-asset-status-id-value="{sound.pk}"' in html


def test_foreign_keys_to_sounds_are_chosen_in_forms():
    field = formfield_for_dbfield(ForeignKey(Audio, on_delete=CASCADE))

    assert isinstance(field.widget, AdminAudioChooser)


def test_block_gives_the_browser_what_the_field_shows(sound: Audio):
    block = AudioChooserBlock()

    state = block.get_form_state(sound)

    assert (state["id"], state["status"]) == (sound.pk, "uploaded")
    assert "media_library/audio" not in json.dumps(JSContext().pack(block.widget))


def test_block_is_written_into_migrations_by_its_import_path():
    assert AudioChooserBlock().deconstruct() == ("media_library.admin.chooser.AudioChooserBlock", (), {})
