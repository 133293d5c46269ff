"""The one page for files of all kinds."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, UploadSession, Video
from tests.media import DRAWING, photo_bytes, sound_bytes, transparent_png
from tests.media_library.admin.test_video_permissions import is_refused
from tests.tus import create, describe, patch, post, send

ADD = "/admin/media/add/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def film_and_others(small_film: bytes) -> dict[type[Asset], tuple[bytes, str]]:
    """A file of each kind, and its name."""
    return {
        CustomImage: (photo_bytes(80, 60), "harbour.jpg"),
        Video: (small_film, "tide.mp4"),
        Audio: (sound_bytes("mp3", seconds=0.2), "bells.mp3"),
        CustomDocument: (PDF, "notes.pdf"),
    }


KINDS = pytest.mark.parametrize("kind", [CustomImage, Video, Audio, CustomDocument])


@KINDS
def test_file_is_saved_as_what_its_bytes_are(admin_client: Client, admin_user: User, film_and_others, kind):
    data, name = film_and_others[kind]

    answer = send(admin_client, data, name, title="Named here")

    asset = kind.objects.get()
    assert (answer["state"], answer["asset"]["id"], answer["asset"]["kind"]) == ("finished", asset.pk, kind.KIND)
    assert (asset.kind, asset.title, asset.filename) == (kind.KIND, "Named here", name)
    assert asset.uploaded_by_user == admin_user
    assert ModelLogEntry.objects.for_instance(asset).get().action == "wagtail.create"


@KINDS
def test_what_is_written_below_an_upload_is_saved(admin_client: Client, film_and_others, kind):
    answer = send(admin_client, *film_and_others[kind])

    saved = describe(admin_client, answer, title="Renamed", tags="sea, moon")

    asset = kind.objects.get()
    assert saved["asset"]["title"] == "Renamed"
    assert (asset.title, sorted(asset.tags.names())) == ("Renamed", ["moon", "sea"])


@KINDS
def test_row_shows_a_status_that_keeps_itself_up_to_date(admin_client: Client, film_and_others, kind):
    answer = send(admin_client, *film_and_others[kind])

    assert f'data-asset-status-id-value="{kind.objects.get().pk}"' in answer["asset"]["card"]


@pytest.mark.parametrize(("data", "name"), [(photo_bytes(400, 300), "harbour.jpg"), (DRAWING, "logo.svg")])
def test_row_of_a_picture_shows_it_at_once(admin_client: Client, data: bytes, name: str):
    answer = send(admin_client, data, name)

    thumbnail = CustomImage.objects.get().renditions.get(filter_spec="max-165x165")
    assert thumbnail.url in answer["asset"]["card"]


@KINDS
def test_same_file_again_is_accepted_with_a_notice(admin_client: Client, film_and_others, kind):
    data, name = film_and_others[kind]

    first, second = send(admin_client, data, name, title="First one"), send(admin_client, data, "again-" + name)

    assert first["asset"]["duplicate"] is None
    assert second["asset"]["duplicate"]["id"] == first["asset"]["id"]
    assert second["asset"]["duplicate"]["title"] == "First one"
    assert kind.objects.count() == 2


@pytest.mark.parametrize(
    ("make", "name", "kind"),
    [
        (lambda: DRAWING, "logo.svg", CustomImage),
        (transparent_png, "logo.png", CustomImage),
        (lambda: sound_bytes("wav", seconds=0.2), "bells.wav", Audio),
        (lambda: sound_bytes("m4a", seconds=0.2), "bells.m4a", Audio),
        (lambda: sound_bytes("flac", seconds=0.2), "bells.flac", Audio),
        (lambda: b"Notes of a day by the sea.", "notes.txt", CustomDocument),
        (lambda: b"a,b\n1,2\n", "table.csv", CustomDocument),
    ],
)
def test_kind_is_decided_by_the_file(admin_client: Client, make: Callable[[], bytes], name: str, kind: type[Asset]):
    send(admin_client, make(), name)

    assert [asset.kind for asset in Asset.objects.all()] == [kind.KIND]


def test_general_iso_media_named_as_a_sound_are_a_sound(admin_client: Client, small_film: bytes):
    # Its first bytes are those of any MP4: only its name tells.
    send(admin_client, small_film, "voice.m4a")

    assert [asset.kind for asset in Asset.objects.all()] == ["audio"]


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "notes.txt", "empty"),
        (b"nothing of a film" * 100, "film.mp4", "not recognised"),
        (b"nothing of a sound" * 100, "song.mp3", "not recognised"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100), "scan.jp2", "JPEG 2000"),
        (photo_bytes(80, 60), "harbour.png", "“.jpg”"),
        (photo_bytes()[:4000], "harbour.jpg", "damaged or cut off"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason_and_is_no_document(
    admin_client: Client, data: bytes, name: str, reason: str
):
    answer = send(admin_client, data, name)

    assert reason in answer["message"]
    assert not Asset.objects.exists()


def test_bad_file_fails_alone(admin_client: Client, film_and_others):
    answers = [
        send(admin_client, *film_and_others[Video]),
        send(admin_client, b"nothing of a film" * 100, "second.mp4"),
        send(admin_client, *film_and_others[CustomDocument]),
    ]

    assert ["asset" in answer for answer in answers] == [True, False, True]
    assert Asset.objects.count() == 2


# Who may add what, and where


@pytest.fixture
def photographer(grant: Callable[..., User], harbour: Collection, archive: Collection) -> Client:
    """May add pictures to one collection, and nothing else."""
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.add_image", username="paula"))
    return client


@pytest.mark.parametrize("kind", [Video, Audio, CustomDocument])
def test_user_who_may_add_pictures_only_is_told_so_for_other_files(photographer: Client, film_and_others, kind):
    answer = send(photographer, *film_and_others[kind])

    assert "You may not add files of this kind" in answer["message"]
    assert not Asset.objects.exists()
    assert not UploadSession.objects.exists()
    assert send(photographer, *film_and_others[CustomImage])["state"] == "finished"


def test_page_offers_only_the_kinds_that_the_user_may_add(photographer: Client):
    content = photographer.get(ADD).content.decode()

    assert "JPEG, PNG" in content
    assert "Matroska" not in content
    assert "Any other file" not in content
    assert 'accept=".jpg,' in content


def test_page_says_what_is_accepted_and_how_large(admin_client: Client):
    content = admin_client.get(ADD).content.decode()

    for shown in (
        "SVG, up to 64.0",
        "MP4, QuickTime, WebM or Matroska, up to 2.0",
        "MP3, M4A",
        "Any other file, up to",
    ):
        assert shown in content
    # A document may be any file.
    assert " accept=" not in content


def test_page_has_nothing_inline_of_ours(admin_client: Client):
    main = admin_client.get(ADD).content.decode().partition("<main")[2].partition("</main>")[0]

    assert " style=" not in main
    assert " onclick=" not in main
    assert "<script>" not in main


def test_who_may_add_nothing_finds_neither_page_nor_menu_item(
    grant: Callable[..., User], client: Client, harbour: Collection, photo: CustomImage
):
    client.force_login(grant(harbour, "wagtailimages.choose_image"))

    assert is_refused(client.get(ADD))
    assert is_refused(create(client, 10))
    assert is_refused(client.get("/admin/media/uploads/tray/"))
    assert is_refused(post(client, "/admin/media/uploads/import/", url="https://example.org/a.jpg"))
    assert ADD not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert CustomImage.objects.count() == 1


def test_menu_leads_to_the_page(photographer: Client):
    assert ADD in photographer.get(reverse("wagtailadmin_home")).content.decode()


def test_visitor_is_asked_to_log_in(client: Client, db: None):
    assert client.get(ADD).url.startswith(reverse("wagtailadmin_login"))


def test_file_goes_to_the_chosen_collection(admin_client: Client, harbour: Collection, film_and_others):
    for data, name in film_and_others.values():
        send(admin_client, data, name, collection=harbour.pk)

    assert {asset.collection for asset in Asset.objects.all()} == {harbour}
    assert Asset.objects.count() == 4


@pytest.fixture
def mixed(
    grant: Callable[..., User], harbour: Collection, archive: Collection, film_and_others
) -> Callable[[type[Asset], Collection], dict]:
    """Send a file to a collection as a user who may add pictures to one and films to another."""
    user = grant(harbour, "wagtailimages.add_image", username="mila")
    user.groups.add(grant(archive, "add_video", username="milas-films").groups.get())
    client = Client()
    client.force_login(user)
    assert "Harbour" in client.get(ADD).content.decode()

    def upload(kind: type[Asset], collection: Collection) -> dict:
        return send(client, *film_and_others[kind], collection=collection.pk)

    return upload


def test_permission_is_that_of_the_kind_in_the_chosen_collection(
    mixed: Callable[..., dict], harbour: Collection, archive: Collection
):
    assert mixed(CustomImage, harbour)["state"] == "finished"
    assert mixed(Video, archive)["state"] == "finished"
    assert [(asset.kind, asset.collection) for asset in Asset.objects.order_by("kind")] == [
        ("image", harbour),
        ("video", archive),
    ]


@pytest.mark.parametrize("kind", [CustomImage, Video])
def test_collection_for_other_kinds_is_refused_and_nothing_goes_elsewhere(
    mixed: Callable[..., dict], harbour: Collection, archive: Collection, kind: type[Asset]
):
    answer = mixed(kind, archive if kind is CustomImage else harbour)

    assert "Choose another collection" in answer["message"]
    assert not Asset.objects.exists()


@pytest.mark.parametrize("chosen", ["nonsense", "999999", ""])
def test_collection_that_makes_no_sense_is_refused_in_words_and_can_be_put_right(
    admin_client: Client, harbour: Collection, chosen: str, public_files: Callable[[], set[str]]
):
    data = photo_bytes(80, 60)
    url = create(admin_client, len(data), collection=chosen)["Location"]
    refused = patch(admin_client, url, 0, data)
    state = admin_client.get(url).json()

    assert refused.status_code == 422
    assert refused.json()["message"] == state["reason"] != ""
    assert (state["state"], state["offset"]) == ("received", len(data))
    assert not Asset.objects.exists()
    assert public_files() == set()

    describe(admin_client, state, collection=harbour.pk)
    assert patch(admin_client, url, len(data)).status_code == 204
    assert CustomImage.objects.get().collection == harbour


def test_collection_that_nobody_has_chosen_is_the_first_one(admin_client: Client, harbour: Collection):
    send(admin_client, photo_bytes(80, 60))

    assert CustomImage.objects.get().collection.is_root()
