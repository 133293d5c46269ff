"""Each view of sounds against a collection where the user may do everything, and one where nothing is theirs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import Audio
from tests.media import sound_bytes
from tests.media_library.admin.test_video_permissions import OBJECT_VIEWS, is_refused
from tests.tus import send


def url(name: str, *args: object) -> str:
    return reverse(f"media_library_audio:{name}", args=args)


@pytest.mark.parametrize("view", OBJECT_VIEWS)
def test_sound_of_ones_own_collection_opens_and_another_is_refused(
    listener: Client, our_sound: Audio, their_sound: Audio, view: str
):
    assert listener.get(url(view, our_sound.pk)).status_code == 200
    assert is_refused(listener.get(url(view, their_sound.pk)))


@pytest.mark.parametrize("view", OBJECT_VIEWS)
def test_visitor_is_asked_to_log_in(client: Client, our_sound: Audio, view: str):
    assert client.get(url(view, our_sound.pk)).url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("view", ["delete_uploaded", "edit", "delete"])
def test_sound_of_another_collection_cannot_be_posted_to(listener: Client, their_sound: Audio, view: str):
    response = listener.post(url(view, their_sound.pk), {"title": "Mine", f"audio-{their_sound.pk}-title": "Mine"})

    their_sound.refresh_from_db()
    assert is_refused(response)
    assert their_sound.title == "Theirs"


def test_who_may_only_add_edits_what_they_uploaded_and_nothing_else(
    grant: Callable[..., User], client: Client, harbour: Collection, make_audio: Callable[..., Audio]
):
    user = grant(harbour, "add_audio")
    client.force_login(user)
    mine, other = make_audio(harbour, "Mine", uploaded_by_user=user), make_audio(harbour, "Other")

    assert client.get(url("edit", mine.pk)).status_code == 200
    assert is_refused(client.get(url("edit", other.pk)))


def test_listing_and_search_show_only_what_the_user_may_edit(listener: Client, our_sound: Audio, their_sound: Audio):
    listed = listener.get("/admin/media/").content.decode()

    assert "ours.mp3" in listed
    assert "theirs.mp3" not in listed
    assert "theirs.mp3" not in listener.get("/admin/media/", {"q": "their"}).content.decode()


def test_films_give_no_permission_on_sounds(editor_client: Client, our_sound: Audio):
    assert "ours.mp3" not in editor_client.get("/admin/media/").content.decode()
    assert is_refused(editor_client.get(url("add")))
    assert is_refused(editor_client.get(url("edit", our_sound.pk)))


def test_upload_to_a_collection_without_permission_is_refused(
    listener: Client, harbour: Collection, archive: Collection
):
    harbour.add_child(name="Boats")

    answer = send(listener, sound_bytes("mp3"), "bells.mp3", collection=archive.pk)

    assert answer["message"]
    assert not Audio.objects.exists()


def test_status_is_told_only_of_what_the_user_may_see(listener: Client, our_sound: Audio, their_sound: Audio):
    answer = listener.get("/admin/media/status/", {"ids": f"{our_sound.pk},{their_sound.pk}"}).json()

    assert [item["id"] for item in answer["items"]] == [our_sound.pk]
