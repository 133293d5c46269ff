"""A simulated audience of 100,000 beacons: what is told of it is what it did, and true within its intervals."""

import json
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from blog.api import experiments as experiments_api
from blog.experiments import counting as outcomes
from blog.experiments.results import results
from blog.models import Experiment, ExperimentCounts
from media_library.api import beacon
from media_library.models import AssetEngagement, Video
from media_library.statistics import counting
from media_library.statistics.buffer import Buffer
from media_library.statistics.engagement import engagement, retention
from media_library.statistics.proportions import share
from media_library.statistics.throttle import Throttle
from tests.blog.content import make_blog, make_image, make_post
from tests.media import film_file

VIEWERS = 50_000
FILMS = 10
READERS = 50_000

STAYING = (1, 0.93, 0.85, 0.74, 0.66, 0.6, 0.55, 0.5, 0.46, 0.41)
"""The share of viewers that see something of each tenth: what is to be found out."""

RATES = {"tried": {"a": 0.05, "b": 0.058}, "same": {"a": 0.05, "b": 0.05}}
"""How often either picture is clicked."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """Written by hand: the threads of many tests would write into each other's database."""
    monkeypatch.setattr(Buffer, "_schedule", lambda self, soon=False: None)
    monkeypatch.setattr(beacon, "_throttle", Throttle())
    monkeypatch.setattr(experiments_api, "_throttle", Throttle())
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"TRUSTED_PROXIES": 1}


def send(client: Client, path: str, address: str, *events: dict) -> int:
    body = json.dumps({"events": events})
    return client.post(path, body, content_type="text/plain", headers={"x-forwarded-for": address}).status_code


def address(random: Random) -> str:
    return f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"


def variant_of(experiment: int, value: str) -> str:
    """As docs/front-end.md says it in words."""
    number = 0x811C9DC5
    for byte in f"{experiment}:{value}".encode():
        number = (number ^ byte) * 0x01000193 % 2**32
    number = (number ^ number >> 16) * 0x85EBCA6B % 2**32
    number = (number ^ number >> 13) * 0xC2B2AE35 % 2**32
    return "a" if number ^ number >> 16 < 2**31 else "b"


def test_curves_of_fifty_thousand_viewers_are_the_one_that_they_were_made_by(client, tmp_path):
    films = [Video(title=f"Tide {number}", file=film_file(tmp_path)) for number in range(FILMS)]
    for film in films:
        film.save()
    Video.objects.update(duration=600)
    random = Random(1927)
    reached = {film.pk: [0] * 10 for film in films}
    for number in range(VIEWERS):
        film, until = films[number % FILMS], random.random()
        tenths = [tenth for tenth, staying in enumerate(STAYING) if until < staying]
        for tenth in tenths:
            reached[film.pk][tenth] += 1
        seconds = [60.0 if tenth in tenths else 0 for tenth in range(10)]
        event = {"id": film.pk, "type": "watch", "begins": True, "tenths": tenths, "seconds": seconds}
        assert send(client, "/api/media/beacon/", address(random), event) == 204
        if number % 5000 == 4999:
            counting.buffer.flush()

    today = timezone.localdate()
    counts = {film.pk: engagement(film.pk, today) for film in films}
    assert {pk: found["reached"] for pk, found in counts.items()} == reached
    assert all(found["viewings"] == [VIEWERS // FILMS] for found in counts.values())
    assert all(found["milliseconds"] == [60_000 * one for one in found["reached"]] for found in counts.values())
    assert AssetEngagement.objects.count() <= 2 * FILMS, "a row for each film and day, however many beacons"
    inside = sum(
        one.lower <= staying <= one.upper
        for found in counts.values()
        for one, staying in zip(retention(found), STAYING, strict=True)
    )
    # At 95%, 95 of 100 do. Those of one film miss together: whoever stays longer is in all of them.
    assert inside >= 0.85 * 10 * FILMS, f"{inside} of {10 * FILMS} intervals hold the truth"


def test_flood_from_one_address_and_forged_ids_count_no_more_than_a_visitor_may(client, film):
    event = {"id": film.pk, "type": "watch", "begins": True, "tenths": [9]}
    answers = [send(client, "/api/media/beacon/", "192.0.2.1", event, event | {"id": 10**9}) for _ in range(2000)]
    counting.buffer.flush()
    # A new minute may have begun in between.
    assert engagement(film.pk, timezone.localdate())["viewings"][0] == answers.count(204) <= 240
    assert set(answers) == {204, 429}
    assert AssetEngagement.objects.count() == 1


def test_difference_of_fifty_thousand_readers_is_the_one_that_they_were_made_by(client):
    post = make_post(make_blog())
    boats, gulls = make_image("Boats"), make_image("Gulls", size=60)
    made = {
        name: Experiment.objects.create(
            name=name, post=post, slot=slot, variant_a=boats, variant_b=gulls, starts_at=timezone.now()
        )
        for name, slot in (("tried", "thumbnail"), ("same", "featured_image"))
    }
    random = Random(1998)
    sent = {name: dict.fromkeys(("a_shown", "a_clicked", "b_shown", "b_clicked"), 0) for name in made}
    for number in range(READERS):
        value = f"{random.getrandbits(128):032x}"
        events = []
        for name, experiment in made.items():
            variant = variant_of(experiment.pk, value)
            kinds = ["shown", "clicked"] if random.random() < RATES[name][variant] else ["shown"]
            for kind in kinds:
                sent[name][f"{variant}_{kind}"] += 1
                events.append({"experiment": experiment.pk, "variant": variant, "type": kind})
        assert send(client, "/api/v2/experiments/", address(random), *events) == 204
        if number % 5000 == 4999:
            outcomes.buffer.flush()

    assert ExperimentCounts.objects.count() <= 4, "a row for each experiment and day, however many beacons"
    found = results(made.values())
    tried, same = found[made["tried"].pk], found[made["same"].pk]
    assert tried.outcomes._asdict() == sent["tried"]
    truth = RATES["tried"]["b"] - RATES["tried"]["a"]
    assert tried.difference.lower <= truth <= tried.difference.upper
    assert tried.a.lower <= RATES["tried"]["a"] <= tried.a.upper
    assert tried.b.lower <= RATES["tried"]["b"] <= tried.b.upper
    assert tried.winner == "b"
    assert same.winner == "", "no difference is shown where there is none"
    # Half of them see either, and which one says nothing of the other experiment.
    halves = share(tried.outcomes.a_shown, READERS)
    assert halves.lower <= 0.5 <= halves.upper
