from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry, UploadedFile

from cms.models import User
from media_library.models import ProcessingJob, Video
from tests.media import photo_bytes

ADD = "/admin/videos/multiple/add/"


def send(client: Client, data: bytes, name: str = "tide.mp4", **fields: object) -> dict:
    return client.post(ADD, {"files[]": SimpleUploadedFile(name, data), **fields}).json()


def test_upload_page_says_what_is_accepted(admin_client: Client):
    content = admin_client.get(ADD).content.decode()

    assert "Drag and drop videos" in content
    assert "MP4, QuickTime, WebM or Matroska" in content
    assert 'accept=".mp4,' in content


def test_upload_page_has_nothing_inline_of_ours(admin_client: Client):
    main = admin_client.get(ADD).content.decode().partition("<main")[2].partition("</main>")[0]

    assert " style=" not in main
    assert " onclick=" not in main


def test_upload_makes_a_video_of_the_user_with_its_jobs(
    editor_client: Client, editor: User, harbour: Collection, small_film: bytes
):
    answer = send(editor_client, small_film, title="Tide at noon")

    video = Video.objects.get()
    assert answer["success"] is True
    assert answer["video_id"] == video.pk
    assert (video.title, video.filename, video.mime_type) == ("Tide at noon", "tide.mp4", "video/mp4")
    assert (video.uploaded_by_user, video.collection) == (editor, harbour)
    assert video.jobs.count() == 3


def test_upload_answers_with_a_form_and_the_status(admin_client: Client, small_film: bytes):
    answer = send(admin_client, small_film)

    pk = answer["video_id"]
    assert f'name="video-{pk}-title"' in answer["form"]
    assert f'data-asset-status-id-value="{pk}"' in answer["form"]
    assert f"video-{pk}-file" not in answer["form"]


def test_upload_is_noted_in_the_history(editor_client: Client, editor: User, small_film: bytes):
    send(editor_client, small_film)

    entry = ModelLogEntry.objects.for_instance(Video.objects.get()).get()
    assert (entry.action, entry.user) == ("wagtail.create", editor)


def test_bad_file_fails_alone_with_a_sentence_for_the_editor(admin_client: Client, small_film: bytes):
    answers = [
        send(admin_client, small_film, "first.mp4"),
        send(admin_client, b"not a film at all" * 100, "second.mp4"),
        send(admin_client, small_film, "third.mp4"),
    ]

    assert [answer["success"] for answer in answers] == [True, False, True]
    assert "not recognised" in answers[1]["error_message"]
    assert sorted(Video.objects.values_list("filename", flat=True)) == ["first.mp4", "third.mp4"]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "empty.mp4", "empty"),
        (photo_bytes(80, 60), "photo.mp4", "a picture (JPEG)"),
    ],
)
def test_what_is_not_a_film_is_refused_and_leaves_nothing(admin_client: Client, data: bytes, name: str, reason: str):
    answer = send(admin_client, data, name)

    assert answer["success"] is False
    assert reason in answer["error_message"]
    assert not Video.objects.exists()
    assert not ProcessingJob.objects.exists()


def test_name_of_a_bad_file_is_no_markup_in_the_message(admin_client: Client, small_film: bytes):
    answer = send(admin_client, small_film, "film.<img src=x onerror=alert(1)>")

    assert answer["success"] is False
    assert "<img" not in answer["error_message"]


def test_refused_upload_is_not_kept_in_public_storage(
    editor_client: Client, archive: Collection, harbour: Collection, small_film: bytes, public_files
):
    harbour.add_child(name="Boats")

    answer = send(editor_client, small_film, collection=archive.pk)

    assert answer["success"] is False
    assert not UploadedFile.objects.exists()
    assert public_files() == set()


def test_very_long_name_becomes_a_title_that_fits(admin_client: Client, small_film: bytes):
    answer = send(admin_client, small_film, title="x" * 400)

    assert answer["success"] is True
    assert len(Video.objects.get().title) == 255


def test_request_without_a_file_is_refused(admin_client: Client):
    assert admin_client.post(ADD, {"title": "Tide"}).status_code == 400


def test_same_film_again_is_accepted_with_a_notice(admin_client: Client, film: Video, tmp_path):
    first = send(admin_client, film.file.open().read(), "again.mp4")

    assert first["success"] is True
    assert first["duplicate"] is True
    assert film.title in first["confirm_duplicate_upload"]


def test_duplicate_in_another_collection_is_not_given_away(editor_client: Client, theirs: Video, small_film: bytes):
    assert send(editor_client, small_film)["duplicate"] is False


def test_form_below_an_upload_saves_what_it_asks_for(editor_client: Client, ours: Video):
    prefix = f"video-{ours.pk}"
    answer = editor_client.post(
        reverse("media_library_videos:edit_uploaded", args=(ours.pk,)),
        {f"{prefix}-title": "High tide", f"{prefix}-tags": "sea, moon", f"{prefix}-alt_text": "Waves"},
    ).json()

    ours = Video.objects.get(pk=ours.pk)
    assert answer == {"success": True, "video_id": ours.pk}
    assert (ours.title, ours.alt_text) == ("High tide", "Waves")
    assert sorted(ours.tags.names()) == ["moon", "sea"]


def test_form_below_an_upload_shows_what_is_missing(editor_client: Client, ours: Video):
    answer = editor_client.post(
        reverse("media_library_videos:edit_uploaded", args=(ours.pk,)), {f"video-{ours.pk}-title": ""}
    ).json()

    assert answer["success"] is False
    assert "This field is required" in answer["form"]


def test_uploaded_video_can_be_deleted_at_once(editor_client: Client, ours: Video, editor: User):
    answer = editor_client.post(reverse("media_library_videos:delete_uploaded", args=(ours.pk,))).json()

    assert answer == {"success": True, "video_id": ours.pk}
    assert Video.objects.get().trashed_by == editor


def test_upload_goes_to_the_collection_that_was_chosen(
    grant: Callable[..., User], client: Client, root_collection: Collection, small_film: bytes
):
    boats = root_collection.add_child(name="Boats")
    client.force_login(grant(root_collection, "add_video"))

    send(client, small_film, collection=boats.pk)

    assert Video.objects.get().collection == boats
