"""Media collections in the admin: who may do what, and that two editors lose nothing of each other's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, ModelLogEntry

from cms.models import User
from media_library import media_collections
from media_library.models import CustomDocument, MediaCollection
from tests.blog.content import block, make_blog, make_image, make_post

NAME = "media_library_media_collections"

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(grant: Callable[..., User], harbour: Collection) -> Client:
    """The browser of a user who may curate, and sees the files of one folder."""
    user = grant(harbour, "wagtaildocs.choose_document", "wagtailimages.choose_image", username="clara")
    curating = Permission.objects.filter(content_type__model="mediacollection")
    user.groups.get().permissions.add(*curating)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def collection(db: None) -> MediaCollection:
    return MediaCollection.objects.create(title="Summer at sea")


@pytest.fixture
def paper(harbour: Collection) -> Callable[..., CustomDocument]:
    def make(title: str, folder: Collection = harbour) -> CustomDocument:
        file = ContentFile(title.encode(), name=f"{title}.txt")
        return CustomDocument.objects.create(title=title, file=file, collection=folder)

    return make


def url(view: str, collection: MediaCollection) -> str:
    return reverse(f"{NAME}:{view}", args=[collection.pk])


def titles(collection: MediaCollection) -> str:
    return "".join(item.asset.title for item in collection.items.select_related("asset"))


def test_a_new_collection_leads_to_the_page_on_which_it_is_filled(curator: Client) -> None:
    data = {"title": "Summer at sea", "slug": "", "kind": "event", "description": "", "cover": "", "is_public": "on"}

    response = curator.post(reverse(f"{NAME}:add"), data)

    made = MediaCollection.objects.get()
    assert response["Location"] == url("edit", made)
    assert (made.slug, made.kind, made.is_public, made.created_by.username) == (
        "summer-at-sea",
        "event",
        True,
        "clara",
    )
    assert curator.get(url("history", made)).status_code == 200


def test_a_slug_that_is_taken_is_told(curator: Client, collection: MediaCollection) -> None:
    data = {"title": "Another", "slug": collection.slug, "kind": "event", "description": "", "cover": ""}

    response = curator.post(reverse(f"{NAME}:add"), data)

    assert response.status_code == 200
    assert MediaCollection.objects.count() == 1


def test_files_are_added_moved_captioned_and_taken_out(curator: Client, collection, paper) -> None:
    a, b, c = paper("A"), paper("B"), paper("C")

    added = curator.post(url("add_item", collection), {"asset": [a.pk, b.pk, c.pk, b.pk]}).json()
    assert (titles(collection), added["count"]) == ("ABC", 3)
    assert added["html"].count("data-item=") == 3
    items = {item.asset.title: item.pk for item in collection.items.all()}

    curator.post(url("move_item", collection), {"item": items["C"], "before": items["A"]})
    assert titles(collection) == "CAB"
    curator.post(url("move_item", collection), {"item": items["C"], "before": ""})
    assert titles(collection) == "ABC"
    curator.post(url("caption_item", collection), {"item": items["A"], "caption": " Low tide "})
    assert collection.items.get(pk=items["A"]).caption == "Low tide"
    assert curator.post(url("remove_item", collection), {"item": items["B"]}).json()["count"] == 2
    assert titles(collection) == "AC"
    assert ModelLogEntry.objects.for_instance(collection).count() == 5


def test_what_somebody_took_out_is_told_with_the_list_as_it_is(curator: Client, collection, paper) -> None:
    a, b = (item.pk for item in media_collections.add(collection, [paper("A"), paper("B")]))
    media_collections.remove(collection, collection.items.filter(pk=a))

    for view, data in (("move", {"item": b, "before": a}), ("remove", {"item": a}), ("caption", {"item": a})):
        response = curator.post(url(f"{view}_item", collection), data)
        assert response.status_code == 409
        assert response.json()["html"].count("data-item=") == 1
        assert "Somebody has taken this out" in response.json()["message"]


def test_other_folders_are_counted_not_shown_and_keep_their_places(
    curator: Client, collection, paper, archive: Collection
) -> None:
    ours, theirs = paper("A"), paper("X", archive)
    _a, x, b = (item.pk for item in media_collections.add(collection, [ours, theirs, paper("B")]))

    page = curator.get(url("edit", collection)).content.decode()
    assert page.count("data-item=") == 2
    assert "1 more file is in a folder that you may not see" in page

    curator.post(url("move_item", collection), {"item": b, "before": _a})
    assert titles(collection) == "BXA"
    assert curator.post(url("remove_item", collection), {"item": x}).status_code == 409
    assert curator.post(url("move_item", collection), {"item": b, "before": x}).status_code == 409
    answer = curator.post(url("add_item", collection), {"asset": paper("Y", archive).pk}).json()
    assert "0 files added" in answer["message"]
    assert titles(collection) == "BXA"


@pytest.mark.parametrize(
    ("view", "data"),
    [
        ("add", {}),
        ("add", {"asset": "x"}),
        ("add", {"asset": "9" * 40}),
        ("move", {"item": "-1"}),
        ("remove", {}),
        ("caption", {"item": "1", "caption": "long" * 200}),
    ],
)
def test_requests_that_make_no_sense_are_400(curator: Client, collection, view: str, data: dict[str, Any]) -> None:
    response = curator.post(url(f"{view}_item", collection), data)

    assert response.status_code == 400
    assert response.json()["message"]


def test_who_may_not_curate_is_kept_out(grant: Callable[..., User], harbour, collection, paper) -> None:
    client = Client()
    client.force_login(grant(harbour, "wagtaildocs.choose_document"))

    assert client.get(reverse(f"{NAME}:index")).status_code == 302
    assert client.get(url("edit", collection)).status_code == 302
    client.post(url("add_item", collection), {"asset": paper("A").pk})
    assert titles(collection) == ""
    assert Client().post(url("add_item", collection), {}).status_code == 302


def test_the_list_shows_number_and_cover_in_as_many_queries_for_many(
    curator: Client, collection, harbour, paper
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert curator.get(reverse(f"{NAME}:index")).status_code == 200
        return len(context)

    image = make_image("Harbour", collection=harbour)
    media_collections.add(collection, [paper("A"), image])
    queries()
    few = queries()
    for number in range(4):
        media_collections.add(MediaCollection.objects.create(title=f"Set {number}"), [image])

    assert queries() == few
    page = curator.get(reverse(f"{NAME}:index") + "?q=summer").content.decode()
    assert image.renditions.get(filter_spec="max-165x165").url in page
    assert "Set 1" not in page


def test_the_page_takes_as_many_queries_for_many_files(curator: Client, collection, paper) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            assert curator.get(url("edit", collection)).status_code == 200
        return len(context)

    media_collections.add(collection, [paper("A")])
    queries()
    few = queries()
    media_collections.add(collection, [paper(title) for title in "BCDEF"])

    assert queries() == few


def test_deleting_a_collection_says_where_it_is_shown(admin_client: Client, collection) -> None:
    collection.is_public = True
    collection.save()
    value = {"media_collection": collection.pk, "limit": None, "layout": "grid"}
    make_post(make_blog(), 1, body=[block("media_collection", value)])

    page = admin_client.get(url("delete", collection)).content.decode()

    assert "is referenced 1 time" in page
    assert "Post 1" in admin_client.get(url("usage", collection)).content.decode()


def test_the_chooser_offers_private_ones_to_curators_only(grant, harbour, curator: Client, collection) -> None:
    MediaCollection.objects.create(title="For everyone", is_public=True)
    writer = Client()
    writer.force_login(grant(harbour, "wagtailimages.choose_image"))
    results = reverse("media_library_media_collection_chooser:choose_results")
    chosen = reverse("media_library_media_collection_chooser:chosen", args=[collection.pk])

    assert "Summer at sea" in curator.get(results).content.decode()
    offered = writer.get(results).content.decode()
    assert "For everyone" in offered and "Summer at sea" not in offered
    assert (curator.get(chosen).status_code, writer.get(chosen).status_code) == (200, 404)


def test_the_page_of_a_file_leads_to_its_collections(curator: Client, collection, harbour, grant) -> None:
    image = make_image("Harbour", collection=harbour)
    media_collections.add(collection, [image])
    admin = User.objects.create_superuser("root", "root@example.org", "a long password")
    client = Client()
    client.force_login(admin)

    page = client.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()

    assert url("edit", collection) in page
    assert "In the media collection “Summer at sea”" in page
