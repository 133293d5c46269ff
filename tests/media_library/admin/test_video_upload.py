from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import ProcessingJob, Video
from tests.tus import send

ADD = "/admin/videos/multiple/add/"


def test_page_for_films_leads_to_the_one_for_all_kinds(admin_client: Client):
    answer = admin_client.get(f"{ADD}?collection_id=3", follow=True)
    content = answer.content.decode()

    assert answer.redirect_chain == [("/admin/media/add/?collection_id=3&kind=video", 302)]
    assert "MP4, QuickTime, WebM or Matroska" in content
    assert "JPEG, PNG" not in content
    assert 'accept=".mp4,' in content


def test_upload_makes_a_video_of_the_user_with_its_jobs(
    editor_client: Client, editor: User, harbour: Collection, small_film: bytes
):
    answer = send(editor_client, small_film, "tide.mp4", title="Tide at noon")

    video = Video.objects.get()
    assert answer["asset"]["id"] == video.pk
    assert (video.title, video.filename, video.mime_type) == ("Tide at noon", "tide.mp4", "video/mp4")
    assert (video.uploaded_by_user, video.collection) == (editor, harbour)
    assert video.jobs.count() == 3


def test_upload_is_noted_in_the_history(editor_client: Client, editor: User, small_film: bytes):
    send(editor_client, small_film, "tide.mp4")

    entry = ModelLogEntry.objects.for_instance(Video.objects.get()).get()
    assert (entry.action, entry.user) == ("wagtail.create", editor)


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "empty.mp4", "empty"),
        (b"not a film at all" * 100, "second.mp4", "not recognised"),
    ],
)
def test_what_is_not_a_film_is_refused_and_leaves_nothing(admin_client: Client, data: bytes, name: str, reason: str):
    answer = send(admin_client, data, name)

    assert reason in answer["message"]
    assert not Video.objects.exists()
    assert not ProcessingJob.objects.exists()


def test_very_long_title_is_cut_to_fit(admin_client: Client, small_film: bytes):
    send(admin_client, small_film, "tide.mp4", title="x" * 400)

    assert len(Video.objects.get().title) == 255


def test_same_film_again_is_accepted_with_a_notice(admin_client: Client, film: Video, tmp_path):
    first = send(admin_client, film.file.open().read(), "again.mp4")

    assert first["asset"]["duplicate"]["title"] == film.title


def test_duplicate_in_another_collection_is_not_given_away(editor_client: Client, theirs: Video, small_film: bytes):
    assert send(editor_client, small_film, "tide.mp4")["asset"]["duplicate"] is None


def test_upload_goes_to_the_collection_that_was_chosen(
    grant: Callable[..., User], client: Client, root_collection: Collection, small_film: bytes
):
    boats = root_collection.add_child(name="Boats")
    client.force_login(grant(root_collection, "add_video"))

    send(client, small_film, "tide.mp4", collection=boats.pk)

    assert Video.objects.get().collection == boats
