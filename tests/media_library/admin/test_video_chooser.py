import json
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.telepath import JSContext
from wagtail.models import Collection

from cms.models import User
from media_library.admin.chooser import AdminVideoChooser, VideoChooserBlock
from media_library.models import Video


def url(name: str, *args: object) -> str:
    return reverse(f"media_library_video_chooser:{name}", args=args)


def test_chooser_shows_poster_and_status(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    modal = admin_client.get(url("choose")).json()["html"]

    assert film.poster_renditions.get(filter_spec="width-320|format-webp").url in modal
    assert f'data-asset-status-id-value="{film.pk}"' in modal
    assert "Ready" in modal


def test_chooser_needs_the_same_number_of_queries_for_any_number_of_films(
    admin_client: Client, film: Video, make_video: Callable[..., Video], root_collection: Collection
):
    admin_client.get(url("choose_results"))
    with CaptureQueriesContext(connection) as with_one:
        admin_client.get(url("choose_results"))
    for number in range(4):
        make_video(root_collection, f"Wave {number}")

    with CaptureQueriesContext(connection) as with_five:
        admin_client.get(url("choose_results"))

    assert len(with_five) == len(with_one)


def test_chooser_searches(admin_client: Client, ours: Video, theirs: Video):
    content = admin_client.get(url("choose_results"), {"q": "our"}).content.decode()

    assert "Ours" in content
    assert "Theirs" not in content


def test_chooser_filters_by_collection(admin_client: Client, ours: Video, theirs: Video, harbour: Collection):
    content = admin_client.get(url("choose_results"), {"collection_id": harbour.pk}).content.decode()

    assert "Ours" in content
    assert "Theirs" not in content


def test_empty_chooser_offers_to_upload(admin_client: Client):
    assert "upload one now" in admin_client.get(url("choose")).json()["html"]


def test_chosen_film_comes_with_its_status_and_poster(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    chosen = admin_client.get(url("chosen", film.pk)).json()["result"]

    assert (chosen["id"], chosen["title"], chosen["status"]) == (str(film.pk), "Tide", "ready")
    assert chosen["poster"] == film.poster_renditions.get(filter_spec="width-320|format-webp").url
    assert chosen["edit_url"] == reverse("media_library_videos:edit", args=(film.pk,))


def test_film_uploaded_in_the_chooser_is_chosen_at_once(
    editor_client: Client, editor: User, harbour: Collection, small_film: bytes
):
    answer = editor_client.post(
        url("create"),
        {
            "video-chooser-upload-title": "Tide",
            "video-chooser-upload-file": SimpleUploadedFile("tide.mp4", small_film),
        },
    ).json()

    video = Video.objects.get()
    assert (answer["step"], answer["result"]["id"], answer["result"]["status"]) == (
        "chosen",
        str(video.pk),
        "uploaded",
    )
    assert (video.uploaded_by_user, video.collection) == (editor, harbour)


def test_bad_file_in_the_chooser_is_explained_in_its_form(admin_client: Client):
    answer = admin_client.post(
        url("create"),
        {
            "video-chooser-upload-title": "Tide",
            "video-chooser-upload-file": SimpleUploadedFile("tide.mp4", b"not a film" * 100),
        },
    ).json()

    assert answer["step"] == "reshow_creation_form"
    assert "not recognised" in answer["htmlFragment"]


def test_field_with_a_chosen_film_follows_its_status(film: Video):
    html = AdminVideoChooser().render("video", film.pk, attrs={"id": "id_video"})

    assert "Tide" in html
    assert f'data-asset-status-id-value="{film.pk}"' in html
    assert f'data-asset-poster-id-value="{film.pk}"' in html


def test_field_without_a_film_follows_nothing(db: None):
    html = AdminVideoChooser().render("video", None, attrs={"id": "id_video"})

    chosen = html.partition("<template")[0]
    assert "data-asset-status-id-value" not in chosen


def test_block_gives_the_browser_what_the_field_shows(film: Video):
    block = VideoChooserBlock()

    state = block.get_form_state(film)

    assert (state["id"], state["status"], state["status_label"]) == (film.pk, "uploaded", "Waiting")
    assert "media_library/videos" not in json.dumps(JSContext().pack(block.widget))


def test_block_is_written_into_migrations_by_its_import_path():
    assert VideoChooserBlock().deconstruct() == ("media_library.admin.chooser.VideoChooserBlock", (), {})
