"""Files that are dropped into the chooser or on a field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from tests.media import photo_bytes, sound_bytes

Chooser = Callable[..., str]


def send(client: Client, address: str, name: str, content: bytes, **fields: object) -> dict[str, Any]:
    response = client.post(address, {"files[]": SimpleUploadedFile(name, content), "title": "New", **fields})
    assert response.status_code == 200
    return response.json()


def test_an_uploaded_file_is_chosen_at_once(writers: Client, writer: User, harbour: Collection, chooser: Chooser):
    answer = send(writers, chooser("create", kinds="image"), "new.jpg", photo_bytes())

    image = CustomImage.objects.get()
    assert answer["success"]
    assert (answer["chosen"]["id"], answer["chosen"]["title"]) == (str(image.pk), "New")
    assert answer["choose_url"] == chooser("chosen", image.pk, kinds="image")
    assert answer["duplicate"] is None
    assert (image.uploaded_by_user, image.collection) == (writer, harbour)


def test_the_kind_of_a_file_follows_from_what_is_in_it(admin_client: Client, small_film: bytes, chooser: Chooser):
    for name, content in (
        ("a.jpg", photo_bytes()),
        ("b.mp4", small_film),
        ("c.mp3", sound_bytes("mp3")),
        ("d.txt", b"d"),
    ):
        assert send(admin_client, chooser("create"), name, content)["success"]

    assert [model.objects.count() for model in (CustomImage, Video, Audio, CustomDocument)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("kinds", "explanation"),
    [("audio", "a video (MP4)"), ("image", "a video (MP4)"), ("image,audio", "of another kind: video")],
)
def test_a_file_of_another_kind_is_refused_with_what_it_is(
    admin_client: Client, small_film: bytes, chooser: Chooser, kinds: str, explanation: str
):
    answer = send(admin_client, chooser("create", kinds=kinds), "tide.mp4", small_film)

    assert not answer["success"]
    assert explanation in answer["message"]
    assert not Asset.objects.exists()


def test_a_bad_file_is_explained(admin_client: Client, chooser: Chooser):
    answer = send(admin_client, chooser("create", kinds="video"), "tide.mp4", b"not a film" * 100)

    assert not answer["success"]
    assert "not recognised" in answer["message"]


def test_the_same_bytes_are_offered_as_they_are(admin_client: Client, photo: CustomImage, chooser: Chooser):
    with photo.file.open("rb") as file:
        answer = send(admin_client, chooser("create", kinds="image"), "again.jpg", file.read())

    again = CustomImage.objects.exclude(pk=photo.pk).get()
    assert answer["chosen"]["id"] == str(again.pk)
    assert answer["duplicate"]["chosen"]["id"] == str(photo.pk)
    assert "already: “Harbour”" in answer["duplicate"]["message"]
    admin_client.post(answer["duplicate"]["discard_url"], headers={"X-Requested-With": "XMLHttpRequest"})
    assert list(CustomImage.objects.filter(trashed_at=None)) == [photo]


def test_what_was_uploaded_into_a_folder_without_choosing_is_not_told(
    grant: Callable[..., User], client: Client, archive: Collection, chooser: Chooser
):
    client.force_login(grant(archive, "wagtailimages.add_image", username="nora"))

    answer = send(client, chooser("create", kinds="image"), "new.jpg", photo_bytes())

    assert answer["chosen"] is None
    assert "you may not choose files of its collection" in answer["message"]


def test_who_may_only_choose_has_nothing_to_upload_with(
    grant: Callable[..., User], client: Client, harbour: Collection, chooser: Chooser, html: Callable[..., str]
):
    client.force_login(grant(harbour, "choose_video", username="nora"))

    response = client.post(chooser("create", kinds="video"), {"files[]": SimpleUploadedFile("a.mp4", b"film")})

    assert response.status_code in (302, 403)
    assert "tab-media-upload" not in html(client.get(chooser("choose", kinds="video")))


def test_wagtails_address_takes_files_too(admin_client: Client, small_film: bytes):
    address = reverse("wagtailimages_chooser:create")

    answer = send(admin_client, f"{address}?select_format=true", "new.jpg", photo_bytes())

    select_format = reverse("wagtailimages_chooser:select_format", args=[CustomImage.objects.get().pk])
    assert answer["choose_url"] == f"{select_format}?select_format=true"
    assert not send(admin_client, address, "tide.mp4", small_film)["success"]
    assert admin_client.get(address).status_code == 405
