"""Each view against two collections: one where the user may do everything, and one where nothing is theirs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import CustomImage, Video
from tests.media import photo_file
from tests.tus import send

LIBRARY = "/admin/media/"
OBJECT_VIEWS = ("edit", "delete", "usage", "history", "history_results", "preview")


def url(name: str, *args: object) -> str:
    return reverse(f"media_library_videos:{name}", args=args)


def is_refused(response) -> bool:
    """Wagtail sends the user home with a message; scripts get 403."""
    return response.status_code in (403, 404) or (
        response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    )


@pytest.mark.parametrize("view", OBJECT_VIEWS)
def test_editor_opens_a_video_of_their_collection(editor_client: Client, ours: Video, view: str):
    assert editor_client.get(url(view, ours.pk)).status_code == 200


@pytest.mark.parametrize("view", OBJECT_VIEWS)
def test_editor_is_refused_a_video_of_another_collection(editor_client: Client, theirs: Video, view: str):
    assert is_refused(editor_client.get(url(view, theirs.pk)))


@pytest.mark.parametrize("view", OBJECT_VIEWS)
def test_visitor_is_asked_to_log_in(client: Client, ours: Video, view: str):
    response = client.get(url(view, ours.pk))

    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))


@pytest.mark.parametrize("view", ["delete_uploaded", "edit", "delete"])
def test_editor_cannot_post_to_a_video_of_another_collection(editor_client: Client, theirs: Video, view: str):
    response = editor_client.post(url(view, theirs.pk), {"title": "Mine", f"video-{theirs.pk}-title": "Mine"})

    theirs.refresh_from_db()
    assert is_refused(response)
    assert theirs.title == "Theirs"


def test_users_with_only_add_permission_edit_what_they_uploaded_and_nothing_else(
    grant: Callable[..., User], client: Client, harbour: Collection, make_video: Callable[..., Video]
):
    user = grant(harbour, "add_video")
    client.force_login(user)
    mine, other = make_video(harbour, "Mine", uploaded_by_user=user), make_video(harbour, "Other")

    assert client.get(url("edit", mine.pk)).status_code == 200
    assert is_refused(client.get(url("edit", other.pk)))
    assert b"other.mp4" not in client.get(LIBRARY).content


def test_listing_shows_only_videos_that_the_user_may_edit(editor_client: Client, ours: Video, theirs: Video):
    content = editor_client.get(LIBRARY).content.decode()

    assert "ours.mp4" in content
    assert "theirs.mp4" not in content


def test_search_does_not_find_videos_of_other_collections(editor_client: Client, ours: Video, theirs: Video):
    content = editor_client.get(LIBRARY, {"q": "their"}).content.decode()

    assert "theirs.mp4" not in content


def test_collection_filter_offers_no_foreign_collection(
    editor_client: Client, ours: Video, theirs: Video, harbour: Collection
):
    harbour.add_child(name="Boats")

    content = editor_client.get(LIBRARY).content.decode()

    assert "Boats" in content
    assert "Archive" not in content


def test_user_without_any_video_permission_sees_neither_listing_nor_menu_item(
    grant: Callable[..., User], client: Client, harbour: Collection
):
    client.force_login(grant(harbour))

    assert is_refused(client.get(LIBRARY))
    assert is_refused(client.get(url("add")))
    assert f'"{LIBRARY}"' not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_user_without_add_permission_on_the_collection_cannot_upload_there(
    editor_client: Client, harbour: Collection, archive: Collection, small_film: bytes
):
    harbour.add_child(name="Boats")

    answer = send(editor_client, small_film, "tide.mp4", collection=archive.pk)

    assert answer["message"]
    assert not Video.objects.exists()


def test_user_with_one_collection_uploads_into_no_other(
    editor_client: Client, harbour: Collection, archive: Collection, small_film: bytes
):
    send(editor_client, small_film, "tide.mp4", collection=archive.pk)
    assert not Video.objects.exists()

    send(editor_client, small_film, "tide.mp4")
    assert Video.objects.get().collection == harbour


def test_video_cannot_be_moved_to_a_collection_without_add_permission(
    editor_client: Client, ours: Video, harbour: Collection, archive: Collection
):
    harbour.add_child(name="Boats")

    editor_client.post(url("edit", ours.pk), {"title": "Ours", "collection": archive.pk})

    ours.refresh_from_db()
    assert ours.collection == harbour


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_a_video_is_refused_in_the_same_way_as_an_image(
    grant: Callable[..., User], client: Client, harbour: Collection, archive: Collection, theirs: Video, view: str
):
    client.force_login(grant(harbour, "change_video", "wagtailimages.change_image"))
    image = CustomImage(title="Theirs", collection=archive, file=photo_file())
    image.save()

    of_image = client.get(reverse(f"wagtailimages:{view}", args=(image.pk,)))
    of_video = client.get(url(view, theirs.pk))

    assert of_image.status_code == of_video.status_code
    assert of_image.headers.get("Location") == of_video.headers.get("Location")
