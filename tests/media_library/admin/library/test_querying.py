"""What the library shows for each filter, search and order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import Collection

from blog.models import PostPage
from cms.models import User
from media_library import duplicates
from media_library.admin.library.filters import LibraryFilterSet
from media_library.admin.library.querying import library_assets
from media_library.models import Asset, CustomImage, Fingerprint
from tests.blog.content import make_blog, make_post
from tests.media import photo_file

Titles = Callable[..., list[str]]
Shelve = Callable[..., CustomImage]


def test_library_shows_all_kinds_newest_first(titles: Titles, shelve: Shelve, make_video, root_collection):
    shelve("Boat")
    make_video(root_collection, "Tide")

    assert titles() == ["Tide", "Boat"]


def test_kinds_are_chosen_together(titles: Titles, shelve: Shelve, make_video, make_audio, root_collection):
    shelve("Boat")
    make_video(root_collection, "Tide")
    make_audio(root_collection, "Bells")

    assert titles("kind=video") == ["Tide"]
    assert titles("kind=image&kind=video") == ["Tide", "Boat"]


def test_status_is_a_filter(titles: Titles, shelve: Shelve):
    shelve("Boat")
    shelve("Broken", status=Asset.Status.FAILED)

    assert titles("status=failed") == ["Broken"]


def test_folder_holds_what_is_below_it(titles: Titles, shelve: Shelve, harbour: Collection, archive: Collection):
    shelve("Boat", collection=harbour)
    shelve("Crane", collection=harbour.add_child(name="Docks"))
    shelve("Ledger", collection=archive)

    assert titles(f"collection={harbour.pk}") == ["Crane", "Boat"]


def test_tags_narrow_each_other_whatever_their_case(titles: Titles, shelve: Shelve):
    shelve("Boat", tags=("sea", "wood"))
    shelve("Gull", tags=("sea",))

    assert titles("tag=Sea") == ["Gull", "Boat"]
    assert titles("tag=sea&tag=wood") == ["Boat"]
    assert titles("tag=mountain") == []


def test_uploader_is_a_filter(titles: Titles, shelve: Shelve, writer: User, harbour: Collection):
    shelve("Theirs", uploaded_by_user=writer, collection=harbour)
    shelve("Nobody's")

    assert titles(f"uploaded_by={writer.pk}") == ["Theirs"]


@pytest.mark.parametrize("name", ["created", "taken"])
def test_days_are_bounds_that_are_within(titles: Titles, shelve: Shelve, name: str):
    for day in (3, 4, 5, 6):
        shelve(f"Day {day}", **{f"{name}_at": datetime(2024, 5, day, 23, 30, tzinfo=UTC)})

    assert titles(f"{name}_from=2024-05-04&{name}_to=2024-05-05&order=title") == ["Day 4", "Day 5"]


def test_orientation_is_that_of_the_picture_as_seen(titles: Titles, shelve: Shelve):
    for name, width, height in (("Wide", 4, 3), ("Tall", 3, 4), ("Even", 3, 3), ("Sound", None, None)):
        shelve(name, width=width, height=height)

    assert [titles(f"orientation={one}") for one in ("landscape", "portrait", "square")] == [
        ["Wide"],
        ["Tall"],
        ["Even"],
    ]


def test_sizes_follow_each_other_without_a_gap(titles: Titles, shelve: Shelve):
    for size in (0, 999_999, 1_000_000, 9_999_999, 10_000_000, 99_999_999, 100_000_000):
        shelve(str(size), file_size=size)

    found = [titles(f"size={one}&order=smallest") for one in ("small", "medium", "large", "huge")]

    assert found == [["0", "999999"], ["1000000", "9999999"], ["10000000", "99999999"], ["100000000"]]


def test_what_drafts_use_is_not_unused(titles: Titles, shelve: Shelve):
    post = make_post(make_blog(), 1, featured_image=shelve("Live"))
    draft = PostPage.objects.get(pk=post.pk)
    draft.social_image = None
    draft.featured_image = shelve("Drafted")
    draft.save_revision()
    shelve("Alone")

    assert titles("unused=true") == ["Alone"]
    assert titles("unused=false") == ["Drafted", "Live"]


def test_only_pictures_lack_alt_text(titles: Titles, shelve: Shelve, make_video, root_collection):
    shelve("Boat")
    shelve("Silent", alt_text="")
    make_video(root_collection, "Tide")

    assert titles("missing_alt=true") == ["Silent"]


def test_duplicates_are_told_only_of_what_one_may_see(
    titles: Titles, shelve: Shelve, writer: User, harbour: Collection, archive: Collection
):
    shelve("Ours", collection=harbour, file_hash="a" * 64)
    shelve("Theirs", collection=archive, file_hash="a" * 64)
    shelve("Single", collection=harbour, file_hash="b" * 64)
    for title in ("No hash", "No hash, either"):
        shelve(title, collection=harbour, file_hash="")
    # They all show the same boat.
    Fingerprint.objects.all().delete()
    for asset in Asset.objects.all():
        duplicates.find(asset.pk)

    assert titles("duplicate=true") == ["Theirs", "Ours"]
    assert titles("duplicate=true", writer) == []


def test_attention_is_for_failures_rights_and_releases(titles: Titles, shelve: Shelve):
    today = timezone.localdate()
    shelve("Fine", expires_on=today + timedelta(days=300))
    shelve("Failed", status=Asset.Status.FAILED)
    shelve("Expired", expires_on=today - timedelta(days=1))
    shelve("Expiring", expires_on=today + timedelta(days=30))
    shelve("Unsigned", model_release=Asset.ModelRelease.MISSING)

    assert titles("attention=true&order=title") == ["Expired", "Expiring", "Failed", "Unsigned"]


def test_last_day_of_a_right_is_not_over(titles: Titles, shelve: Shelve):
    today = timezone.localdate()
    for title, days in (("Yesterday", -1), ("Today", 0), ("In a month", 30), ("Later", 31)):
        shelve(title, expires_on=today + timedelta(days=days))
    shelve("For ever")

    assert titles("expiring=over") == ["Yesterday"]
    assert titles("expiring=soon&order=oldest") == ["Today", "In a month"]
    assert len(titles("expiring=dated")) == 4


@pytest.mark.parametrize(
    "words",
    ["mizz", "Mizzen bro", "alto", "teak captio", "varnish", "NIKON", "2024-05"],
    ids=["title", "two words", "alt text", "caption", "tag", "metadata", "date"],
)
def test_search_looks_everywhere(titles: Titles, shelve: Shelve, words: str):
    image = shelve("Gull")
    image = shelve("Mizzen broken", alt_text="Seen from aloft, altogether", caption="Of teak, as captions go")
    image.tags.add("varnish")
    CustomImage.objects.filter(pk=image.pk).update(metadata={"camera": "NIKON Z 6", "taken_at": "2024-05-17T10:00:00"})
    CustomImage.objects.get(pk=image.pk).save()

    assert titles(f"q={words}") == ["Mizzen broken"]


@pytest.mark.parametrize("words", ["DSC_0042.jpg", "dsc_0042", "0042", "DSC_00"])
def test_search_finds_file_names_and_parts_of_them(titles: Titles, shelve: Shelve, words: str):
    shelve("Gull")
    CustomImage(title="Tide", file=photo_file("DSC_0042.jpg", width=8, height=8)).save()

    assert titles(f"q={words}") == ["Tide"]


def test_search_goes_with_filters_and_order(titles: Titles, shelve: Shelve, make_video, root_collection):
    for title in ("Boat B", "Boat A"):
        shelve(title)
    make_video(root_collection, "Boat C")

    assert titles("q=boat&kind=image&order=title") == ["Boat A", "Boat B"]


def test_best_match_begins_with_the_words(titles: Titles, shelve: Shelve):
    for title, alt_text in (("Boat", ""), ("Rowing boat", ""), ("Gull", "Above a boat")):
        shelve(title, alt_text=alt_text)

    assert titles("q=boat") == ["Boat", "Rowing boat", "Gull"]
    assert titles("q=boat&order=newest") == ["Gull", "Rowing boat", "Boat"]


@pytest.mark.parametrize(
    "words",
    ['"', 'bo"at', "'", "boat'", "%", "100%", "*", "bo*", "-", "a-b", "OR", "NOT boat", "(", "\\", "🚤", "😀 boat"],
)
def test_search_stands_any_sign(titles: Titles, shelve: Shelve, words: str):
    shelve("Boat")

    params = QueryDict(mutable=True)
    params["q"] = words
    assert titles(params.urlencode()) in ([], ["Boat"])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", "cab"),
        ("oldest", "bac"),
        ("title", "abc"),
        ("title-reversed", "cba"),
        ("largest", "bac"),
        ("smallest", "abc"),
        ("taken", "cab"),
        ("taken-reversed", "acb"),
        ("nonsense", "cab"),
    ],
)
def test_orders(titles: Titles, shelve: Shelve, order: str, expected: str):
    shelve("b", file_size=3)
    shelve("A", file_size=2, taken_at=datetime(2020, 1, 1, tzinfo=UTC))
    shelve("c", file_size=None, taken_at=datetime(2024, 1, 1, tzinfo=UTC))

    assert "".join(titles(f"order={order}")).lower() == expected


WRONG = [
    "kind=painting",
    "status=lost",
    "collection=0",
    "collection=x",
    "collection=99999999999999999999999",
    "uploaded_by=x",
    "uploaded_by=99999999999999999999999",
    "created_from=yesterday",
    "created_from=0001-01-01",
    "created_to=9999-12-31",
    "taken_to=2024-02-31",
    "orientation=diagonal",
    "size=1e400",
    "unused=maybe",
    "missing_alt=2",
    "duplicate=no",
    "attention=x",
    "expiring=x",
    "tag=" + "x" * 101,
    "tag=a%00b",
    "q=a%00b",
    "q=" + "x" * 201,
]


@pytest.mark.parametrize("query", WRONG, ids=range(len(WRONG)))
def test_wrong_parameter_shows_nothing_and_is_told(admin_user: User, shelve: Shelve, query: str):
    shelve()

    filters = LibraryFilterSet(admin_user, QueryDict(query))

    assert not filters.is_valid()
    assert list(filters.qs) == []


def test_nobody_sees_nothing(shelve: Shelve):
    shelve()

    assert list(library_assets(AnonymousUser(), QueryDict())) == []


def test_trash_is_not_in_the_library(titles: Titles, shelve: Shelve, writer: User, harbour: Collection):
    shelve(collection=harbour, trashed_at=timezone.now())

    assert titles() == titles("", writer) == []


def test_writer_finds_only_their_folders_whatever_they_ask(
    titles: Titles, shelve: Shelve, writer: User, harbour: Collection, archive: Collection
):
    shelve("Ours", collection=harbour, alt_text="")
    shelve("Theirs", collection=archive, alt_text="", tags=("sea",))

    for query in ("", "kind=image", "missing_alt=true", "unused=true", "q=theirs", "tag=sea", "order=title"):
        assert "Theirs" not in titles(query, writer)
    assert titles("", writer) == ["Ours"]


def test_folder_of_others_is_as_wrong_as_one_that_is_not_there(writer: User, archive: Collection):
    def message(query: str) -> list[str]:
        return LibraryFilterSet(writer, QueryDict(query)).form.errors["collection"]

    assert message(f"collection={archive.pk}") == message("collection=999999")


def test_uploader_of_others_files_is_as_wrong_as_one_that_is_not_there(
    writer: User, admin_user: User, shelve: Shelve, archive: Collection
):
    shelve("Theirs", collection=archive, uploaded_by_user=admin_user)

    assert "uploaded_by" in LibraryFilterSet(writer, QueryDict(f"uploaded_by={admin_user.pk}")).form.errors
