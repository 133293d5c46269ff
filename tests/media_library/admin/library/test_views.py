"""The page of the library, and the ways that lead to it."""

from collections.abc import Callable

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from blog.models import PostPage
from cms.models import User
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from tests.blog.content import make_blog, make_post
from tests.media import photo_bytes, sound_file

INDEX = "/admin/media/"
RESULTS = "/admin/media/results/"
SUGGESTIONS = "/admin/media/suggestions/"

Shelve = Callable[..., CustomImage]


def words(response) -> str:
    return " ".join(response.content.decode().split())


def titles(response) -> list[str]:
    return [card.asset.title for card in response.context["cards"]]


@pytest.fixture
def writer_client(writer: User) -> Client:
    client = Client()
    client.force_login(writer)
    return client


def test_page_shows_the_facts_of_a_film(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    content = words(admin_client.get(INDEX))

    poster = film.poster_renditions.get(filter_spec="width-320|format-webp")
    playable = film.transcodes.get(preset="webm")
    for shown in (film.title, film.filename, "Ready", "0:01", "Not used", "Root", poster.url, playable.url):
        assert shown in content


def test_page_shows_the_cover_of_a_sound(admin_client: Client, develop: Callable[..., None]):
    audio = Audio(title="Song", file=sound_file("song.mp3", cover=photo_bytes(400, 400)))
    audio.save()
    develop(audio)

    cover = audio.poster_renditions.get(filter_spec="width-320|format-webp").url

    assert cover in words(admin_client.get(INDEX))
    assert admin_client.get("/admin/media/status/", {"ids": audio.pk}).json()["items"][0]["poster"] == cover


def test_picture_is_shown_from_upload_on_and_in_a_larger_size_once_it_is_there(
    admin_client: Client, photo: CustomImage, develop: Callable[..., None]
):
    first = words(admin_client.get(INDEX))
    develop(photo)
    then = words(admin_client.get(INDEX))

    assert photo.renditions.get(filter_spec="max-165x165").url in first
    assert "Waiting" in first
    assert photo.renditions.get(filter_spec="width-320|format-webp").url in then


def test_title_of_an_asset_is_no_markup(admin_client: Client, photo: CustomImage):
    Asset.objects.filter(pk=photo.pk).update(title="<b>Harbour</b>", status_reason="<script>")

    assert "<b>Harbour" not in words(admin_client.get(INDEX))


def test_use_in_drafts_is_counted(admin_client: Client, shelve: Shelve):
    image = shelve("Boat")
    post = make_post(make_blog(), 1, featured_image=image)
    make_post(PostPage.objects.get(pk=post.pk).get_parent().specific, 2, featured_image=image)

    assert "Used in 2 places" in words(admin_client.get(INDEX))


@pytest.mark.parametrize("query", ["", "q=boat&kind=image&unused=true&tag=sea", "duplicate=true", "order=title"])
def test_number_of_queries_does_not_follow_the_number_of_assets(
    admin_client: Client, shelve: Shelve, harbour: Collection, film: Video, sound: Audio, query: str
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(f"{INDEX}?{query}")
        return len(captured)

    blog = make_blog()
    make_post(blog, 1, featured_image=shelve("Boat 1", tags=("sea",), file_hash="a" * 64))
    for number in (2, 3):
        shelve(f"Boat {number}", tags=("sea",), file_hash="a" * 64)
    queries()
    before = queries()
    for number in range(4, 9):
        shelve(f"Boat {number}", tags=("sea", f"tag {number}"), file_hash="a" * 64, collection=harbour)
        harbour.add_child(name=f"Folder {number}")
        harbour = Collection.objects.get(pk=harbour.pk)

    assert queries() == before


def test_page_opens_no_file(
    admin_client: Client, film: Video, photo: CustomImage, develop: Callable[..., None], monkeypatch
):
    develop(film)

    def refuse(*args: object) -> None:
        raise AssertionError("a file was touched")

    for method in ("_open", "size", "exists"):
        monkeypatch.setattr(FileSystemStorage, method, refuse)

    assert film.filename in words(admin_client.get(INDEX))


def test_links_lead_back_to_where_they_came_from(admin_client: Client, shelve: Shelve):
    image = shelve("Boat")

    content = words(admin_client.get(INDEX, {"q": "boat", "kind": "image", "layout": "list"}))

    assert f"/admin/images/{image.pk}/?next=%2Fadmin%2Fmedia%2F%3Fq%3Dboat%26kind%3Dimage" in content


def test_edit_page_leads_back_with_the_filters(admin_client: Client, shelve: Shelve):
    image = shelve("Boat")
    back = f"{INDEX}?q=boat&kind=image"

    data = {"title": "Ship", "tags": "", "next": back}
    response = admin_client.post(reverse("wagtailimages:edit", args=(image.pk,)), data)

    assert response.url == back


def test_layout_and_page_size_are_remembered(admin_client: Client, shelve: Shelve):
    shelve()
    admin_client.get(RESULTS, {"layout": "list", "per_page": "96"})

    response = admin_client.get(INDEX)

    assert "library-cards--list" in words(response)
    assert response.context["page_size"] == 96


@pytest.mark.parametrize("query", ["layout=pile", "per_page=100000", "p=x", "p=-1", "p=99999999999999999999"])
def test_odd_look_is_the_usual_one(admin_client: Client, shelve: Shelve, query: str):
    shelve("Boat")

    assert titles(admin_client.get(f"{INDEX}?{query}")) == ["Boat"]


def test_pages_are_in_the_address(admin_client: Client, shelve: Shelve, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("media_library.admin.library.views.PAGE_SIZES", (2, 4))
    for number in range(3):
        shelve(f"Boat {number}")

    assert titles(admin_client.get(INDEX)) == ["Boat 2", "Boat 1"]
    assert titles(admin_client.get(INDEX, {"p": 2})) == ["Boat 0"]


@pytest.mark.parametrize("address", [INDEX, RESULTS])
def test_wrong_filter_is_told_in_the_page(admin_client: Client, shelve: Shelve, address: str):
    shelve("Boat")

    response = admin_client.get(address, {"kind": "painting"})

    assert response.status_code == 200
    assert "Kind:</strong> Select a valid choice. painting is not one of the available choices." in words(response)
    assert titles(response) == []


def test_filters_are_pills_that_can_be_taken_away(admin_client: Client, harbour: Collection):
    query = {"kind": "image", "collection": harbour.pk, "tag": "sea", "created_from": "2024-05-01", "unused": "true"}

    content = words(admin_client.get(INDEX, query))

    assert content.count("w-pill__remove") == 5
    assert "Clear filters" in content


def test_empty_library_says_what_to_do(admin_client: Client):
    content = words(admin_client.get(INDEX))

    assert "Drag files in here" in content
    assert reverse("media_library_add") in content


def test_search_without_result_says_so_and_offers_a_way_out(admin_client: Client, shelve: Shelve):
    shelve()

    content = words(admin_client.get(INDEX, {"q": "zeppelin"}))

    assert "Nothing matches “zeppelin”" in content
    assert "Clear filters" in content


def test_folders_count_what_is_below_them(admin_client: Client, shelve: Shelve, harbour: Collection):
    docks = harbour.add_child(name="Docks")
    shelve("One", collection=harbour)
    shelve("Two", collection=docks)
    shelve("Three")

    tree = admin_client.get(INDEX, {"collection": docks.pk}).context["tree"]

    (folder,) = tree.folders
    assert (tree.count, folder.count, folder.is_open) == (3, 2, True)
    assert [(one.collection.name, one.count) for one in folder.folders] == [("Docks", 1)]


def test_writer_learns_nothing_of_other_folders(
    writer_client: Client, shelve: Shelve, harbour: Collection, archive: Collection, admin_user: User
):
    shelve("Ours", collection=harbour, tags=("seaside",))
    shelve("Theirs", collection=archive, tags=("seacret",), uploaded_by_user=admin_user)

    response = writer_client.get(INDEX)
    content = words(response)

    assert "1 file" in content
    assert response.context["tree"].count == 1
    for hidden in ("Theirs", "Archive", "seacret", f">{admin_user.username}<"):
        assert hidden not in content
    offered = writer_client.get(SUGGESTIONS, {"q": "sea"}).json()["suggestions"]
    assert offered == [{"kind": "tag", "text": "seaside"}, {"kind": "title", "text": "Ours"}]
    assert writer_client.get(SUGGESTIONS, {"q": "the"}).json() == {"suggestions": []}


def test_what_one_may_only_choose_is_shown_without_a_way_to_edit_it(
    grant: Callable[..., User], shelve: Shelve, harbour: Collection, client: Client
):
    image = shelve("Ours", collection=harbour)
    client.force_login(grant(harbour, "wagtailimages.choose_image"))

    content = words(client.get(INDEX))

    assert "Ours" in content
    assert f"/admin/images/{image.pk}/" not in content


@pytest.mark.parametrize("address", [INDEX, RESULTS, SUGGESTIONS])
def test_visitor_is_asked_to_log_in(client: Client, db: None, address: str):
    assert client.get(address).url.startswith(reverse("wagtailadmin_login"))


def test_who_may_do_nothing_with_media_has_no_library(grant: Callable[..., User], harbour: Collection, client: Client):
    client.force_login(grant(harbour))

    assert client.get(INDEX).url == reverse("wagtailadmin_home")
    assert f'"{INDEX}"' not in words(client.get(reverse("wagtailadmin_home")))


def test_suggestions_are_tags_and_titles_once_each(admin_client: Client, shelve: Shelve):
    for _ in range(2):
        shelve("Harbour at dawn", tags=("harbour",))

    assert admin_client.get(SUGGESTIONS, {"q": "har"}).json() == {
        "suggestions": [{"kind": "tag", "text": "harbour"}, {"kind": "title", "text": "Harbour at dawn"}]
    }


@pytest.mark.parametrize("query", ["", "a\x00b", '"', "x" * 5000, "%", "🚤"])
def test_suggestions_stand_any_sign(admin_client: Client, shelve: Shelve, query: str):
    shelve()

    assert admin_client.get(SUGGESTIONS, {"q": query}).json() == {"suggestions": []}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("wagtailimages:index", "image"),
        ("wagtaildocs:index", "document"),
        ("media_library_videos:index", "video"),
        ("media_library_audio:index", "audio"),
    ],
)
def test_old_listings_lead_to_the_library(admin_client: Client, name: str, kind: str):
    response = admin_client.get(reverse(name), {"q": "sea", "collection_id": "3", "ordering": "title", "p": "2"})

    assert response.url == f"{INDEX}?kind={kind}&q=sea&collection=3"


def test_menu_home_page_and_search_know_one_library(admin_client: Client, shelve: Shelve, film: Video, sound: Audio):
    shelve()

    home = words(admin_client.get(reverse("wagtailadmin_home")))
    search = words(admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "boat"}))

    assert "3 Media files" in home
    assert f"{INDEX}?q=boat" in search
    for gone in ("/admin/images/", "/admin/documents/", "/admin/videos/", "/admin/audio/"):
        assert f'"{gone}"' not in home
        assert f"{gone}?q=boat" not in search


