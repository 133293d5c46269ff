"""What resembles an asset, by which reasons, and how much each of them says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Collection, PageViewRestriction
from wagtail.search import index

from blog.models import BlogIndexPage, PostPage
from media_library import fingerprints
from media_library.models import Asset, CustomImage
from media_library.related import Audience, Related, related
from media_library.usage import record
from tests.blog.content import image_block, make_blog, make_post

pytestmark = pytest.mark.django_db

PRINT = 0x0F0F_3C3C_5A5A_9696
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
STRALSUND = {"latitude": 54.3155, "longitude": 13.0902}
ACROSS_THE_SQUARE = {"latitude": 54.3163, "longitude": 13.0913}
ACROSS_THE_SOUND = {"latitude": 54.3306, "longitude": 13.1297}


@pytest.fixture
def asset(root_collection: Collection) -> Callable[..., CustomImage]:
    """The row of a picture that nothing is known of but what is said here."""

    def make(title: str = "Boats", *tags: str, looks: int | None = None, **fields: Any) -> CustomImage:
        row = Asset(title=title, kind="image", status="ready", collection=root_collection, **fields)
        [row] = Asset.objects.bulk_create([row])
        image = CustomImage(asset_ptr=row, file=f"{title}.jpg")
        image.save_base(raw=True)
        image = CustomImage.objects.get(pk=row.pk)
        image.tags.add(*tags)
        if looks is not None:
            fingerprints.record(image, [looks])
        return image

    return make


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


def found(asset: Asset, **options: Any) -> list[Related]:
    return related(asset, Asset.objects.filter(trashed_at=None), **options)


def titles(asset: Asset, **options: Any) -> list[str]:
    return [one.asset.title for one in found(asset, **options)]


def why(asset: Asset, **options: Any) -> dict[str, set[str]]:
    return {one.asset.title: {reason.code for reason in one.reasons} for one in found(asset, **options)}


def score(asset: Asset, title: str) -> float:
    [one] = [one for one in found(asset) if one.asset.title == title]
    return one.score


def test_the_fewer_bits_differ_the_more_alike(asset: Callable) -> None:
    boats = asset(looks=PRINT)
    asset("Farther", looks=PRINT ^ 0b11111111)
    asset("Nearer", looks=PRINT ^ 0b1)
    asset("Other", looks=~PRINT % 2**64)
    assert titles(boats) == ["Nearer", "Farther"]
    assert 0.6 < score(boats, "Farther") < score(boats, "Nearer") < 1


def test_the_same_file_comes_first_and_says_so(asset: Callable) -> None:
    boats = asset(file_hash="a" * 64, looks=PRINT)
    asset("Alike", looks=PRINT)
    asset("Copy", file_hash="a" * 64)
    assert titles(boats) == ["Copy", "Alike"]
    assert why(boats)["Copy"] == {"same_file"}
    assert score(boats, "Copy") == 1


def test_a_rare_tag_says_more_than_one_that_many_have(asset: Callable) -> None:
    boats = asset("Boats", "sea", "schooner")
    asset("Schooner", "schooner")
    for number in range(6):
        asset(f"Sea {number}", "sea")
    assert titles(boats)[0] == "Schooner"
    assert score(boats, "Schooner") > 2 * score(boats, "Sea 0")


def test_a_tag_that_nothing_else_has_takes_nothing_from_the_others(asset: Callable) -> None:
    boats, lone = asset("Boats", "sea"), asset("Lone", "sea", "unique")
    assert score(boats, "Lone") == score(lone, "Boats")


def test_the_nearer_in_time_the_more_alike(asset: Callable) -> None:
    boats = asset(taken_at=NOON)
    asset("Half an hour later", taken_at=NOON + timedelta(minutes=30))
    asset("Before", taken_at=NOON - timedelta(minutes=1))
    asset("Next day", taken_at=NOON + timedelta(days=1))
    assert titles(boats) == ["Before", "Half an hour later"]


def test_on_the_same_spot_on_the_same_day_is_the_same_place(asset: Callable) -> None:
    boats = asset(taken_at=NOON, metadata={"gps": STRALSUND})
    later = NOON + timedelta(hours=5)
    asset("Near", taken_at=later, metadata={"gps": ACROSS_THE_SQUARE})
    asset("Far", taken_at=later, metadata={"gps": ACROSS_THE_SOUND})
    asset("Nowhere", taken_at=later)
    assert why(boats) == {"Near": {"same_place"}}
    assert "54" not in found(boats)[0].why


@pytest.mark.parametrize("city", ["Stralsund", "New York", "Aix-en-Provence", "'s-Hertogenbosch", "São Paulo", "東京"])
def test_in_the_same_city_is_the_same_place_whenever_it_was(city: str, asset: Callable) -> None:
    boats = asset(metadata={"city": city})
    for title, there in (("There", city), ("Other", f"{city} Island"), ("Nowhere", "")):
        index.insert_or_update_object(asset(title, metadata={"city": there}))
    assert why(boats) == {"There": {"same_place"}}


def test_of_a_city_the_newest_are_looked_at(asset: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media_library.related.moment.OF_CITY", 2)
    boats = asset(metadata={"city": "Bergen"})
    for number in range(4):
        index.insert_or_update_object(asset(f"Bergen {number}", metadata={"city": "Bergen"}))
    assert titles(boats) == ["Bergen 3", "Bergen 2"]


def test_a_city_of_signs_alone_is_no_place(asset: Callable) -> None:
    index.insert_or_update_object(asset("Other", metadata={"city": "?!"}))
    assert titles(asset(metadata={"city": "?!"})) == []


def test_several_weak_reasons_are_a_strong_one(asset: Callable) -> None:
    boats = asset("Boats", "sea", taken_at=NOON)
    asset("Both", "sea", taken_at=NOON)
    asset("Tagged", "sea")
    asset("Moment", taken_at=NOON)
    assert titles(boats)[0] == "Both"
    assert max(score(boats, "Tagged"), score(boats, "Moment")) < score(boats, "Both") < 1


def test_alone_together_says_more_than_among_many(asset: Callable, blog: BlogIndexPage) -> None:
    boats, pair = asset(), asset("Pair")
    many = [asset(f"One of many {number}") for number in range(8)]
    make_post(blog, 1, body=[image_block(one) for one in (boats, pair)])
    make_post(blog, 2, body=[image_block(one) for one in (boats, *many)])
    assert titles(boats)[0] == "Pair"
    assert score(boats, "Pair") > score(boats, "One of many 0")


def test_a_draft_uses_together_for_editors_alone(asset: Callable, blog: BlogIndexPage) -> None:
    boats, drafted = asset(), asset("Drafted")
    post = make_post(blog)
    body = PostPage._meta.get_field("body").stream_block
    post.body = body.to_python([image_block(one) for one in (boats, drafted)])
    record(post.save_revision())
    assert why(boats) == {"Drafted": {"used_together"}}
    assert why(boats, audience=Audience.VISITORS) == {}


@pytest.mark.parametrize("state", ["live", "unpublished", "restricted"])
def test_visitors_are_told_of_pages_that_they_may_see(state: str, asset: Callable, blog: BlogIndexPage) -> None:
    boats = asset()
    post = make_post(blog, body=[image_block(one) for one in (boats, asset("Together"))])
    if state == "unpublished":
        post.unpublish()
    elif state == "restricted":
        PageViewRestriction.objects.create(page=blog, restriction_type="login")
    assert titles(boats, audience=Audience.VISITORS) == (["Together"] if state == "live" else [])


def test_visitors_are_not_told_when_and_where_pictures_were_taken(asset: Callable) -> None:
    boats = asset(taken_at=NOON, metadata={"gps": STRALSUND, "city": "Stralsund"})
    asset("Same", taken_at=NOON, metadata={"gps": STRALSUND, "city": "Stralsund"})
    assert why(boats, audience=Audience.VISITORS) == {}
    assert why(boats)["Same"] >= {"same_time", "same_place"}


def test_what_may_not_be_seen_is_left_out_however_alike(asset: Callable, root_collection: Collection) -> None:
    boats = asset("Boats", "sea", looks=PRINT)
    asset("Hidden", "sea", looks=PRINT)
    seen = asset("Seen", "sea")
    shown = Asset.objects.filter(pk__in=[boats.pk, seen.pk])
    assert [one.asset.title for one in related(boats, shown)] == ["Seen"]


def test_what_may_be_seen_is_found_behind_many_that_may_not(asset: Callable) -> None:
    boats = asset("Boats", "sea", looks=PRINT)
    for number in range(3):
        asset(f"Hidden {number}", "sea", looks=PRINT)
    shown = [boats.pk, *(asset(f"Seen {number}", "sea").pk for number in range(2))]
    [best] = related(boats, Asset.objects.filter(pk__in=shown), 1)
    assert best.asset.title == "Seen 1"


def test_of_what_nothing_is_known_nothing_is_related(asset: Callable) -> None:
    asset("Other", "sea", looks=PRINT)
    assert found(asset()) == []


def test_the_number_of_queries_depends_on_nothing(
    asset: Callable, blog: BlogIndexPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def another(number: int) -> CustomImage:
        tags = ["sea", *(f"tag {number}" for number in range(5))]
        made = asset(f"One {number}", *tags, looks=PRINT, taken_at=NOON, metadata={"gps": STRALSUND})
        make_post(blog, number, body=[image_block(made), image_block(boats)])
        return made

    boats = asset(
        "Boats", "sea", looks=PRINT, file_hash="a", taken_at=NOON, metadata={"city": "Stralsund", "gps": STRALSUND}
    )
    another(1)
    found(boats)
    with django_assert_num_queries(15):
        assert len(found(boats)) == 1
    for number in range(2, 5):
        another(number)
    with django_assert_num_queries(15):
        assert len(found(boats)) == 4
