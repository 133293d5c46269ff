"""Public media collections: what is in them, in order, as the same objects as everywhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, ReferenceIndex

from blog.models import BlogIndexPage
from media_library import media_collections
from media_library.models import Asset, Audio, CustomDocument, MediaCollection, Video
from tests.blog.content import block, make_image, make_post

URL = "/api/v2/collections/"

pytestmark = pytest.mark.django_db


def make_document(title: str = "Prices", **values: Any) -> CustomDocument:
    return CustomDocument.objects.create(title=title, file=ContentFile(b"Paper", name="paper.txt"), **values)


def make_collection(title: str, *assets: Asset, **values: Any) -> MediaCollection:
    collection = MediaCollection.objects.create(title=title, **({"is_public": True} | values))
    media_collections.add(collection, assets)
    return collection


def collection_block(collection: MediaCollection, number: int = 0, **values: Any) -> dict[str, Any]:
    value = {"media_collection": collection.pk, "limit": None, "layout": "grid"} | values
    return block("media_collection", value, number)


@pytest.fixture
def closed(root_collection: Collection) -> Collection:
    """A folder for members only."""
    folder = root_collection.add_child(name="Members")
    CollectionViewRestriction.objects.create(collection=folder, restriction_type=CollectionViewRestriction.LOGIN)
    return folder


@pytest.fixture
def root_collection(db: None) -> Collection:
    return Collection.get_first_root_node()


def test_everything_of_any_kind_comes_in_order_as_everywhere(
    client: Client, film: Video, sound: Audio, develop: Callable[..., None]
) -> None:
    image = make_image("Harbour", caption="Of the library")
    develop(image, film, sound)
    collection = make_collection("Summer", sound, make_document(), film, image)
    media_collections.write_caption(collection, collection.items.get(asset=film).pk, "Of this place")

    shown = client.get(f"{URL}{collection.pk}/").json()

    assert [one["meta"]["type"].partition(".")[2] for one in shown["items"]] == [
        "Audio",
        "CustomDocument",
        "Video",
        "CustomImage",
    ]
    assert [one["caption"] for one in shown["items"][2:]] == ["Of this place", "Of the library"]
    assert shown["items"][3] == client.get(f"/api/v2/images/{image.pk}/").json()
    assert shown["count"] == 4
    assert shown["cover"]["title"] == "Harbour"


def test_collections_that_are_not_public_are_not_there(client: Client) -> None:
    secret = make_collection("Secret", is_public=False)

    assert client.get(URL).json()["items"] == []
    assert client.get(f"{URL}{secret.pk}/").status_code == 404
    assert client.get(f"{URL}find/?slug=secret").status_code == 404


def test_closed_folders_and_the_trash_are_left_out_and_not_counted(client: Client, closed: Collection) -> None:
    members, trashed, shown = make_image("Members", collection=closed), make_image("Trashed"), make_image("Shown")
    Asset.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
    collection = make_collection("Summer", members, trashed, shown, cover=members)

    detail = client.get(f"{URL}{collection.pk}/").json()

    assert [one["title"] for one in detail["items"]] == ["Shown"]
    assert (detail["count"], detail["cover"]["title"]) == (1, "Shown")
    listed = client.get(URL).json()["items"][0]
    assert (listed["count"], listed["cover"]["title"]) == (1, "Shown")


def test_a_chosen_cover_stands_for_the_collection(client: Client) -> None:
    first, cover = make_image("First"), make_image("Cover")
    make_collection("Summer", first, cover=cover)
    make_collection("Empty")

    covers = [one["cover"] and one["cover"]["title"] for one in client.get(f"{URL}?order=id").json()["items"]]

    assert covers == ["Cover", None]


def test_collections_are_found_by_kind_slug_and_words(client: Client) -> None:
    make_collection("Summer at sea", description="Low tide")
    kit = make_collection("For the press", kind=MediaCollection.Kind.PRESS_KIT)

    def titles(query: str) -> list[str]:
        return [one["title"] for one in client.get(f"{URL}?{query}").json()["items"]]

    assert titles("kind=press_kit") == ["For the press"]
    assert titles("slug=summer-at-sea") == ["Summer at sea"]
    assert titles("search=tide") == ["Summer at sea"]
    assert client.get(f"{URL}find/?slug=for-the-press")["Location"].startswith(f"{URL}{kit.pk}/")


def test_items_of_a_long_collection_come_in_parts(client: Client) -> None:
    collection = make_collection("Papers", *(make_document(title) for title in "ABCD"))

    part = client.get(f"{URL}{collection.pk}/?offset=1&limit=2").json()

    assert ([one["title"] for one in part["items"]], part["count"]) == (["B", "C"], 4)
    assert client.get(f"{URL}{collection.pk}/?limit=-1").status_code == 400


def test_a_block_shows_the_collection_with_its_first_items(
    client: Client, blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    images = [make_image(title) for title in ("One", "Two", "Three")]
    develop(*images)
    collection = make_collection("Summer", *images)
    hidden = make_collection("Hidden", *images, is_public=False)
    body = [collection_block(collection, 1, limit=2, layout="row"), collection_block(hidden, 2)]
    post = make_post(blog, 1, body=body)

    blocks = client.get(f"/api/v2/pages/{post.pk}/").json()["body"]

    assert len(blocks) == 1
    value = blocks[0]["value"]
    assert [one["title"] for one in value["items"]] == ["One", "Two"]
    assert (value["slug"], value["count"], value["layout"]) == ("summer", 3, "row")
    page = client.get(post.url).content.decode()
    assert page.count('class="gallery__item') == 2
    assert "One" in page and "Hidden" not in page


def test_a_page_is_known_to_use_the_collection(blog: BlogIndexPage) -> None:
    collection = make_collection("Summer")
    post = make_post(blog, 1, body=[collection_block(collection)])

    [(page, _references)] = ReferenceIndex.get_grouped_references_to(collection)

    assert page.pk == post.pk


def queries(client: Client, url: str) -> list[str]:
    cache.clear()
    with CaptureQueriesContext(connection) as context:
        response = client.get(url)
    assert response.status_code == 200, response.content
    return [query["sql"] for query in context.captured_queries]


@pytest.fixture
def write(blog: BlogIndexPage, film: Video, sound: Audio, develop: Callable[..., None]) -> Callable[[range], None]:
    """Collections with one of each kind and one more picture each time, each in a post of its own."""
    develop(film, sound)

    def work(numbers: range) -> None:
        for number in numbers:
            images = [make_image(f"{number}-{one}") for one in range(number + 1)]
            papers = [make_document(f"Paper {number}-{one}") for one in range(number + 1)]
            collection = make_collection(f"Set {number}", film, sound, *images, *papers)
            make_post(blog, number, body=[collection_block(collection, limit=number + 2)])

    return work


@pytest.mark.parametrize("url", [f"{URL}?limit=100", "/api/v2/pages/?type=blog.PostPage&fields=*&limit=100"])
def test_listings_take_the_same_queries_for_few_and_for_many(
    url: str, client: Client, write: Callable[[range], None]
) -> None:
    write(range(1, 3))
    few = queries(client, url)
    write(range(3, 6))
    many = queries(client, url)
    assert len(many) == len(few), "\n".join(many)


def test_details_take_the_same_queries_for_few_and_for_many(client: Client, write: Callable[[range], None]) -> None:
    write(range(1, 4))
    small, _middle, large = MediaCollection.objects.order_by("pk")
    few, many = (queries(client, f"{URL}{one.pk}/") for one in (small, large))
    assert len(many) == len(few), "\n".join(many)
