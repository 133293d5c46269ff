from collections.abc import Callable

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection

from media_library.models import Asset, Video

INDEX = "/admin/videos/"
RESULTS = "/admin/videos/results/"


def titles(response) -> list[str]:
    return [video.title for video in response.context["page_obj"].object_list]


@pytest.fixture
def films(make_video: Callable[..., Video], root_collection: Collection) -> list[Video]:
    return [make_video(root_collection, title) for title in ("Anchor", "Buoy", "Crane")]


def test_listing_shows_the_facts_of_a_film(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    content = admin_client.get(INDEX).content.decode()

    poster = film.poster_renditions.get(filter_spec="width-320|format-webp")
    for shown in (film.title, film.filename, "Ready", "0:01", "Used 0 times", "Root", poster.url):
        assert shown in content


def test_listing_needs_the_same_number_of_queries_for_any_number_of_films(
    admin_client: Client, film: Video, make_video: Callable[..., Video], root_collection: Collection, develop
):
    develop(film)
    admin_client.get(INDEX)
    with CaptureQueriesContext(
        connection,
    ) as with_one:
        admin_client.get(INDEX)
    develop(*(make_video(root_collection, f"Wave {number}") for number in range(4)))

    with CaptureQueriesContext(connection) as with_five:
        admin_client.get(INDEX)

    assert len(with_five) == len(with_one)


def test_listing_opens_no_file(
    admin_client: Client, film: Video, develop: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    develop(film)

    def refuse(*args: object) -> None:
        raise AssertionError("a file was touched")

    for method in ("_open", "size", "exists"):
        monkeypatch.setattr(FileSystemStorage, method, refuse)

    assert film.filename in admin_client.get(INDEX).content.decode()


def test_empty_listing_says_what_to_do(admin_client: Client):
    content = admin_client.get(INDEX).content.decode()

    assert "There are no videos yet" in content
    assert reverse("media_library_videos:add") in content


def test_search_finds_titles_and_file_names_by_their_beginning(admin_client: Client, films: list[Video]):
    assert titles(admin_client.get(RESULTS, {"q": "anc"})) == ["Anchor"]
    assert titles(admin_client.get(RESULTS, {"q": "buoy.mp4"})) == ["Buoy"]


def test_search_without_result_says_so(admin_client: Client, films: list[Video]):
    assert "no videos match" in admin_client.get(RESULTS, {"q": "zeppelin"}).content.decode()


@pytest.mark.parametrize("key", ["title", "status", "duration", "file_size", "created_at", "reference_count"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_listing_can_be_ordered_by_each_column(admin_client: Client, films: list[Video], key: str, sign: str):
    assert sorted(titles(admin_client.get(RESULTS, {"ordering": sign + key}))) == ["Anchor", "Buoy", "Crane"]


def test_listing_is_ordered_by_title_both_ways(admin_client: Client, films: list[Video]):
    assert titles(admin_client.get(RESULTS, {"ordering": "title"})) == ["Anchor", "Buoy", "Crane"]
    assert titles(admin_client.get(RESULTS, {"ordering": "-title"})) == ["Crane", "Buoy", "Anchor"]


@pytest.mark.parametrize("ordering", ["title", "-created_at", "duration", "reference_count"])
def test_search_can_be_ordered(admin_client: Client, films: list[Video], ordering: str):
    assert titles(admin_client.get(RESULTS, {"q": "crane", "ordering": ordering})) == ["Crane"]


def test_listing_is_filtered_by_collection(admin_client: Client, ours: Video, theirs: Video, harbour: Collection):
    assert titles(admin_client.get(RESULTS, {"collection_id": harbour.pk})) == ["Ours"]


def test_listing_is_filtered_by_status(admin_client: Client, films: list[Video]):
    Asset.objects.filter(pk=films[1].pk).update(status=Asset.Status.FAILED)

    assert titles(admin_client.get(RESULTS, {"status": "failed"})) == ["Buoy"]


@pytest.mark.parametrize("query", ["", "anc"])
def test_listing_is_filtered_by_usage(admin_client: Client, films: list[Video], query: str):
    unused = admin_client.get(RESULTS, {"usage_count_max": 0, "q": query})
    used = admin_client.get(RESULTS, {"usage_count_min": 1, "q": query})

    assert "Anchor" in titles(unused)
    assert titles(used) == []


def test_listing_is_cut_into_pages(
    admin_client: Client, make_video: Callable[..., Video], root_collection: Collection
):
    for number in range(31):
        make_video(root_collection, f"Wave {number:02}")

    first, second = admin_client.get(INDEX), admin_client.get(INDEX, {"p": 2})

    assert len(titles(first)) == 30
    assert titles(second) == ["Wave 00"]


def test_home_page_counts_the_videos(admin_client: Client, films: list[Video]):
    assert "3 Videos" in " ".join(admin_client.get(reverse("wagtailadmin_home")).content.decode().split())


def test_search_of_other_things_leads_to_videos(admin_client: Client, films: list[Video]):
    content = admin_client.get(reverse("wagtailimages:index"), {"q": "crane"}).content.decode()

    assert f"{INDEX}?q=crane" in content


def test_collection_with_videos_cannot_be_deleted_unawares(admin_client: Client, ours: Video, harbour: Collection):
    content = admin_client.get(reverse("wagtailadmin_collections:delete", args=(harbour.pk,))).content.decode()

    assert "1 video" in content
    assert f"{INDEX}?collection_id={harbour.pk}" in content


def test_group_page_offers_video_permissions(admin_client: Client, editor):
    group = editor.groups.get()

    content = admin_client.get(reverse("wagtailusers_groups:edit", args=(group.pk,))).content.decode()

    assert "Video permissions" in content
    assert "Select videos in choosers" in content
