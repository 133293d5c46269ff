"""What visitors did with an asset: checked when it is told, added up, and kept as counts of nobody."""

import json
import math

import pytest
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import Asset, AssetEngagement, AssetStatistics, CustomImage, Video
from media_library.statistics import counting
from media_library.statistics.buffer import Tally
from media_library.statistics.engagement import MOST_REPEATS, WIDTHS
from media_library.statistics.events import Event, EventType
from tests.media import photo_file

URL = "/api/media/beacon/"

pytestmark = pytest.mark.django_db


def watch(film: Asset, **details) -> dict:
    return {"id": film.pk, "type": "watch", **details}


def test_widths_are_counted_by_steps(tell, engagement, photo):
    tell(*({"id": photo.pk, "type": "view", "width": width} for width in (1, 320, 321, 2560, 2561, 16_384)))
    tell({"id": photo.pk, "type": "view"})

    assert engagement(photo) == {"widths": [2, 1, 0, 0, 0, 1, 2]}
    assert len(WIDTHS) + 1 == 7
    assert AssetStatistics.objects.get().views == 7


def test_clicks_are_counted_by_cells_of_a_grid_with_its_edges(tell, engagement, photo):
    for x, y in [(0, 0), (0.05, 0.05), (1, 0), (0.0, 1.0), (1, 1), (0.42, 0.9), (0.42, 0.9)]:
        tell({"id": photo.pk, "type": "click", "x": x, "y": y})

    clicks = engagement(photo)["clicks"]
    assert {cell: number for cell, number in enumerate(clicks) if number} == {0: 2, 9: 1, 90: 1, 94: 2, 99: 1}
    assert len(clicks) == 100


def test_watching_is_counted_by_tenths_and_added_up(tell, engagement, film):
    Video.objects.filter(pk=film.pk).update(duration=60)
    tell(watch(film, begins=True, tenths=[0, 1], seconds=[6, 2.5, *[0] * 8]))
    tell(watch(film, tenths=[2], seconds=[0, 3.5, 1, *[0] * 7]))
    engagement(film)
    tell(watch(film, begins=True, tenths=[9], seconds=[*[0] * 9, 0.25]))

    assert engagement(film) == {
        "viewings": [2],
        "reached": [1, 1, 1, 0, 0, 0, 0, 0, 0, 1],
        "milliseconds": [6000, 6000, 1000, 0, 0, 0, 0, 0, 0, 250],
        "tellings": [3],
    }
    assert not AssetStatistics.objects.exists()


def test_nobody_can_tell_more_seconds_than_a_film_has_many_times_over(tell, engagement, film):
    Video.objects.filter(pk=film.pk).update(duration=60)
    tell(watch(film, seconds=[86_400] * 10), watch(film, seconds=[1] * 10))

    assert engagement(film)["milliseconds"] == [2 * MOST_REPEATS * 6000] * 10


def test_what_an_asset_cant_have_is_dropped_and_the_rest_counts(tell, engagement, photo, sound):
    tell(watch(photo, begins=True, tenths=[0]), {"id": photo.pk, "type": "click", "x": 0.5, "y": 0.5})
    tell({"id": sound.pk, "type": "click", "x": 0.5, "y": 0.5}, {"id": sound.pk, "type": "view", "width": 300})
    assert list(engagement(photo)) == ["clicks"]
    assert not AssetEngagement.objects.filter(asset=sound.pk).exists()


def test_what_visitors_cant_see_has_no_engagement(tell, photo, root_collection):
    closed = root_collection.add_child(instance=Collection(name="Closed"))
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    private = CustomImage(title="Private", file=photo_file(), collection=closed)
    private.save()
    tell(*({"id": one, "type": "click", "x": 0.1, "y": 0.1} for one in (photo.pk, private.pk, 999_999)))
    counting.buffer.flush()

    assert list(AssetEngagement.objects.values_list("asset", flat=True)) == [photo.pk]


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"type": "view", "width": 0}, "width"),
        ({"type": "view", "width": 16_385}, "width"),
        ({"type": "view", "width": 320.5}, "width"),
        ({"type": "play", "width": True}, "width"),
        ({"type": "click"}, "x and y"),
        ({"type": "click", "x": 0.5}, "x and y"),
        ({"type": "click", "x": 0.5, "y": 1.01}, "x and y"),
        ({"type": "click", "x": -0.1, "y": 0}, "x and y"),
        ({"type": "click", "x": math.nan, "y": 0}, "x and y"),
        ({"type": "click", "x": "0.5", "y": 0.5}, "x and y"),
        ({"type": "click", "x": True, "y": False}, "x and y"),
        ({"type": "watch", "begins": 1}, "begins"),
        ({"type": "watch", "tenths": [10]}, "tenths"),
        ({"type": "watch", "tenths": [-1]}, "tenths"),
        ({"type": "watch", "tenths": [1, 1]}, "named once"),
        ({"type": "watch", "tenths": {"0": 1}}, "tenths"),
        ({"type": "watch", "tenths": [[]]}, "tenths"),
        ({"type": "watch", "seconds": [1] * 9}, "ten numbers"),
        ({"type": "watch", "seconds": [math.inf] * 10}, "ten numbers"),
        ({"type": "watch", "seconds": [86_401] * 10}, "ten numbers"),
        ({"type": "watch", "seconds": ["1"] * 10}, "ten numbers"),
    ],
)
def test_what_cant_have_happened_is_refused_with_what_is_wrong(client, photo, details, reason):
    body = json.dumps({"events": [{"id": photo.pk, **details}]})
    response = client.post(URL, body, content_type="text/plain")

    assert response.status_code == 400
    assert reason in response.json()["detail"]
    assert len(counting.buffer) == 0


def test_thousand_beacons_are_one_row(photo, django_assert_max_num_queries):
    for number in range(1000):
        counting.count([Event(photo.pk, EventType.CLICK, cell=number % 100)])
    with django_assert_max_num_queries(20):
        counting.buffer.flush()

    assert AssetEngagement.objects.get().counts == {"clicks": [10] * 100}
    assert AssetEngagement.objects.get().day == timezone.localdate()


def test_tallies_are_added_without_changing_either():
    one, other = (Tally.of(Event(1, EventType.CLICK, cell=cell)) for cell in (7, 7))
    assert (one + other).counts == {("clicks", 7): 2}
    assert one.counts == other.counts == {("clicks", 7): 1}
