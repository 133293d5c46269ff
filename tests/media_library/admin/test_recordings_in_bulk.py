"""Wagtail's bulk actions, for sounds as for anything else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from media_library.models import Audio


@pytest.fixture
def sounds(make_audio: Callable[..., Audio], root_collection: Collection) -> list[Audio]:
    return [make_audio(root_collection, title) for title in ("Anchor", "Buoy", "Crane")]


def test_bulk_actions_tag_move_and_delete(admin_client: Client, sounds: list[Audio], harbour: Collection):
    def do(action: str, **data: object) -> None:
        bulk = reverse("wagtail_bulk_action", args=("media_library", "audio", action))
        admin_client.post(f"{bulk}?id={sounds[0].pk}&id={sounds[1].pk}&next=/admin/media/", data)

    do("add_tags", tags="sea, bell")
    do("add_to_collection", collection=harbour.pk)

    assert sorted(sounds[0].tags.names()) == ["bell", "sea"]
    assert set(Audio.objects.filter(collection=harbour)) == set(sounds[:2])
    do("delete")
    assert set(Audio.objects.filter(trashed_at=None)) == {sounds[2]}


@pytest.mark.parametrize("action", ["add_tags", "add_to_collection", "delete"])
def test_bulk_action_asks_with_a_link_to_each_sound(admin_client: Client, sounds: list[Audio], action: str):
    bulk = reverse("wagtail_bulk_action", args=("media_library", "audio", action))

    content = admin_client.get(bulk, {"id": sounds[0].pk, "next": "/admin/media/"}).content.decode()

    assert "Anchor" in content
    assert reverse("media_library_audio:edit", args=(sounds[0].pk,)) in content