def test_trashed_files_are_not_counted_on_the_home_page(admin_client: Client, shelve: Shelve):
    shelve(trashed_at=timezone.now())

    assert "0 Media files" in words(admin_client.get(reverse("wagtailadmin_home")))


@pytest.mark.parametrize(("kind", "counted"), [("video", "1 video"), ("audio", "1 audio file")])
def test_collection_with_files_cannot_be_deleted_unawares(
    admin_client: Client, ours: Video, our_sound: Audio, harbour: Collection, kind: str, counted: str
):
    content = words(admin_client.get(reverse("wagtailadmin_collections:delete", args=(harbour.pk,))))

    assert counted in content
    assert f"{INDEX}?kind={kind}&amp;collection={harbour.pk}" in content


def test_group_page_offers_permissions_for_films_and_sounds(admin_client: Client, editor: User):
    content = words(admin_client.get(reverse("wagtailusers_groups:edit", args=(editor.groups.get().pk,))))

    for offered in ("Video permissions", "Select videos in choosers", "Audio permissions"):
        assert offered in content


def test_edit_pages_of_all_kinds_say_where_it_is_used(
    admin_client: Client, photo: CustomImage, film: Video, sound: Audio
):
    document = CustomDocument.objects.create(title="Notes", file=sound_file("notes.mp3"))
    names = ("wagtailimages:edit", "media_library_videos:edit", "media_library_audio:edit", "wagtaildocs:edit")

    for name, asset in zip(names, (photo, film, sound, document), strict=True):
        content = words(admin_client.get(reverse(name, args=(asset.pk,))))
        assert f'<a href="{asset.usage_url}"> Used in 0 places </a>' in content
