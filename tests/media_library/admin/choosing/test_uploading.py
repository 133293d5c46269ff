"""Files that are dropped into the chooser or on a field."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from tests import tus
from tests.media import photo_bytes, sound_bytes

Chooser = Callable[..., str]


def send(client: Client, address: str, name: str, content: bytes) -> dict[str, Any]:
    """What the chooser says of a file, or of what is wrong with it."""
    return tus.send(client, content, name, address=address)


def test_an_uploaded_file_is_chosen_at_once(writers: Client, writer: User, harbour: Collection, chooser: Chooser):
    answer = send(writers, chooser("create", kinds="image"), "new.jpg", photo_bytes())

    image = CustomImage.objects.get()
    assert (answer["chosen"]["id"], answer["chosen"]["title"]) == (str(image.pk), "new")
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
        assert send(admin_client, chooser("create"), name, content)["chosen"]

    assert [model.objects.count() for model in (CustomImage, Video, Audio, CustomDocument)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("kinds", "explanation"),
    [("audio", "a video (MP4)"), ("image", "a video (MP4)"), ("image,audio", "this kind (Videos) can't be used")],
)
def test_a_file_of_another_kind_is_refused_with_what_it_is(
    admin_client: Client, small_film: bytes, chooser: Chooser, kinds: str, explanation: str
):
    answer = send(admin_client, chooser("create", kinds=kinds), "tide.mp4", small_film)

    assert explanation in answer["message"]
    assert not Asset.objects.exists()


def test_a_bad_file_is_explained(admin_client: Client, chooser: Chooser):
    answer = send(admin_client, chooser("create", kinds="video"), "tide.mp4", b"not a film" * 100)

    assert "not recognised" in answer["message"]


def test_the_same_bytes_are_offered_as_they_are(admin_client: Client, photo: CustomImage, chooser: Chooser):
    with photo.file.open("rb") as file:
        answer = send(admin_client, chooser("create", kinds="image"), "again.jpg", file.read())

    again = CustomImage.objects.exclude(pk=photo.pk).get()
    assert answer["chosen"]["id"] == str(again.pk)
    assert answer["duplicate"]["chosen"]["id"] == str(photo.pk)
    assert "already: “Harbour”" in answer["duplicate"]["message"]
    admin_client.post(answer["duplicate"]["use_existing_url"], "{}", content_type="application/json")
    assert list(CustomImage.objects.filter(trashed_at=None)) == [photo]


def test_what_was_uploaded_into_a_folder_without_choosing_is_not_told(
    grant: Callable[..., User], client: Client, archive: Collection, chooser: Chooser
):
    client.force_login(grant(archive, "wagtailimages.add_image", username="nora"))

    answer = send(client, chooser("create", kinds="image"), "new.jpg", photo_bytes())

    assert answer["chosen"] is None
    assert "you may not choose files of its collection" in answer["reason"]


def test_who_may_only_choose_has_nothing_to_upload_with(
    grant: Callable[..., User], client: Client, harbour: Collection, chooser: Chooser, html: Callable[..., str]
):
    client.force_login(grant(harbour, "choose_video", username="nora"))

    assert tus.create(client, 4, "a.mp4", address=chooser("create", kinds="video")).status_code in (302, 403)
    assert "tab-media-upload" not in html(client.get(chooser("choose", kinds="video")))


def test_a_kind_that_the_user_may_not_add_is_refused_before_it_is_sent(
    grant: Callable[..., User], client: Client, harbour: Collection, chooser: Chooser
):
    client.force_login(grant(harbour, "choose_video", "wagtailimages.add_image", username="nora"))

    refused = tus.create(client, 4, "a.mp4", address=chooser("create", kinds="video"))

    assert refused.status_code == 422
    assert "may not add files of this kind (Videos)" in refused.json()["message"]


def test_a_picture_may_become_a_document_where_only_documents_are_chosen(admin_client: Client, chooser: Chooser):
    answer = send(admin_client, chooser("create", kinds="document"), "poster.jpg", photo_bytes())

    assert answer["chosen"]["kind"] == "document"
    assert CustomDocument.objects.get().filename == "poster.jpg"


def test_what_waits_for_its_form_is_no_upload_of_the_page(admin_client: Client, chooser: Chooser):
    tus.create(admin_client, 4, "a.jpg", address=chooser("create", kinds="image"))
    tus.create(admin_client, 4, "b.jpg")

    listed = admin_client.get(tus.UPLOADS).json()["items"]

    assert [upload["filename"] for upload in listed] == ["b.jpg"]


def test_an_upload_of_somebody_else_is_not_told(admin_client: Client, writers: Client, chooser: Chooser):
    theirs = tus.create(admin_client, 4, "a.jpg", address=chooser("create", kinds="image"))["Location"]

    assert writers.get(theirs).status_code == 404
    assert writers.get(chooser("create")).status_code == 404


def test_wagtails_address_takes_files_too(admin_client: Client, small_film: bytes):
    address = reverse("wagtailimages_chooser:create")

    answer = send(admin_client, f"{address}?select_format=true", "new.jpg", photo_bytes())

    select_format = reverse("wagtailimages_chooser:select_format", args=[CustomImage.objects.get().pk])
    assert answer["choose_url"] == f"{select_format}?select_format=true"
    assert "a video (MP4)" in send(admin_client, address, "tide.mp4", small_film)["message"]
