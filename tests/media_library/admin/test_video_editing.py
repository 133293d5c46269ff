from collections.abc import Callable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from media_library.models import Asset, Video
from tests.media import film_bytes


def url(name: str, video: Video) -> str:
    return reverse(f"media_library_videos:{name}", args=(video.pk,))


def test_edit_page_plays_the_finished_film(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    content = admin_client.get(url("edit", film)).content.decode()

    assert "<video" in content
    assert 'preload="metadata"' in content
    assert film.transcodes.get(preset="mp4").url in content
    assert film.transcodes.get(preset="hls").url in content
    assert film.poster_renditions.get(filter_spec="width-320|format-webp").url in content
    assert "320 × 180" in content
    assert "video/mp4" in content


def test_player_of_the_edit_page_has_the_captions(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)
    track = film.tracks.create(
        kind="captions", language="en", label="English", text="WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
    )

    content = admin_client.get(url("edit", film)).content.decode()

    assert f'<track kind="captions" src="{track.file.url}" srclang="en" label="English">' in content


def test_edit_page_gives_no_address_of_the_original(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    assert film.file.name not in admin_client.get(url("edit", film)).content.decode()


def test_edit_page_of_an_unfinished_film_says_that_it_will_come(admin_client: Client, film: Video):
    content = admin_client.get(url("edit", film)).content.decode()

    assert "<video" not in content
    assert "when the film is ready" in content
    assert f'data-asset-preview-url-value="{url("preview", film)}"' in content


def test_preview_holds_the_player_once_the_film_is_ready(
    admin_client: Client, film: Video, develop: Callable[..., None]
):
    before = admin_client.get(url("preview", film)).content.decode()
    develop(film)
    response = admin_client.get(url("preview", film))

    assert "<video" not in before
    assert "<video" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_edit_page_shows_why_a_film_failed(admin_client: Client, film: Video):
    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.FAILED, status_reason="The film has no pictures.")

    content = admin_client.get(url("edit", film)).content.decode()

    assert "The film has no pictures." in content


def test_saving_the_form_changes_the_video_and_notes_it_in_the_history(admin_client: Client, film: Video):
    response = admin_client.post(url("edit", film), {"title": "High tide", "tags": "sea"}, follow=True)

    film = Video.objects.get(pk=film.pk)
    assert response.redirect_chain[-1][0] == "/admin/media/?kind=video"
    assert (film.title, list(film.tags.names())) == ("High tide", ["sea"])
    assert "Edited" in admin_client.get(url("history", film)).content.decode()


def test_saving_without_a_new_file_starts_no_work(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    admin_client.post(url("edit", film), {"title": "High tide"})

    film.refresh_from_db()
    assert (film.version, film.status) == (1, Asset.Status.READY)


def test_new_file_is_a_new_version_that_waits_for_its_workers(
    admin_client: Client, film: Video, develop: Callable[..., None], tmp_path: Path
):
    develop(film)
    upload = SimpleUploadedFile("other.mp4", film_bytes(tmp_path, seconds=0.5))

    admin_client.post(url("edit", film), {"title": film.title, "file": upload})

    film = Video.objects.get(pk=film.pk)
    assert (film.version, film.filename, film.status) == (2, "other.mp4", Asset.Status.UPLOADED)
    page = admin_client.get(url("edit", film)).content.decode()
    assert "This is the former film." in page
    assert 'class="poster-picker"' not in page

    develop(film)
    assert "This is the former film." not in admin_client.get(url("edit", film)).content.decode()


def test_bad_new_file_leaves_the_video_as_it_was(admin_client: Client, film: Video):
    upload = SimpleUploadedFile("other.mp4", b"not a film" * 100)

    response = admin_client.post(url("edit", film), {"title": film.title, "file": upload})

    film.refresh_from_db()
    assert "not recognised" in response.content.decode()
    assert (film.version, film.filename) == (1, "tide.mp4")


def test_delete_page_shows_the_usage_before_it_asks(admin_client: Client, film: Video):
    content = admin_client.get(url("delete", film)).content.decode()

    assert "is referenced 0 times" in content
    assert "It goes to the trash" in content


def test_delete_leads_to_the_trash_and_leaves_the_files(
    admin_client: Client, film: Video, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(url("delete", film))

    assert response.url == reverse("media_library_videos:index")
    assert Video.objects.get().trashed_at
    assert Path(film.file.path).exists()


def test_delete_returns_to_the_listing_it_was_asked_from(admin_client: Client, film: Video):
    listing = reverse("media_library_videos:index") + "?p=2"

    assert admin_client.post(url("delete", film), {"next": listing}).url == listing


def test_usage_page_opens(admin_client: Client, film: Video):
    assert admin_client.get(url("usage", film)).status_code == 200


def test_admin_knows_where_a_video_is_edited(admin_user, film: Video):
    from wagtail.admin.admin_url_finder import AdminURLFinder

    assert AdminURLFinder(admin_user).get_edit_url(film) == url("edit", film)
