import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models.files import originals_storage
from media_library.video.tracks import save_track
from tests.tracks import CAPTIONS, make_track

# Whether any collection is private is asked once a minute.
pytestmark = pytest.mark.django_db

FILM = bytes(range(256)) * 8


@pytest.fixture
def url(settings) -> str:
    storages["default"].save("9/1/720p-0123456789ab.mp4", ContentFile(FILM))
    return f"{settings.MEDIA_URL}9/1/720p-0123456789ab.mp4"


def _body(response) -> bytes:
    return b"".join(response)


def test_developed_file_is_served_with_its_type_and_cached_for_ever(client, url):
    response = client.get(url)

    assert response.status_code == 200
    assert response["Content-Type"] == "video/mp4"
    assert "immutable" in response["Cache-Control"]
    assert _body(response) == FILM


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("9/1/hls-0123456789ab.m3u8", "application/vnd.apple.mpegurl"), ("9/1/storyboard-0123456789ab.vtt", "text/vtt")],
)
def test_what_players_read_has_the_type_that_they_ask_for(client, settings, name, content_type):
    storages["default"].save(name, ContentFile(b"#"))

    assert client.get(f"{settings.MEDIA_URL}{name}")["Content-Type"].startswith(content_type)


def test_player_can_ask_for_a_part(client, url):
    response = client.get(url, headers={"range": "bytes=100-199"})

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 100-199/{len(FILM)}"
    assert _body(response) == FILM[100:200]


def test_front_end_on_another_host_may_read_it(client, url):
    assert client.get(url)["Access-Control-Allow-Origin"] == "*"


def test_captions_are_served(client, film):
    track = make_track(film)
    save_track(track)

    response = client.get(track.file.url)

    assert response["Content-Type"].startswith("text/vtt")
    assert _body(response).decode() == CAPTIONS


def test_unknown_name_is_not_found(client, settings):
    assert client.get(f"{settings.MEDIA_URL}9/1/none.mp4").status_code == 404


def test_upload_that_wagtail_parks_until_its_metadata_are_complete_is_private(client, settings):
    storages["default"].save("wagtail_uploaded_files/IMG_1.jpg", ContentFile(b"GPS"))

    assert client.get(f"{settings.MEDIA_URL}wagtail_uploaded_files/IMG_1.jpg").status_code == 404


@pytest.mark.parametrize("path", ["../originals/image/1/1/secret.jpg", "%2e%2e/originals/image/1/1/secret.jpg"])
def test_originals_cannot_be_reached_from_the_media_folder(client, settings, path):
    originals_storage().save("image/1/1/secret.jpg", ContentFile(b"GPS"))

    assert client.get(f"{settings.MEDIA_URL}{path}").status_code == 404


@pytest.fixture
def privacy(client, settings, photo, root_collection):
    """What the server in front is told of an asset in a collection."""
    settings.MEDIA_SENDFILE = "nginx"
    board = root_collection.add_child(name="Board")
    CollectionViewRestriction.objects.create(collection=board, restriction_type="login")

    def ask(collection: Collection | None = None):
        photo.collection = collection or board.add_child(name="Minutes")
        photo.save()
        return client.get(f"/internal/media/{photo.pk}/")

    return ask


def test_server_in_front_is_told_to_send_what_is_public(privacy, root_collection):
    answer = privacy(root_collection)

    assert (answer.status_code, answer["Cache-Control"]) == (204, "max-age=10")


def test_server_in_front_is_told_to_leave_what_is_below_a_private_collection(privacy):
    answer = privacy()

    assert (answer.status_code, answer["Cache-Control"]) == (403, "max-age=10")


def test_nobody_is_told_what_is_private_where_darkroom_sends_files_itself(client, photo):
    assert client.get(f"/internal/media/{photo.pk}/").status_code == 404


@pytest.fixture
def drawing(client, settings):
    storages["default"].save("9/1/original-0123456789ab.svg", ContentFile(b"<svg><script>alert(1)</script></svg>"))
    return client.get(f"{settings.MEDIA_URL}9/1/original-0123456789ab.svg")


def test_drawing_is_served_as_one(drawing):
    assert drawing["Content-Type"].startswith("image/svg+xml")


def test_drawing_may_run_and_fetch_nothing(drawing):
    policy = {part.split()[0]: part.split()[1:] for part in drawing["Content-Security-Policy"].split("; ")}

    assert policy["default-src"] == ["'none'"]
    assert policy["sandbox"] == []
    assert "script-src" not in policy


def test_browser_is_told_not_to_guess_types(client, url, drawing):
    assert drawing["X-Content-Type-Options"] == client.get(url)["X-Content-Type-Options"] == "nosniff"


def test_film_needs_no_policy(client, url):
    assert "Content-Security-Policy" not in client.get(url)
