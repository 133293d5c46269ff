from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection

from media_library.models import Asset, Audio, Video
from tests.media import photo_bytes, sound_file

INDEX = "/admin/audio/"
RESULTS = "/admin/audio/results/"


def titles(response) -> list[str]:
    return [audio.title for audio in response.context["page_obj"].object_list]


@pytest.fixture
def sounds(make_audio: Callable[..., Audio], root_collection: Collection) -> list[Audio]:
    return [make_audio(root_collection, title) for title in ("Anchor", "Buoy", "Crane")]


def test_listing_shows_the_facts_of_a_sound(admin_client: Client, sound: Audio, develop: Callable[..., None]):
    develop(sound)

    content = admin_client.get(INDEX).content.decode()

    for shown in (sound.title, sound.filename, "Ready", "0:01", "Used 0 times", "Root", "Cover"):
        assert shown in content


def test_listing_shows_the_cover_of_a_sound(admin_client: Client, develop: Callable[..., None]):
    audio = Audio(title="Song", file=sound_file("song.mp3", cover=photo_bytes(400, 400)))
    audio.save()
    develop(audio)

    cover = audio.poster_renditions.get(filter_spec="width-320|format-webp").url

    assert cover in admin_client.get(INDEX).content.decode()
    assert admin_client.get("/admin/media/status/", {"ids": audio.pk}).json()["items"][0]["poster"] == cover


def test_listing_needs_the_same_number_of_queries_for_any_number_of_sounds(
    admin_client: Client, sound: Audio, make_audio: Callable[..., Audio], root_collection: Collection
):
    admin_client.get(INDEX)
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(INDEX)
    for number in range(4):
        make_audio(root_collection, f"Wave {number}")

    with CaptureQueriesContext(connection) as with_five:
        admin_client.get(INDEX)

    assert len(with_five) == len(with_one)


def test_films_and_sounds_are_listed_apart(admin_client: Client, sound: Audio, film: Video):
    assert titles(admin_client.get(INDEX)) == ["Bells"]
    assert titles(admin_client.get("/admin/videos/")) == ["Tide"]


def test_empty_listing_says_what_to_do(admin_client: Client):
    content = admin_client.get(INDEX).content.decode()

    assert "There is no audio yet" in content
    assert reverse("media_library_audio:add") in content


def test_search_finds_titles_and_says_when_there_are_none(admin_client: Client, sounds: list[Audio]):
    assert titles(admin_client.get(RESULTS, {"q": "anc"})) == ["Anchor"]
    assert "no audio matches" in admin_client.get(RESULTS, {"q": "zeppelin"}).content.decode()


@pytest.mark.parametrize("key", ["title", "status", "duration", "file_size", "created_at", "reference_count"])
def test_listing_can_be_ordered_by_each_column(admin_client: Client, sounds: list[Audio], key: str):
    there, back = (titles(admin_client.get(RESULTS, {"ordering": sign + key})) for sign in ("", "-"))

    assert sorted(there) == sorted(back) == ["Anchor", "Buoy", "Crane"]
    assert key != "title" or (there, back) == (["Anchor", "Buoy", "Crane"], ["Crane", "Buoy", "Anchor"])


def test_listing_is_filtered_by_status_and_usage(admin_client: Client, sounds: list[Audio]):
    Asset.objects.filter(pk=sounds[1].pk).update(status=Asset.Status.FAILED)

    assert titles(admin_client.get(RESULTS, {"status": "failed"})) == ["Buoy"]
    assert titles(admin_client.get(RESULTS, {"usage_count_min": 1})) == []
    assert len(titles(admin_client.get(RESULTS, {"usage_count_max": 0}))) == 3


def test_home_page_search_and_groups_know_sounds(admin_client: Client, sounds: list[Audio], editor):
    home = " ".join(admin_client.get(reverse("wagtailadmin_home")).content.decode().split())
    images = admin_client.get(reverse("wagtailimages:index"), {"q": "crane"}).content.decode()
    group = admin_client.get(reverse("wagtailusers_groups:edit", args=(editor.groups.get().pk,))).content.decode()

    assert "3 Audio files" in home
    assert f"{INDEX}?q=crane" in images
    assert "Audio permissions" in group


def test_collection_with_sounds_cannot_be_deleted_unawares(
    admin_client: Client, our_sound: Audio, harbour: Collection
):
    content = admin_client.get(reverse("wagtailadmin_collections:delete", args=(harbour.pk,))).content.decode()

    assert "1 audio file" in content
    assert f"{INDEX}?collection_id={harbour.pk}" in content


def test_bulk_actions_tag_move_and_delete(admin_client: Client, sounds: list[Audio], harbour: Collection):
    def do(action: str, **data: object) -> None:
        bulk = reverse("wagtail_bulk_action", args=("media_library", "audio", action))
        admin_client.post(f"{bulk}?id={sounds[0].pk}&id={sounds[1].pk}&next={INDEX}", data)

    do("add_tags", tags="sea, bell")
    do("add_to_collection", collection=harbour.pk)

    assert sorted(sounds[0].tags.names()) == ["bell", "sea"]
    assert titles(admin_client.get(RESULTS, {"collection_id": harbour.pk})) == ["Buoy", "Anchor"]
    do("delete")
    assert titles(admin_client.get(INDEX)) == ["Crane"]


@pytest.mark.parametrize("action", ["add_tags", "add_to_collection", "delete"])
def test_bulk_action_asks_with_a_link_to_each_sound(admin_client: Client, sounds: list[Audio], action: str):
    bulk = reverse("wagtail_bulk_action", args=("media_library", "audio", action))

    content = admin_client.get(bulk, {"id": sounds[0].pk, "next": INDEX}).content.decode()

    assert "Anchor" in content
    assert reverse("media_library_audio:edit", args=(sounds[0].pk,)) in content
